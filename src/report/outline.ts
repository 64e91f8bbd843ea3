/**
 * `outline.json` of a result: what a reader of the result wants to know of its scenario, and of the organization as it
 * was at the start, so that a picture of it needs no further file. The same bytes for the same scenario.
 */
export interface Outline {
  readonly mailflow: 'outline/1';
  /** What simulated 0 is, in ms since 1970 UTC. */
  readonly startUtcMs: number;
  /** New mail arrives for so long. */
  readonly durationMs: number;
  /** Between two rows of `timeline.csv`. */
  readonly sampleEveryMs: number;
  /** In name order. */
  readonly sites: readonly { readonly name: string; readonly hub: boolean }[];
  /** In name order. */
  readonly siteLinks: readonly SiteLinkOutline[];
  /** In name order. */
  readonly servers: readonly ServerOutline[];
}

export interface SiteLinkOutline {
  readonly name: string;
  /** The names of two or more sites. */
  readonly sites: readonly string[];
  readonly cost: number;
}

export interface ServerOutline {
  readonly name: string;
  /** Of an Edge the site it is subscribed to; null where there is none. */
  readonly site: string | null;
  readonly edge: boolean;
}
