import type { Dag, Topology } from '../../topology/index.js';

/** Voters of one site, of which all or none can see another site's. */
interface Votes {
  readonly site: number;
  readonly votes: number;
}

/** Who is up and sees whom, as far as votes depend on it. */
export interface VotingConditions {
  isUp(server: number): boolean;
  /** Whether two sites see each other. */
  connected(site: number, other: number): boolean;
}

/** How the votes of a DAG fall. */
export interface DagVotes {
  /** The members of its majority, in name order; empty without one. */
  readonly majority: readonly number[];
  /** Of the largest group of voters that see each other. */
  readonly largest: number;
  /** Of all voters; more than half of them are a majority. */
  readonly all: number;
}

/**
 * The members of a DAG that belong to its majority now: the largest group of voters all of which can see each other,
 * if it has more than half of all votes; nobody otherwise (design section 6, DAGs). Each member has a vote, and the
 * witness one where the members are even in number. A member sees others while its server is up and their sites are
 * connected; the witness is seen by sites connected to its own. Of equally large groups, possible only where sites
 * see each other in a ring, that of the members first in name order wins.
 * Assumptions `A-majority`, `A-witness-site`.
 */
export function majorityOf(
  dag: Dag,
  topology: Topology,
  states: Pick<VotingConditions, 'isUp'>,
  network: Pick<VotingConditions, 'connected'>,
): readonly number[] {
  return countVotes(dag, topology, states, network).majority;
}

/** As `majorityOf`, with the votes it comes from. */
export function countVotes(
  dag: Dag,
  topology: Topology,
  states: Pick<VotingConditions, 'isUp'>,
  network: Pick<VotingConditions, 'connected'>,
): DagVotes {
  const hasWitness = dag.members.length % 2 === 0;
  const up = dag.members.filter((member) => states.isUp(member));
  const voters: Votes[] = [];
  for (const member of up) {
    const { site } = topology.servers[member]!;
    const here = voters.findIndex((each) => each.site === site);
    if (here < 0) voters.push({ site, votes: 1 });
    else voters[here] = { site, votes: voters[here]!.votes + 1 };
  }
  if (hasWitness && dag.witnessSite >= 0) voters.push({ site: dag.witnessSite, votes: 1 });
  // Of equally cheap paths there and back may take different ones: with `least-cost-path` one of them alone may be cut.
  const see = (a: number, b: number) => a === b || (network.connected(a, b) && network.connected(b, a));
  const group = largestGroup(voters, see);
  const all = dag.members.length + (hasWitness ? 1 : 0);
  const largest = votesOf(group);
  if (2 * largest <= all) return { majority: [], largest, all };
  const sites = new Set(group.map(({ site }) => site));
  return { majority: up.filter((member) => sites.has(topology.servers[member]!.site)), largest, all };
}

/** The voters with most votes that all see each other; found at once where all do, by trying where not. */
function largestGroup(
  voters: readonly Votes[],
  see: (site: number, other: number) => boolean,
): readonly Votes[] {
  let best: readonly Votes[] = [];
  const extend = (group: readonly Votes[], candidates: readonly Votes[]): void => {
    if (votesOf(group) + votesOf(candidates) <= votesOf(best)) return;
    const [first, ...others] = candidates;
    if (first === undefined) {
      best = group;
      return;
    }
    extend(
      [...group, first],
      others.filter(({ site }) => see(first.site, site)),
    );
    extend(group, others);
  };
  extend([], voters);
  return best;
}

function votesOf(voters: readonly Votes[]): number {
  return voters.reduce((votes, each) => votes + each.votes, 0);
}
