import type {
  AddressSpace,
  ConnectorDescription,
  Organization,
  ServerDescription,
  SiteDescription,
  SiteLinkDescription,
} from '../../src/topology/index.js';
import { hasName, inNameOrder, sameName } from './names.js';
import { isEdge, isTransport } from './server-roles.js';
import {
  leastCostPath,
  linkBetween,
  type Neighbours,
  neighboursOf,
  type SimplePath,
} from './simple-paths.js';

/** A connector as the oracle sees it: an administrator's, or one of the two that an Edge subscription makes (ES-02). */
export interface OracleConnector extends ConnectorDescription {
  readonly madeBy: 'administrator' | 'subscription-outbound' | 'subscription-inbound';
}

/** DC-04: of Send connectors; the way in from an Edge has no limit of its own. */
const sendConnectorLimit = 25 * 1_024 * 1_024;

/** The organization as an administrator looks at it: objects by their names, lists walked from end to end. */
export class Landscape {
  readonly organization: Organization;
  readonly connectors: readonly OracleConnector[];
  readonly #neighbours: Neighbours;
  readonly #paths = new Map<string, SimplePath | undefined>();

  constructor(organization: Organization) {
    this.organization = organization;
    this.#neighbours = neighboursOf(
      organization.sites.map((site) => site.name),
      organization.siteLinks,
    );
    this.connectors = inNameOrder([
      ...organization.connectors.map((each) => ({ ...each, madeBy: 'administrator' as const })),
      ...this.#connectorsOfSubscriptions(),
    ]);
  }

  site(name: string): SiteDescription {
    return found(
      this.organization.sites.find((each) => sameName(each.name, name)),
      name,
    );
  }

  server(name: string): ServerDescription {
    return found(
      this.organization.servers.find((each) => sameName(each.name, name)),
      name,
    );
  }

  /** The site of a server, of an Edge the one it is subscribed to (RT-57); undefined for an Edge without. */
  siteOf(server: ServerDescription): string | undefined {
    if (!isEdge(server)) return this.site(server.site ?? '').name;
    const own = this.organization.edgeSubscriptions.find((each) => sameName(each.edgeServer, server.name));
    return own === undefined ? undefined : this.site(own.site).name;
  }

  /** Servers that belong to a site, Edges not among them, in name order. */
  serversIn(site: string): readonly ServerDescription[] {
    return inNameOrder(
      this.organization.servers.filter((each) => !isEdge(each) && sameName(each.site ?? '', site)),
    );
  }

  transportServersIn(site: string): readonly ServerDescription[] {
    return this.serversIn(site).filter((each) => isTransport(each));
  }

  /** AS-07: with inbound mail off, no server of the site takes mail from another. */
  takesMail(server: ServerDescription): boolean {
    const site = this.siteOf(server);
    return site !== undefined && isTransport(server) && this.site(site).inboundMail;
  }

  /** Transport servers of a site that others may send to. */
  receiversIn(site: string): readonly ServerDescription[] {
    return this.transportServersIn(site).filter((each) => this.takesMail(each));
  }

  /** UN-03, AS-07: a hub flag where no server can take the message is no stop. */
  isHubStop(site: string): boolean {
    return this.site(site).hub && this.receiversIn(site).length > 0;
  }

  dagOf(server: ServerDescription): string | undefined {
    return this.organization.dags.find((dag) => hasName(dag.members, server.name))?.name;
  }

  pathBetween(source: string, target: string): SimplePath | undefined {
    const key = JSON.stringify([source, target]);
    if (!this.#paths.has(key)) this.#paths.set(key, leastCostPath(this.#neighbours, source, target));
    return this.#paths.get(key);
  }

  /** The links that a path crosses, in its order. */
  linksOf(path: SimplePath): readonly SiteLinkDescription[] {
    return path.sites
      .slice(1)
      .map((site, place) =>
        found(linkBetween(this.organization.siteLinks, path.sites[place]!, site), `a link to ${site}`),
      );
  }

  /** The accepted domains; the organization's own name is authoritative unless it is listed otherwise. */
  acceptedDomains(): Organization['acceptedDomains'] {
    const { name, acceptedDomains } = this.organization;
    if (
      hasName(
        acceptedDomains.map((each) => each.name),
        name,
      )
    )
      return acceptedDomains;
    return [...acceptedDomains, { name, type: 'authoritative' }];
  }

  /** ES-01: all Edges of a site are sources of the one pair of connectors. */
  #connectorsOfSubscriptions(): OracleConnector[] {
    const { edgeSubscriptions, sites } = this.organization;
    const inside = this.acceptedDomains().filter((domain) => domain.type !== 'external-relay');
    const subscribed = sites.filter((site) =>
      edgeSubscriptions.some((each) => sameName(each.site, site.name)),
    );
    return subscribed.flatMap((site): OracleConnector[] => {
      const own = edgeSubscriptions.filter((each) => sameName(each.site, site.name));
      const common = {
        kind: 'send' as const,
        sourceServers: own.map((each) => this.server(each.edgeServer).name),
        scoped: false,
        enabled: true,
        frontEndProxy: false,
      };
      return [
        {
          ...common,
          name: `EdgeSync - ${site.name} to Internet`,
          addressSpaces: [{ type: 'SMTP', space: '*', cost: 100 }],
          maxMessageSizeBytes: sendConnectorLimit,
          smartHosts: [],
          madeBy: 'subscription-outbound',
        },
        {
          ...common,
          name: `EdgeSync - Inbound to ${site.name}`,
          addressSpaces: inside.map(
            (domain): AddressSpace => ({ type: 'SMTP', space: domain.name.toLowerCase(), cost: 1 }),
          ),
          maxMessageSizeBytes: Number.POSITIVE_INFINITY,
          smartHosts: ['--'],
          madeBy: 'subscription-inbound',
        },
      ];
    });
  }
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RangeError(`the organization has no ${what}`);
  return value;
}
