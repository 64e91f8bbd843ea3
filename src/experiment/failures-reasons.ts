import type { NextHop, RoutingTables } from '../routing/index.js';
import type { Dag } from '../topology/index.js';
import type { Aftermath } from './failures-aftermath.js';
import type { Obstacle } from './failures-walk.js';

/** Says why mail does not get to where it did, in names. */
export class FailureReasons {
  readonly #tables: RoutingTables;
  readonly #aftermath: Aftermath;

  constructor(tables: RoutingTables, aftermath: Aftermath) {
    this.#tables = tables;
    this.#aftermath = aftermath;
  }

  /** Why no server has a database mounted. */
  dismounted(database: number): string {
    const { servers, databases, dags } = this.#tables.topology;
    const { copies, dag } = databases[database]!;
    const holder = servers[copies[0]!]!.name;
    if (dag === -1) return `its only server ${holder} is down`;
    const { name, automaticFailover } = dags[dag]!;
    const { majority, largest, all } = this.#aftermath.votes[dag]!;
    if (majority.length === 0) {
      const cause = this.#withoutMajority(dags[dag]!);
      return `${name} is without a majority (${largest} of ${all} votes, ${cause}): its databases are dismounted`;
    }
    const failed = this.#aftermath.isUp(copies[0]!) ? `is cut off from the majority of ${name}` : 'is down';
    if (!automaticFailover) return `${holder} ${failed}, and ${name} does not fail over by itself`;
    if (copies.length === 1) return `its only copy is on ${holder}, which ${failed}`;
    const names = copies.map((copy) => servers[copy]!.name).join(', ');
    return `all servers with a copy (${names}) are down, or cut off from the majority of ${name}`;
  }

  /** Which voters are lost, the witness among them, which votes where members are even in number (A-majority). */
  #withoutMajority({ members, witnessSite }: Dag): string {
    const { sites } = this.#tables.topology;
    const down = members.filter((member) => !this.#aftermath.isUp(member)).length;
    const isWitnessLost = members.length % 2 === 0 && this.#aftermath.outages.sites.has(witnessSite);
    const witness = isWitnessLost ? `the witness in ${nameAt(sites, witnessSite)}` : '';
    if (down === 0) {
      return `its members do not see each other${isWitnessLost ? `, and ${witness} is down` : ''}`;
    }
    return `${down} of ${members.length} members${isWitnessLost ? ` and ${witness}` : ''} are down`;
  }

  /** Why mail waits on the way. */
  stuck(obstacle: Obstacle): string {
    const { servers, connectors } = this.#tables.topology;
    const here = servers[obstacle.server]!.name;
    switch (obstacle.kind) {
      case 'connector-failed':
        return `connector ${connectors[obstacle.connector]!.name} itself has failed: routing does not turn to another`;
      case 'no-front-end':
        return `no Front End Transport near ${here} is up for connector ${connectors[obstacle.connector]!.name}`;
      case 'circle':
        return `mail goes round in circles over ${here}`;
      case 'no-route':
        return `${here} has no route`;
      case 'holder-out-of-reach':
        return this.#noPath(obstacle.server, obstacle.holder);
      case 'nobody-takes-it': {
        const { hop } = obstacle;
        const targets = hop.tiers[0]!.servers;
        const up = targets.filter((each) => this.#aftermath.isUp(each));
        const whom = targets.map((each) => servers[each]!.name);
        if (up[0] !== undefined) return this.#noPath(obstacle.server, up[0]);
        const role = this.#roleOf(hop);
        return whom.length === 1
          ? `${whom[0]}, the only ${role.one}, is down`
          : `all ${role.many} (${list(whom)}) are down`;
      }
    }
  }

  /** What the servers are that mail goes to next. */
  #roleOf({ destination, nextHopGroup, primarySite, hubSite }: NextHop): { one: string; many: string } {
    const { sites, connectors } = this.#tables.topology;
    if (hubSite !== -1 && hubSite !== primarySite) {
      const { name } = sites[hubSite]!;
      return { one: `server of hub site ${name}`, many: `servers of hub site ${name}, where mail stops` };
    }
    if (destination.kind !== 'connector')
      return { one: 'server that takes it', many: 'servers that take it' };
    const { name, index } = destination;
    const { edgeSite } = connectors[index]!;
    if (edgeSite !== -1 && nextHopGroup.kind === 'ad-site') {
      const site = nameAt(sites, edgeSite);
      return { one: `server before the Edges of ${site}`, many: `servers before the Edges of ${site}` };
    }
    return { one: `source server of connector ${name}`, many: `source servers of connector ${name}` };
  }

  /** Both servers are up: it is what has failed of the network. */
  #noPath(from: number, to: number): string {
    const { servers, sites, siteLinks, network } = this.#tables.topology;
    const { outages } = this.#aftermath;
    const { paths } = this.#tables;
    const [source, target] = [servers[from]!.site, servers[to]!.site];
    const isStrict = network === 'least-cost-path';
    const links = isStrict
      ? paths.links(source, target).filter((link) => outages.links.has(link))
      : [...outages.links];
    const over = isStrict
      ? paths.sites(source, target).filter((site) => outages.sites.has(site))
      : [...outages.sites];
    const failed = [
      ...over.map((site) => `site ${sites[site]!.name}`),
      ...links.map((link) => `site link ${siteLinks[link]!.name}`),
    ].join(' and ');
    const way = `from ${nameAt(sites, source)} to ${nameAt(sites, target)}`;
    return isStrict
      ? `the least-cost path ${way}, and no other counts, leads over ${failed}`
      : `without ${failed} there is no way ${way}`;
  }
}

function nameAt(list: readonly { readonly name: string }[], index: number): string {
  return list[index]?.name ?? 'outside any site';
}

const mostNames = 4;

function list(names: readonly string[]): string {
  const more = names.length - mostNames;
  return more > 0 ? `${names.slice(0, mostNames).join(', ')} and ${more} more` : names.join(', ');
}
