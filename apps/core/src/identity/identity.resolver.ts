import { corroborate } from './corroboration.rules.js';
import { epochsOf, epochSeed, NO_EPOCHS, type Epochs } from './epoch.rules.js';
import { compare, graphOf, liveEvidence, nodeOf, type IdentityGraph, type Tie } from './evidence-set.rules.js';
import type {
  BegunEpoch,
  Conflict,
  Edge,
  Evidence,
  IdentifierFacts,
  IdentityRules,
  Resolution,
  Standing,
} from './evidence.js';
import { Joining, type Refusal } from './joining.rules.js';
import { compareEdges, Forest } from './person.rules.js';
import { classNow, contestedOf, standingsOf } from './sharing.rules.js';

/**
 * What the resolver reads: one component or several.
 * A component is closed under evidence, retracted and rejected included, but goes no further at a blocked or shared identifier: such a one is a component by
 * itself, and need not be among the facts of others.
 */
export interface IdentityInput {
  readonly identifiers: readonly IdentifierFacts[];
  /** Evidence that names an identifier without facts ties nobody. */
  readonly evidence: readonly Evidence[];
  readonly rules: IdentityRules;
}

/**
 * People, as a pure function of the evidence set (rule I9): no clock, no order of arrival. Repeats by id collapse to their least time; retracted evidence
 * counts as never asserted.
 */
export function resolveIdentity({ identifiers, evidence, rules }: IdentityInput): Resolution {
  const { given, standings, epochs } = lives(identifiers, liveEvidence(evidence), rules);
  const graph = asTheRulesSay(given, standings);
  const joining = new Joining(graph, rules, standings);
  const joins: Tie[] = [];
  const refused: { tie: Tie; refusal: Refusal }[] = [];
  const joinInOrder = (ties: readonly Tie[]): void => {
    for (const tie of [...ties].sort((a, b) => compareEdges(a.edge, b.edge))) {
      const outcome = joining.join(tie);
      if (outcome === true) joins.push(tie);
      else if (outcome !== false) refused.push({ tie, refusal: outcome });
    }
  };
  // strength comes first in I9's order, so verified evidence is all joined before I5 asks which claimants it makes one
  joinInOrder(graph.verified);
  const verifiedSets = graph.nodes.map((_, node) => joining.find(node));
  // as given: a pair that rule I7 stands against is for the join to refuse, so that it is on record
  const { holds, crowded } = corroborate(given, rules, (node) => verifiedSets[node]!);
  joinInOrder(holds);

  const forest = new Forest(graph, joins);
  const apart = ({ from, to }: Tie): boolean => joining.find(from) !== joining.find(to);
  const conflicts = [
    ...refused.filter(({ tie }) => apart(tie)).map(({ tie, refusal }) => conflictOf(tie, refusal, forest)),
    ...crowded
      .filter(({ tie }) => apart(tie))
      .map(({ tie, against }): Conflict => ({ ...tie.edge, because: 'claimed-by-several', against })),
  ].sort((a, b) => compareEdges(a, b) || compare(a.because, b.because));
  return {
    people: forest.people,
    claims: openClaims(graph, joining),
    conflicts,
    standings: [...standings]
      .map(([node, standing]) => ({ ...nodeOf(graph.nodes[node]!), ...standing }))
      .sort((a, b) => compare(a.identifierId, b.identifierId) || a.epoch - b.epoch),
    epochs: begunEpochs(identifiers, epochs),
  };
}

/**
 * The evidence by epochs (rule I13), and what rules I6 and I7 make of each: a number is shared for all time, whoever had it when, and has no epochs then;
 * contested it is within one.
 */
function lives(
  identifiers: readonly IdentifierFacts[],
  live: readonly Evidence[],
  rules: IdentityRules,
): { given: IdentityGraph; standings: ReadonlyMap<number, Standing>; epochs: Epochs } {
  const whole = graphOf(identifiers, live);
  const standings = standingsOf(whole, rules);
  const found = epochsOf(new Map(identifiers.map((one) => [one.id, one])), live, rules);
  if (found.size === 0) return { given: whole, standings, epochs: NO_EPOCHS };
  const lasting = new Map(
    [...standings].flatMap(([node, one]) => (one.is === 'contested' ? [] : [[whole.nodes[node]!.identifierId, one]])),
  );
  const epochs = new Map([...found].filter(([id]) => !lasting.has(id)));
  const given = graphOf(identifiers, live, epochs);
  return { given, standings: contestedOf(given, rules, lasting), epochs };
}

function begunEpochs(identifiers: readonly IdentifierFacts[], epochs: Epochs): BegunEpoch[] {
  const seeds = new Map(identifiers.map(({ id, personSeed }) => [id, personSeed]));
  return [...epochs]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([identifierId, later]) =>
      later.map((epoch, index): BegunEpoch => {
        const { since, because, evidenceIds } = epoch;
        const personSeed = epochSeed(seeds.get(identifierId)!, epoch);
        const until = later[index + 1]?.since ?? null;
        return { identifierId, epoch: index + 2, since, until, because, evidenceIds, personSeed };
      }),
    );
}

/** A number that the rules make shared or blocked is as one whose class says so. */
function asTheRulesSay(graph: IdentityGraph, standings: ReadonlyMap<number, Standing>): IdentityGraph {
  const facts = graph.facts.map((one, node): IdentifierFacts => {
    return { ...one, class: classNow(one, standings.get(node)?.is) };
  });
  return { ...graph, facts };
}

/** Claims whose ends are two people, or somebody and a number that is nobody's yet; not where an agent has said that they differ. */
function openClaims(graph: IdentityGraph, joining: Joining): Edge[] {
  return graph.claims
    .filter(({ from, to }) => joining.find(from) !== joining.find(to) && joining.keptApartBy(from, to).length === 0)
    .map(({ edge }) => edge)
    .sort(compareEdges);
}

function conflictOf({ from, to, edge }: Tie, { because, against, rivals }: Refusal, forest: Forest): Conflict {
  const ties = [
    ...rivals.from.flatMap((rival) => forest.between(from, rival)),
    ...rivals.to.flatMap((rival) => forest.between(to, rival)),
  ];
  return { ...edge, because, against: [...new Set([...against, ...ties])].sort(compare) };
}
