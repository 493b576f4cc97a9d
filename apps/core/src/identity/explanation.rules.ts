import type { LinkLevel } from '@lienmach/contracts';
import type { Edge, Node, Resolution, ResolvedPerson } from './evidence.js';
import type { Explanation } from './identity-change.js';
import { weaker } from './person.rules.js';

/** A node as a key of maps and sets. */
export function nodeKey({ identifierId, epoch }: Node): string {
  return `${identifierId} ${epoch}`;
}

/** Why these identifiers are one person, and what else was said of them; null for an id that is nobody's now. */
export function explain(resolution: Pick<Resolution, 'people' | 'conflicts'>, personId: string): Explanation | null {
  const person = resolution.people.find(({ id }) => id === personId);
  if (!person) return null;
  const members = new Set(person.members.map(nodeKey));
  return {
    steps: outwards(person.edges, person.root),
    rejected: resolution.conflicts.filter(({ a, b }) => members.has(nodeKey(a)) || members.has(nodeKey(b))),
  };
}

/**
 * Level between two identifiers of one person (rule I4): the strongest path, as strong as its weakest edge. For sending, where the level towards the
 * id-giving member says nothing. Null when either is no member.
 */
export function levelBetween(person: ResolvedPerson, a: Node, b: Node): LinkLevel | null {
  const members = new Set(person.members.map(nodeKey));
  if (!members.has(nodeKey(a)) || !members.has(nodeKey(b))) return null;
  return pathBetween(person.edges, a, b).reduce<LinkLevel>((level, edge) => weaker(level, edge.level), 'verified');
}

/** The edges from `a` to `b` in a spanning forest; empty when none lead there. */
export function pathBetween(edges: readonly Edge[], a: Node, b: Node): Edge[] {
  const steps = new Map(outwards(edges, a).map((edge) => [nodeKey(edge.b), edge]));
  const path: Edge[] = [];
  for (let step = steps.get(nodeKey(b)); step; step = steps.get(nodeKey(step.a))) path.unshift(step);
  return path;
}

/** Breadth first from a member, neighbours in the order of the edges; each turned so that `a` is the nearer end. */
function outwards(edges: readonly Edge[], start: Node): Edge[] {
  const neighbours = new Map<string, Edge[]>();
  for (const edge of edges) {
    for (const [a, b] of [
      [edge.a, edge.b],
      [edge.b, edge.a],
    ] as const) {
      const key = nodeKey(a);
      const turned = { ...edge, a, b };
      const known = neighbours.get(key);
      if (known) known.push(turned);
      else neighbours.set(key, [turned]);
    }
  }
  const reached = new Set([nodeKey(start)]);
  const steps: Edge[] = [];
  // grows while it is walked
  for (const key of reached) {
    for (const edge of neighbours.get(key) ?? []) {
      const next = nodeKey(edge.b);
      if (reached.has(next)) continue;
      reached.add(next);
      steps.push(edge);
    }
  }
  return steps;
}
