import type { MeasureName } from './options.js';
import type { Spread } from './statistics.js';

/** One line of the result; `value` is null when it could not be measured, and `problem` says why. */
export interface Measure {
  readonly name: MeasureName;
  readonly value: number | null;
  readonly unit: string;
  /** The comparator's median in the same unit; null where the measure has none. */
  readonly comparator: number | null;
  readonly comparatorName: string | null;
  /** value / comparator. */
  readonly ratio: number | null;
  /** Of the value, over the rounds. */
  readonly min: number | null;
  readonly max: number | null;
  readonly rounds: number;
  readonly target: string;
  readonly met: boolean | null;
  readonly detail: string | null;
  readonly problem: string | null;
}

interface Compared {
  readonly name: MeasureName;
  readonly unit: string;
  readonly ours: Spread;
  readonly comparator: Spread;
  readonly comparatorName: string;
  /** What the ratio has to be. */
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly detail?: string;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

export function compared(measured: Compared): Measure {
  const { name, unit, ours, comparator, comparatorName, atLeast, atMost, detail } = measured;
  const ratio = ours.median / comparator.median;
  return {
    name,
    unit,
    comparatorName,
    value: rounded(ours.median),
    comparator: rounded(comparator.median),
    ratio: rounded(ratio),
    min: rounded(ours.min),
    max: rounded(ours.max),
    rounds: ours.rounds,
    target: atMost === undefined ? `≥ ${atLeast} ×` : `≤ ${atMost} ×`,
    met: atMost === undefined ? ratio >= (atLeast ?? 0) : ratio <= atMost,
    detail: [
      detail,
      `${comparatorName}: ${rounded(comparator.min)} to ${rounded(comparator.max)} in ${comparator.rounds} rounds`,
    ]
      .filter(Boolean)
      .join('; '),
    problem: null,
  };
}

export function absolute(name: MeasureName, unit: string, ours: Spread, atMost: number, detail: string): Measure {
  return {
    ...empty(name, unit),
    value: rounded(ours.median),
    min: rounded(ours.min),
    max: rounded(ours.max),
    rounds: ours.rounds,
    target: `≤ ${atMost} ${unit}`,
    met: ours.median <= atMost,
    detail,
  };
}

/** A measure that could not be taken: said so, never left out. */
export function notMeasured(name: MeasureName, error: Error): Measure {
  return { ...empty(name, ''), problem: error.message };
}

const empty = (name: MeasureName, unit: string): Measure => ({
  name,
  unit,
  value: null,
  comparator: null,
  comparatorName: null,
  ratio: null,
  min: null,
  max: null,
  rounds: 0,
  target: '',
  met: null,
  detail: null,
  problem: null,
});
