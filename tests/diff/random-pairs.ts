import fc from 'fast-check';
import type { OrganizationShorthand } from '../conformance/organization-builder.js';

const sites = ['A', 'B', 'C', 'D', 'E'];
const modern = sites.flatMap((site) => [`${site}1`, `${site}2`]);
const legacy = sites.map((site) => `${site}H`);
const kilobyte = 1_024;
/** Sizes on both sides of every limit. */
export const sizes = [1, 3 * kilobyte, 6 * kilobyte, 12 * kilobyte];
const limits = [2 * kilobyte, 5 * kilobyte, 9 * kilobyte, Number.POSITIVE_INFINITY];
const spaces = [
  '*',
  '*;5',
  'partner.example;3',
  '*.partner.example',
  'FAX:*',
  'FAX:12*;2',
  'x.partner.example',
];

const someOf = (values: readonly string[], minLength = 0, maxLength = values.length) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength, maxLength });
export const servers = [...modern, ...legacy];

/** The parts of an organization that a second one may have otherwise. */
export const anyParts = fc.record({
  links: fc.array(fc.tuple(someOf(sites, 2, 3), fc.integer({ min: 1, max: 3 }), fc.constantFrom(...limits)), {
    minLength: 2,
    maxLength: 7,
  }),
  hubs: someOf(sites, 0, 2),
  inboundMailOff: someOf(sites, 0, 1),
  present: someOf(servers, servers.length - 2),
  dag: someOf(modern, 1, 4),
  holders: fc.tuple(fc.nat(3), fc.nat(3)),
  connectors: fc.array(
    fc.record({
      sourceServers: someOf(servers, 1, 3),
      spaces: someOf(spaces, 1, 2),
      scoped: fc.boolean(),
      enabled: fc.constantFrom(true, true, true, false),
      maxMessageSizeBytes: fc.constantFrom(...limits),
      smartHosts: fc.constantFrom([], [], ['relay.example']),
      frontEndProxy: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  edges: fc.constantFrom([], [], ['E9@A'], ['E9@A', 'E8@B 2010']),
  domain: fc.constantFrom('authoritative' as const, 'internal-relay' as const, 'external-relay' as const),
  expansionServers: someOf(servers, 1, 2),
});

type Parts = typeof anyParts extends fc.Arbitrary<infer T> ? T : never;

export function organizationOf(parts: Parts): OrganizationShorthand {
  const isThere = (server: string) => parts.present.includes(server);
  // Somebody has to hold the databases.
  const members = parts.dag.filter(isThere);
  const clustered = members.length === 0 ? {} : { Clustered: rotated(members, parts.holders[0]) };
  const databases = {
    ...clustered,
    ...Object.fromEntries(
      ['A2', 'E2', 'CH'].filter(isThere).map((server) => [`Db${server}`, [server]] as const),
    ),
  };
  return {
    ...{ hubs: parts.hubs, inboundMailOff: parts.inboundMailOff, sites, edges: parts.edges },
    links: parts.links.map(([joined, cost, maxMessageSizeBytes], place) => ({
      ...{ name: `L${place}`, sites: joined, cost, maxMessageSizeBytes },
    })),
    servers: servers.filter(isThere).map((name) => `${name}@${name[0]}${name.endsWith('H') ? ' 2010' : ''}`),
    dags: members.length === 0 ? {} : { Dag: members },
    databases,
    mailboxes: Object.fromEntries(Object.keys(databases).map((name) => [`${name}@contoso.com`, name])),
    groups: parts.expansionServers.filter(isThere).map((expansionServer) => ({
      address: `all-${expansionServer}@contoso.com`,
      members: [],
      expansionServer,
    })),
    acceptedDomains: [{ name: 'partner.example', type: parts.domain }],
    connectors: parts.connectors.flatMap((connector, place) => {
      const sourceServers = connector.sourceServers.filter(isThere);
      return sourceServers.length === 0 ? [] : [{ ...connector, name: `K${place}`, sourceServers }];
    }),
  };
}

function rotated(list: readonly string[], by: number): readonly string[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** An organization, and another that has some parts of a third. */
export const anyTwo = fc
  .tuple(anyParts, anyParts, someOf(Object.keys({ ...anyPartNames() }), 0, 3))
  .map(([first, other, replaced]): readonly [OrganizationShorthand, OrganizationShorthand] => {
    const taken = Object.fromEntries(Object.entries(other).filter(([name]) => replaced.includes(name)));
    return [organizationOf(first), organizationOf({ ...first, ...taken })];
  });

function anyPartNames() {
  const [sample] = fc.sample(anyParts, { numRuns: 1, seed: 1 });
  return sample!;
}
