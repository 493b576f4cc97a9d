import { IDENTIFIER_TYPES, LINK_LEVELS, type LinkLevel } from '@lienmach/contracts';
import { compare, joinsNobody, nodeOf, type IdentityGraph, type Tie } from './evidence-set.rules.js';
import type { Edge, IdentifierFacts, Member, ResolvedPerson } from './evidence.js';

const TYPE_RANK = new Map(IDENTIFIER_TYPES.map((type, rank) => [type, rank]));
const LEVEL_RANK = new Map(LINK_LEVELS.map((level, rank) => [level, rank]));

/** A first happening that makes an identifier somebody's (rule I10). */
interface First {
  readonly at: number;
  readonly hash: string;
}

/** A path is as strong as its weakest edge (rule I4). */
export function weaker(a: LinkLevel, b: LinkLevel): LinkLevel {
  return LEVEL_RANK.get(a)! < LEVEL_RANK.get(b)! ? a : b;
}

/** Rule I9's order of joining: strength, event time, hash. */
export function compareEdges(a: Edge, b: Edge): number {
  return LEVEL_RANK.get(b.level)! - LEVEL_RANK.get(a.level)! || a.at - b.at || compare(a.hash, b.hash);
}

/**
 * The joined nodes as trees: `parent` and `by` lead from each member towards the member that gives the person's id.
 * Because edges were taken strongest first, the path in the tree is the strongest there is.
 */
export class Forest {
  private readonly parent: number[];
  private readonly by: (Edge | null)[];
  private readonly depth: number[];
  readonly people: ResolvedPerson[] = [];

  constructor(
    private readonly graph: IdentityGraph,
    private readonly joins: readonly Tie[],
  ) {
    this.parent = graph.nodes.map(() => -1);
    this.by = graph.nodes.map(() => null);
    this.depth = graph.nodes.map(() => 0);
    const neighbours: Tie[][] = graph.nodes.map(() => []);
    for (const tie of joins) {
      neighbours[tie.from]!.push(tie);
      neighbours[tie.to]!.push(tie);
    }
    const firsts = firstsOf(graph);
    const seen = new Set<number>();
    for (const start of graph.nodes.keys()) {
      if (seen.has(start)) continue;
      const members = reach(start, neighbours);
      for (const member of members) seen.add(member);
      const root = idGiving(members, graph.facts, firsts);
      if (root !== null) this.people.push(this.grow(root, neighbours));
    }
    this.people.sort((a, b) => compare(a.id, b.id));
  }

  /** Evidence that ties two members of one person; empty when they are one node or in two people. */
  between(a: number, b: number): string[] {
    const path: string[] = [];
    while (a !== b) {
      const deeper = this.depth[a]! >= this.depth[b]! ? a : b;
      const edge = this.by[deeper];
      if (!edge) return [];
      path.push(...edge.evidenceIds);
      if (deeper === a) a = this.parent[a]!;
      else b = this.parent[b]!;
    }
    return path;
  }

  private grow(root: number, neighbours: readonly (readonly Tie[])[]): ResolvedPerson {
    const { nodes, facts } = this.graph;
    const levels = new Map<number, LinkLevel>([[root, 'verified']]);
    // a Map can be added to while it is walked: breadth first, without a queue
    for (const [node, level] of levels) {
      for (const { from, to, edge } of neighbours[node]!) {
        const next = from === node ? to : from;
        if (levels.has(next)) continue;
        levels.set(next, weaker(level, edge.level));
        this.parent[next] = node;
        this.by[next] = edge;
        this.depth[next] = this.depth[node]! + 1;
      }
    }
    const members = [...levels]
      .sort(([a], [b]) => a - b)
      .map(([node, level]): Member => ({ ...nodes[node]!, level, personSeed: facts[node]!.personSeed }));
    const edges = [...levels.keys()].flatMap((node) => this.by[node] ?? []).sort(compareEdges);
    return { id: facts[root]!.personSeed, root: nodeOf(nodes[root]!), members, edges };
  }
}

function reach(start: number, neighbours: readonly (readonly Tie[])[]): number[] {
  const reached = new Set([start]);
  for (const node of reached) {
    for (const { from, to } of neighbours[node]!) reached.add(from === node ? to : from);
  }
  return [...reached];
}

/** The member with the least (first event's time, type rank, hash); null: none has an interaction of its own or verified evidence. */
function idGiving(
  members: readonly number[],
  facts: readonly IdentifierFacts[],
  firsts: readonly (First | null)[],
): number | null {
  let least: number | null = null;
  for (const node of members) {
    if (firsts[node] && (least === null || precedes(node, least))) least = node;
  }
  return least;

  function precedes(a: number, b: number): boolean {
    const order =
      firsts[a]!.at - firsts[b]!.at ||
      TYPE_RANK.get(facts[a]!.type)! - TYPE_RANK.get(facts[b]!.type)! ||
      compare(firsts[a]!.hash, firsts[b]!.hash) ||
      // one record is the first of both its ends
      compare(facts[a]!.id, facts[b]!.id);
    return order < 0;
  }
}

function firstsOf(graph: IdentityGraph): (First | null)[] {
  const firsts: (First | null)[] = graph.facts.map(({ firstOwn }) => firstOwn);
  const consider = (node: number, at: number, hash: string): void => {
    const known = firsts[node];
    if (!known || at < known.at || (at === known.at && compare(hash, known.hash) < 0)) firsts[node] = { at, hash };
  };
  for (const { node, at, hash } of graph.begun) consider(node, at, hash);
  for (const { from, to, edge } of graph.verified) {
    for (const node of [from, to]) {
      // what joins nobody is made nobody by others' evidence: it has only what it did itself
      if (!joinsNobody(graph.facts[node]!)) consider(node, edge.at, edge.hash);
    }
  }
  return firsts;
}
