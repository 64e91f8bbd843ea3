import { type Connector, findByName } from '../../topology/index.js';
import { AddressSpaces } from '../address-space.js';
import type { DiffSide } from './diff-side.js';

/** Why a connector does not come into question for a message. */
export type ConnectorObstacle =
  | 'missing'
  | 'disabled'
  | 'elsewhere'
  | 'too-small'
  | 'out-of-scope'
  | 'out-of-reach';

/** What CN-01 weighs of a connector, seen from a server. */
export interface ConnectorStanding {
  readonly connector: Connector | undefined;
  /** The first that is in its way; null: it could be used. */
  readonly obstacle: ConnectorObstacle | null;
  /** Place of its address space in the order of specificity, from 0, the most specific; Infinity without one. */
  readonly rank: number;
  readonly space: string;
  /** Links to the nearest source site, plus the address space. */
  readonly aggregateCost: number;
  /** -1 for this server itself, 0 for its site, else hops. */
  readonly distance: number;
}

/** Examines single connectors of one side, to say what speaks for one and against another. */
export class ConnectorExaminer {
  readonly #side: DiffSide;
  readonly #spaces: AddressSpaces;
  readonly #spacesOfEdges: AddressSpaces;

  constructor(side: DiffSide) {
    this.#side = side;
    this.#spaces = new AddressSpaces(side.topology, ({ origin }) => origin !== 'edge-inbound');
    this.#spacesOfEdges = new AddressSpaces(side.topology, ({ edgeSite }) => edgeSite !== -1);
  }

  /** @param type - upper case; `domain` is lower case, as `resolveAddress` gives them */
  examine(name: string, server: number, type: string, domain: string, sizeBytes: number): ConnectorStanding {
    const { topology } = this.#side;
    const connector = topology.connectors[findByName(topology.connectors, name)];
    const none = { connector, rank: Number.POSITIVE_INFINITY, space: '', aggregateCost: 0, distance: 0 };
    if (connector === undefined) return { ...none, obstacle: 'missing' };
    if (!connector.enabled) return { ...none, obstacle: 'disabled' };
    const { isEdge } = topology.servers[server]!;
    const { classes } = (isEdge ? this.#spacesOfEdges : this.#spaces).cover(type, domain);
    const rank = classes.findIndex(({ byConnector }) => byConnector.has(connector.index));
    const entry = classes[rank]?.byConnector.get(connector.index);
    if (entry === undefined) return { ...none, obstacle: 'elsewhere' };
    const way = this.#wayTo(connector, server);
    return {
      connector,
      obstacle: sizeBytes > connector.maxMessageSizeBytes ? 'too-small' : way.obstacle,
      rank,
      space: entry.space,
      aggregateCost: entry.cost + way.cost,
      distance: way.distance,
    };
  }

  #wayTo(
    connector: Connector,
    server: number,
  ): { readonly obstacle: ConnectorObstacle | null; readonly cost: number; readonly distance: number } {
    const { topology, groups, paths } = this.#side;
    const { servers } = topology;
    const { site, isEdge } = servers[server]!;
    const here = { obstacle: null, cost: 0 };
    if (isEdge) {
      const isOwn = connector.sourceServers.includes(server);
      return { ...here, obstacle: isOwn ? null : 'missing', distance: -1 };
    }
    if (connector.edgeSite === site) return { ...here, distance: 0 };
    const { members, receivers } = groups.groups[groups.ofConnector[connector.index]!]!;
    if (members.includes(server)) return { ...here, distance: -1 };
    if (connector.scoped && !members.some((member) => servers[member]!.site === site)) {
      return { ...here, obstacle: 'out-of-scope', distance: 0 };
    }
    const nearest = paths.nearest(site, receivers);
    if (nearest === undefined) return { ...here, obstacle: 'out-of-reach', distance: 0 };
    return { obstacle: null, cost: paths.cost(site, nearest.site), distance: paths.hops(site, nearest.site) };
  }
}
