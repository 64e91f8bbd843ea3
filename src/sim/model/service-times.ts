import type { Topology } from '../../topology/index.js';
import { type Distribution, deterministic, exponential, lognormalByCv } from '../kernel/index.js';
import type { ServiceDistribution, Settings } from './settings.js';

/** Work whose time is drawn: one mean setting each (CAP-64). Order matters: it is part of the draws. */
export const work = {
  frontEnd: 0,
  categorizer: 1,
  connect: 2,
  relay: 3,
  mailboxDelivery: 4,
  submission: 5,
  outsideConnect: 6,
  outsideAccept: 7,
} as const;
const workCount = Object.keys(work).length;

/** A uniform draw in (0, 1) for an entity and a stage, from nothing but these and its stream's seed. */
export type CounterStream = (entity: number, stage: number) => number;

/**
 * Service times: the server's mean for the work, times a draw with mean 1. The draw is a hash of the message's
 * number, the work and the hop (design section 7): changing one thing never shifts the draws of another, and a
 * second attempt at the same work takes the same time.
 */
export class ServiceTimes {
  readonly #means: Float64Array;
  readonly #unit: readonly Distribution[];
  readonly #draw: CounterStream;

  constructor(topology: Topology, settingsOf: (server: number) => Settings, draw: CounterStream) {
    this.#draw = draw;
    this.#means = new Float64Array(topology.servers.length * workCount);
    this.#unit = topology.servers.map((_, server) =>
      unitDistribution(settingsOf(server).hardware.distribution),
    );
    topology.servers.forEach((_, server) => {
      const { hardware, outside } = settingsOf(server);
      const base = server * workCount;
      this.#means[base + work.frontEnd] = hardware.frontEndTime;
      this.#means[base + work.categorizer] = hardware.categorizerTime;
      this.#means[base + work.connect] = hardware.connectTime;
      this.#means[base + work.relay] = hardware.relayTime;
      this.#means[base + work.mailboxDelivery] = hardware.mailboxDeliveryTime;
      this.#means[base + work.submission] = hardware.submissionTime;
      this.#means[base + work.outsideConnect] = outside.connectTime;
      this.#means[base + work.outsideAccept] = outside.acceptTime;
    });
  }

  /** Time in ms that `server` takes for the work on a message at its `hop`-th Transport service. */
  timeMs(workIndex: number, server: number, message: number, hop: number): number {
    const mean = this.#means[server * workCount + workIndex]!;
    if (mean === 0) return 0;
    return mean * this.#unit[server]!.sample(this.#draw(message, hop * workCount + workIndex));
  }
}

function unitDistribution(distribution: ServiceDistribution): Distribution {
  switch (distribution.kind) {
    case 'exponential':
      return exponential(1);
    case 'deterministic':
      return deterministic(1);
    case 'lognormal':
      return lognormalByCv(1, distribution.cv);
  }
}
