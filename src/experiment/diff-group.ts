import type { ChangeReason, DiffDestination } from '../routing/index.js';
import type { RouteDifference } from './diff-difference.js';

/** Destinations of one kind and delivery group; outside addresses have none in common. */
export interface DestinationSet {
  readonly kind: DiffDestination['kind'];
  /** After, or before where there is none after. */
  readonly group: string | null;
  readonly names: readonly string[];
  /** All that the group serves of that kind. */
  readonly isWhole: boolean;
}

export interface SourceSet {
  /** Null: Edges without a subscription. */
  readonly site: string | null;
  readonly servers: readonly string[];
  /** All that the site has. */
  readonly isWhole: boolean;
}

/** Sources from each of which the routes to each of the destinations belong to the group. */
export interface RouteBlock {
  readonly sources: readonly SourceSet[];
  readonly destinations: readonly DestinationSet[];
  readonly routes: number;
}

/** One of the routes of a group. */
export interface ExampleRoute {
  readonly from: string;
  readonly destination: string;
  /** What decided the change, in the organizations' own names. */
  readonly reasons: readonly ChangeReason[];
}

/** What follows for some routes of a group. */
export interface Consequence {
  readonly routes: number;
  readonly differences: readonly RouteDifference[];
  readonly costs: PathCosts | null;
  readonly example: ExampleRoute;
}

/** Routes that have become others for the same reason. */
export interface RouteChangeGroup {
  readonly kind: 'changed' | 'added' | 'removed';
  readonly routes: number;
  /** What they have in common; empty where the routes are new or gone. */
  readonly differences: readonly RouteDifference[];
  /** Null where `differences` has no path. */
  readonly costs: PathCosts | null;
  /** What follows from that, the most frequent first; never empty, its differences may be. */
  readonly consequences: readonly Consequence[];
  /** Routes of the group beyond these: no more than 100 kinds of consequences are told apart. */
  readonly otherRoutes: number;
  /** Of all routes, those of the common differences first. */
  readonly rules: readonly string[];
  /** The largest first. */
  readonly blocks: readonly RouteBlock[];
}

/** The costs of the paths of several routes. */
export interface PathCosts {
  readonly before: CostRange;
  readonly after: CostRange;
}

export interface CostRange {
  readonly lowest: number;
  readonly highest: number;
}
