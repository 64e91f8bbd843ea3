import { offTheory } from '../suites/off-theory.js';

/** A workload that every engine runs (`programs/README.md`). */
export interface PeerWorkload {
  /** As the programs call it. */
  readonly name: string;
  /** As tables call it. */
  readonly title: string;
  /** The bench of mailflow's own kernel. */
  readonly bench: 'kernel/mm1' | 'kernel/tandem' | 'kernel/hold-100000' | 'kernel/timeouts';
  /** Customers, events or jobs of a run, as many as the bench has; of a slow engine as many as of a quick run. */
  readonly size: { readonly full: number; readonly quick: number };
  /**
   * Holds the answer of a run of that size against theory, within five standard errors or more.
   * @returns what is wrong, undefined if nothing is
   */
  readonly check: (answer: number, size: number) => string | undefined;
}

const pending = 100_000;
const timeoutShare = 0.05;

/** In the order of tables; the theory is explained where the benches of mailflow's own kernel are. */
export const peerWorkloads: readonly PeerWorkload[] = [
  {
    name: 'mm1',
    title: 'M/M/1',
    bench: 'kernel/mm1',
    size: { full: 1_000_000, quick: 100_000 },
    check: (wait, customers) => offTheory('mean wait', wait, 4, 5 * Math.sqrt(1976 / customers)),
  },
  {
    name: 'tandem',
    title: 'tandem',
    bench: 'kernel/tandem',
    size: { full: 300_000, quick: 30_000 },
    check: (stay, customers) => offTheory('mean stay', stay, 8.7277, 0.35 * Math.sqrt(300_000 / customers)),
  },
  {
    name: 'hold',
    title: 'hold',
    bench: 'kernel/hold-100000',
    size: { full: 1_000_000, quick: 200_000 },
    check: (meanDelays, events) =>
      offTheory('mean delays', meanDelays, events / pending, (5 * Math.sqrt(events)) / pending),
  },
  {
    name: 'timeouts',
    title: 'timeouts',
    bench: 'kernel/timeouts',
    size: { full: 200_000, quick: 50_000 },
    check: (share, jobs) => {
      // So many tries at least as there are jobs.
      const standardError = Math.sqrt((timeoutShare * (1 - timeoutShare)) / jobs);
      return offTheory('share of timeouts', share, timeoutShare, 5 * standardError);
    },
  },
];
