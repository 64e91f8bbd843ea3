import type { Server, Topology } from '../../../topology/index.js';
import { none } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import { serviceIndex } from '../server-states.js';
import type { Settings } from '../settings.js';

/** What `ShadowPartners` works with. */
type PartnerContext = Pick<
  ModelContext,
  'topology' | 'settingsOf' | 'states' | 'network' | 'sessions' | 'backPressure'
>;

/** The other members of a server's high availability boundary, in name order. */
export interface Boundary {
  readonly remote: readonly number[];
  readonly local: readonly number[];
}

const nobody: Boundary = { remote: [], local: [] };

/**
 * Who takes the shadow copy of what a server accepts (SH-01 to SH-03): another server of its high availability boundary,
 * its DAG or, outside DAGs, its site, by turns; one in another site first, if the setting says so. So many attempts are
 * made; one at a silent server costs the connect time-out, one that is believed dead is passed over (assumption
 * A-shadow-attempts).
 */
export class ShadowPartners {
  /** How long the attempts of the last `choose` that failed have taken, ms. */
  failedMs = 0;
  /** Whether the partner that the last `choose` found is in another site. */
  isRemote = false;
  readonly #context: PartnerContext;
  readonly #boundaries: readonly Boundary[];
  readonly #turns: Int32Array;

  constructor(context: PartnerContext) {
    this.#context = context;
    this.#boundaries = boundariesOf(context.topology, context.settingsOf);
    this.#turns = new Int32Array(context.topology.servers.length);
  }

  /** Whether `server` refuses for the moment what it finds no partner for (SH-03): no Edge, and no hub of 2007 or 2010. */
  isRequired(server: number): boolean {
    const { topology, settingsOf } = this.#context;
    const { rejectMessageOnShadowFailure, shadowRedundancyEnabled } = settingsOf(server).transport;
    return rejectMessageOnShadowFailure && shadowRedundancyEnabled && mayShadow(topology.servers[server]!);
  }

  /** The server that takes a shadow copy from `server` now; `none` if there is none, or none was found. */
  choose(server: number): number {
    this.failedMs = 0;
    this.isRemote = false;
    const { remote, local } = this.#boundaries[server]!;
    if (remote.length + local.length === 0) return none;
    const turn = this.#turns[server]!++;
    const { transport } = this.#context.settingsOf(server);
    if (remote.length > 0) {
      const partner = this.#try(server, remote, turn, transport.maxRetriesForRemoteSiteShadow);
      this.isRemote = partner !== none;
      if (this.isRemote) return partner;
    }
    return this.#try(server, local, turn, transport.maxRetriesForLocalSiteShadow);
  }

  #try(server: number, partners: readonly number[], turn: number, attempts: number): number {
    const { sessions, settingsOf, states, network, topology, backPressure } = this.#context;
    const { liveness } = sessions;
    const { transport } = serviceIndex;
    for (let attempt = 0; attempt < attempts && partners.length > 0; attempt++) {
      const partner = partners[(turn + attempt) % partners.length]!;
      if (!liveness.areAllAlive && liveness.believesDead(server, partner, transport)) continue;
      const isConnected = network.connected(topology.servers[server]!.site, topology.servers[partner]!.site);
      if (isConnected && states.accepts(partner, transport)) {
        if (!backPressure.refusesShadows(partner)) return partner;
      } else if (!isConnected || !states.isUp(partner)) {
        this.failedMs += settingsOf(server).transport.connectTimeout;
        liveness.failed(server, partner, transport);
      } else if (!states.isRunning(partner, transport)) {
        liveness.failed(server, partner, transport);
      }
    }
    return none;
  }
}

/** By server: its boundary, as its own settings let it be used; nobody where it has none (SH-01, SH-08, SH-10). */
export function boundariesOf(
  topology: Topology,
  settingsOf: (server: number) => Settings,
): readonly Boundary[] {
  const members = new Map<string, Server[]>();
  for (const server of topology.servers) {
    if (!mayShadow(server)) continue;
    const name = boundaryName(server);
    const others = members.get(name);
    if (others === undefined) members.set(name, [server]);
    else others.push(server);
  }
  return topology.servers.map((self) => {
    const { shadowRedundancyEnabled, shadowMessagePreferenceSetting: preference } = settingsOf(
      self.index,
    ).transport;
    if (!shadowRedundancyEnabled || !mayShadow(self)) return nobody;
    const others = members.get(boundaryName(self))!.filter((other) => other !== self);
    const indexes = (chosen: readonly Server[]) => chosen.map(({ index }) => index);
    const local = indexes(others.filter(({ site }) => site === self.site));
    const remote = indexes(others.filter(({ site }) => site !== self.site));
    if (preference === 'LocalOnly') return { remote: [], local };
    // SH-03: with one site there is nothing to prefer.
    if (preference === 'RemoteOnly' && remote.length > 0) return { remote, local: [] };
    return { remote, local };
  });
}

/** Edges have no boundary, and servers of 2007 and 2010 shadow otherwise (assumption A-shadows-of-mailbox-servers). */
function mayShadow({ isEdge, isTransport, majorVersion }: Server): boolean {
  return !isEdge && isTransport && majorVersion === 15;
}

function boundaryName({ dag, site, version }: Server): string {
  return `${version} ${dag >= 0 ? `DAG ${dag}` : `site ${site}`}`;
}

/** By server: who may have shadow copies of what it accepts, as its settings let it be. */
export function shadowPartnersOf(
  topology: Topology,
  settingsOf: (server: number) => Settings,
): readonly (readonly number[])[] {
  return boundariesOf(topology, settingsOf).map(({ remote, local }) => [...remote, ...local]);
}
