import { textTable } from '../text-table.js';
import type { Machine } from './machine.js';
import type { Measure } from './measure.js';

export interface Report {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly measures: readonly Measure[];
}

const text = (value: number | null): string => (value === null ? '–' : String(value));

function row(measure: Measure): string[] {
  const { name, value, unit, comparator, comparatorName, ratio, min, max, rounds, target, met, problem } = measure;
  if (problem !== null) return [name, 'could not be measured', '', '', '', '', ''];
  return [
    name,
    `${text(value)} ${unit}`,
    comparator === null ? '–' : `${comparatorName} ${comparator}`,
    text(ratio),
    target,
    met ? 'met' : 'MISSED',
    `${text(min)} … ${text(max)}, ${rounds} rounds`,
  ];
}

/** The table for people, with what it means below. */
export function reportTable({ machine, versions, measures }: Report): string {
  const table = textTable(
    ['measure', 'ours (median)', 'comparator', 'ratio', 'target', '', 'ours, spread'],
    measures.map(row),
  );
  const notes = measures.map(({ name, detail, problem }) => `${name}: ${problem ?? detail ?? ''}`);
  const where = `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, load ${machine.loadBefore} before; ${machine.pinning}`;
  const what = Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  return [table, '', ...notes, '', where, what].join('\n');
}
