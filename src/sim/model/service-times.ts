import type { Topology } from '../../topology/index.js';
import {
  type Distribution,
  deterministic,
  exponential,
  lognormalByCv,
  type Simulation,
  tickMs,
} from '../kernel/index.js';
import type { Processors } from './processors.js';
import type { ServerSlowdowns } from './server-slowdowns.js';
import type { ServerStates } from './server-states.js';
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

/**
 * No work lasts longer: twenty years, more than the longest run with its drain (assumption A-longest-work). It keeps sums
 * of a few times, whatever means, distributions and slowdowns make of them, within what the clock can show.
 */
export const longestWorkMs = 7_305 * 86_400_000;

/** A uniform draw in (0, 1) for an entity and a stage, from nothing but these and its stream's seed. */
export type CounterStream = (entity: number, stage: number) => number;

/** What connecting costs a processor is left out, and what the outside works on is not the server's own. */
const needsProcessor: readonly boolean[] = [true, true, false, true, true, true, false, true];
const isOutsiders: readonly boolean[] = [false, false, false, false, false, false, true, true];

export interface ServiceTimesOptions {
  readonly simulation: Simulation;
  readonly topology: Topology;
  readonly settingsOf: (server: number) => Settings;
  readonly draw: CounterStream;
  readonly processors: Processors;
  readonly slowdowns: ServerSlowdowns;
  readonly states: ServerStates;
}

/**
 * Service times: the server's mean for the work, times a draw with mean 1. The draw is a hash of the message's
 * number, the work and the hop (design section 7): changing one thing never shifts the draws of another, and a
 * second attempt at the same work takes the same time.
 *
 * Each stage also needs `hardware.cpuPerMessage` of its server's processor, which it shares with all the others: a
 * stage ends when both its drawn time is over and its processor work is done (assumption A-processor-beside). Times are
 * asked for when the work begins, once each.
 */
export class ServiceTimes {
  readonly #simulation: Simulation;
  readonly #processors: Processors;
  readonly #slowdowns: ServerSlowdowns;
  readonly #states: ServerStates;
  readonly #means: Float64Array;
  /** Processor work of a message at a stage, ms of one core. */
  readonly #processorMs: Float64Array;
  readonly #unit: readonly Distribution[];
  readonly #draw: CounterStream;

  constructor(options: ServiceTimesOptions) {
    const { topology, settingsOf } = options;
    this.#simulation = options.simulation;
    this.#processors = options.processors;
    this.#slowdowns = options.slowdowns;
    this.#states = options.states;
    this.#draw = options.draw;
    this.#means = new Float64Array(topology.servers.length * workCount);
    this.#processorMs = new Float64Array(topology.servers.length);
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
      this.#processorMs[server] = hardware.cpuPerMessage;
    });
  }

  /**
   * Time in ms that `server` takes, from now, for the work on a message at its `hop`-th Transport service: with the
   * processor's part, where the work has one.
   */
  timeMs(workIndex: number, server: number, message: number, hop: number): number {
    const drawnMs = this.drawnMs(workIndex, server, message, hop);
    return needsProcessor[workIndex]! ? this.withProcessorMs(server, drawnMs) : drawnMs;
  }

  /** The drawn time alone, slowed down with the server; for work that is more than one draw. */
  drawnMs(workIndex: number, server: number, message: number, hop: number): number {
    const mean = this.#means[server * workCount + workIndex]!;
    if (mean === 0) return 0;
    const drawnMs = mean * this.#unit[server]!.sample(this.#draw(message, hop * workCount + workIndex));
    return Math.min(
      isOutsiders[workIndex]! ? drawnMs : drawnMs * this.#slowdowns.factor(server),
      longestWorkMs,
    );
  }

  /**
   * Hands the processor of `server` a message's work at one stage, now.
   * @param otherMs - what else the stage takes, beside it
   * @returns the longer of both, in ms; the processor's part, its wait for a core included, is on a tick
   */
  withProcessorMs(server: number, otherMs: number): number {
    const meanMs = this.#processorMs[server]!;
    // What comes for a server that is silent is lost without work.
    if (meanMs === 0 || !this.#states.isUp(server)) return Math.min(otherMs, longestWorkMs);
    const factor = this.#slowdowns.factor(server);
    const workMs = Math.round(Math.min(meanMs * factor, longestWorkMs) / tickMs) * tickMs;
    return Math.max(
      Math.min(otherMs, longestWorkMs),
      this.#processors.run(server, workMs, this.#simulation.nowMs),
    );
  }

  /** What a time of the server's own is multiplied by now. */
  factor(server: number): number {
    return this.#slowdowns.factor(server);
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
