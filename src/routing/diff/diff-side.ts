import type { Topology } from '../../topology/index.js';
import { compileRoutingTables } from '../compile-routing-tables.js';
import { buildDeliveryGroups, type DeliveryGroups } from '../delivery-group.js';
import type { SitePaths } from '../least-cost-path.js';
import type { RoutingTables } from '../routing-tables.js';

/** Tables keep every answer; after so many questions new ones take over, so that a large diff does not fill memory. */
const questionsBeforeRenewal = 200_000;

/** One of the two organizations that are compared. */
export class DiffSide {
  readonly topology: Topology;
  readonly groups: DeliveryGroups;
  readonly paths: SitePaths;
  #tables: RoutingTables;
  #asked = 0;

  constructor(tables: RoutingTables) {
    this.topology = tables.topology;
    this.groups = buildDeliveryGroups(tables.topology);
    this.paths = tables.paths;
    this.#tables = tables;
  }

  /** The tables to put the next question to. Next hops of earlier ones stay as they are. */
  get tables(): RoutingTables {
    if (++this.#asked % questionsBeforeRenewal === 0) this.#tables = compileRoutingTables(this.topology);
    return this.#tables;
  }
}
