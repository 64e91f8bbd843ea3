import type { Topology } from '../../topology/index.js';

/** What a site link has while it is slowed down; what is left out stays as it is. */
export interface LinkSlowdown {
  readonly bandwidthBitsPerSecond?: number | undefined;
  /** One way. */
  readonly latencyMs?: number | undefined;
  /** The share of packets lost, 0 to below 1. */
  readonly loss?: number | undefined;
}

/**
 * Bandwidth, latency and loss of each site link now. A slowdown takes the place of what the organization gives a
 * link; of several at once each value is the worst of those that they name (assumption A-slowdowns-worst).
 */
export class LinkConditions {
  /** Infinity: unlimited. */
  readonly bandwidthBitsPerSecond: Float64Array;
  readonly latencyMs: Float64Array;
  readonly loss: Float64Array;
  readonly #topology: Topology;
  readonly #slowdowns: readonly LinkSlowdown[][];

  constructor(topology: Topology) {
    this.#topology = topology;
    this.bandwidthBitsPerSecond = Float64Array.from(
      topology.siteLinks,
      (link) => link.bandwidthBitsPerSecond,
    );
    this.latencyMs = Float64Array.from(topology.siteLinks, (link) => link.latencyMs);
    this.loss = new Float64Array(topology.siteLinks.length);
    this.#slowdowns = topology.siteLinks.map(() => []);
  }

  /** Whether some link has a bandwidth or loses packets, so that transfers may be held up. */
  get anyLimit(): boolean {
    return this.bandwidthBitsPerSecond.some(Number.isFinite) || this.loss.some((loss) => loss > 0);
  }

  begin(link: number, slowdown: LinkSlowdown): void {
    this.#slowdowns[link]!.push(slowdown);
    this.#reckon(link);
  }

  /** @param slowdown - the very object that was given to `begin` */
  end(link: number, slowdown: LinkSlowdown): void {
    const all = this.#slowdowns[link]!;
    const at = all.indexOf(slowdown);
    if (at < 0) return;
    all.splice(at, 1);
    this.#reckon(link);
  }

  #reckon(link: number): void {
    const { bandwidthBitsPerSecond, latencyMs } = this.#topology.siteLinks[link]!;
    const named = (key: keyof LinkSlowdown) =>
      this.#slowdowns[link]!.flatMap(({ [key]: value }) => (value === undefined ? [] : [value]));
    const [bandwidths, latencies] = [named('bandwidthBitsPerSecond'), named('latencyMs')];
    this.bandwidthBitsPerSecond[link] =
      bandwidths.length > 0 ? Math.min(...bandwidths) : bandwidthBitsPerSecond;
    this.latencyMs[link] = latencies.length > 0 ? Math.max(...latencies) : latencyMs;
    this.loss[link] = Math.max(0, ...named('loss'));
  }
}
