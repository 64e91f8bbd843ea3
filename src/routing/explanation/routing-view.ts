import type { Topology } from '../../topology/index.js';
import type { DeliveryGroups } from '../delivery-group.js';
import type { SitePaths } from '../least-cost-path.js';
import type { OtherPaths } from './other-paths.js';

/** What an explanation looks at besides the answer. */
export interface RoutingView {
  readonly topology: Topology;
  readonly paths: SitePaths;
  /** The paths as the costs of Active Directory alone would have them (AS-03); absent where these are the same. */
  readonly plainPaths?: SitePaths | undefined;
  readonly groups: DeliveryGroups;
  /** What is kept from one explanation to the next; absent: nothing. */
  readonly otherPaths?: OtherPaths | undefined;
}
