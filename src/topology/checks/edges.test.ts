import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { problemsOf } from '../../../tests/topology/organization-problems.js';
import type { Organization, ServerDescription } from '../organization.js';

const edge: ServerDescription = { name: 'E1', version: '2013', roles: ['edge'] };
const servers: Organization['servers'] = [
  { name: 'B1', site: 'Berlin', version: '2013', roles: ['mailbox', 'client-access'] },
  { name: 'F1', site: 'Frankfurt', version: '2013', roles: ['mailbox', 'client-access'] },
];
const subscribed = [{ edgeServer: 'E1', site: 'Berlin' }];

test('RT-57: an Edge of any version, subscribed to a site with a transport server, is sound', () => {
  for (const version of ['2013', '2010', '2007']) {
    expect(problemsOf({ edges: [`E1@Berlin ${version}`] })).toEqual({ errors: [], warnings: [] });
  }
});

describe('the server', () => {
  test('RT-57: an Edge has no site of its own', () => {
    const override = { servers: [...servers, { ...edge, site: 'Berlin' }], edgeSubscriptions: subscribed };
    expect(problemsOf({}, override).errors).toEqual([
      'servers.2.site: an Edge stands in no site: "E1" has a site of its own (RT-57)',
    ]);
  });

  test('RT-56: an Edge has no other role', () => {
    const both: ServerDescription = { ...edge, roles: ['mailbox', 'edge'] };
    expect(problemsOf({}, { servers: [...servers, both], edgeSubscriptions: subscribed }).errors).toEqual([
      'servers.2.roles: an Edge has no other role than edge: "E1" has (RT-56)',
    ]);
  });

  test('RT-57: an Edge that is subscribed to no site is warned of', () => {
    expect(problemsOf({}, { servers: [...servers, edge] })).toEqual({
      errors: [],
      warnings: ['servers.2: no mail passes Edge "E1": it is subscribed to no site (RT-57)'],
    });
  });

  test('RT-04, RT-19, RT-13: an Edge holds no database, is in no DAG and expands no group', () => {
    const { errors } = problemsOf({
      edges: ['E1@Berlin'],
      dags: { D: ['E1'] },
      databases: { DB1: ['E1'] },
      groups: [{ address: 'g@contoso.com', members: [], expansionServer: 'E1' }],
    });
    expect(errors).toEqual([
      'dags.0.members.0: server "E1" has no mailbox role (RT-19)',
      'databases.0.copies.0: server "E1" has no mailbox role (RT-04)',
      'distributionGroups.0.expansionServer: server "E1" is no transport server (RT-13)',
    ]);
  });
});

describe('subscriptions', () => {
  const errorsOf = (edgeSubscriptions: Organization['edgeSubscriptions'], more: Partial<Organization> = {}) =>
    problemsOf({}, { servers: [...servers, edge], edgeSubscriptions, ...more }).errors;

  test('they refer to a server and a site', () => {
    expect(errorsOf([{ edgeServer: 'E9', site: 'Bonn' }])).toEqual([
      'edgeSubscriptions.0.edgeServer: there is no server "E9"',
      'edgeSubscriptions.0.site: there is no site "Bonn"',
    ]);
  });

  test('RT-57: only Edges are subscribed', () => {
    expect(errorsOf([...subscribed, { edgeServer: 'F1', site: 'Berlin' }])).toEqual([
      'edgeSubscriptions.1.edgeServer: server "F1" is no Edge (RT-57)',
    ]);
  });

  test('ES-01: an Edge belongs to one site, and a site may have many', () => {
    expect(errorsOf([...subscribed, { edgeServer: 'e1', site: 'Frankfurt' }])).toEqual([
      'edgeSubscriptions.1.edgeServer: Edge "e1" is subscribed already: an Edge belongs to one site (ES-01)',
    ]);
    expect(problemsOf({ edges: ['E1@Berlin', 'E2@Berlin', 'E3@Frankfurt'] }).errors).toEqual([]);
  });

  test('RT-58: the site has a transport server that relays to the Edge', () => {
    const found = problemsOf({
      servers: ['B1@Berlin', 'F1@Frankfurt 2013 client-access'],
      edges: ['E1@Frankfurt'],
    });
    expect(found.errors).toEqual([
      'edgeSubscriptions.0.site: site "Frankfurt" has no transport server that could relay to the Edge (RT-57, RT-58)',
    ]);
  });

  test('AS-07: a site that takes no mail takes none from the Edge', () => {
    const sites = [
      { name: 'Berlin', hub: false, inboundMail: true },
      { name: 'Frankfurt', hub: false, inboundMail: false },
    ];
    const refused =
      'edgeSubscriptions.0.site: "Frankfurt" takes no mail: what comes in by the Edge is refused (AS-07)';
    expect(problemsOf({ edges: ['E1@Frankfurt'] }, { sites }).warnings).toContain(refused);
    expect(problemsOf({ edges: ['E1@Berlin'] }, { sites }).warnings).not.toContain(refused);
  });

  test('ES-02: the names of the implicit connectors are taken', () => {
    const connectors = [
      'edgesync - BERLIN to internet',
      'EdgeSync - Inbound to Berlin',
      'EdgeSync - Bonn',
    ].map((name) => ({ name, sourceServers: ['B1'], spaces: ['*'] }));
    expect(problemsOf({ connectors, edges: ['E1@Berlin'] }).errors).toEqual([
      'connectors.0.name: the Edge subscription of "Berlin" makes a connector "edgesync - BERLIN to internet" itself (ES-02)',
      'connectors.1.name: the Edge subscription of "Berlin" makes a connector "EdgeSync - Inbound to Berlin" itself (ES-02)',
    ]);
    expect(problemsOf({ connectors }).errors).toEqual([]);
  });

  test('ES-02: with a subscription every SMTP address has a way out', () => {
    const contacts = { 'c@contoso.com': 'x@partner.example', 'f@contoso.com': 'FAX:1' };
    expect(problemsOf({ contacts, connectors: [], edges: ['E1@Berlin'] }).warnings).toEqual([
      'contacts.1.target: cannot be routed to: no connector has an address space for FAX (CN-04)',
    ]);
  });
});

describe('connectors of Edges', () => {
  const edges = ['E1@Berlin', 'E2@Berlin', 'E3@Frankfurt'];
  type Connector = NonNullable<OrganizationShorthand['connectors']>[number];
  const connector: Connector = { name: 'C', sourceServers: ['E1', 'E2'], spaces: ['partner.example'] };
  const errorsOf = (changes: Partial<Connector>) =>
    problemsOf({ edges, connectors: [{ ...connector, ...changes }] }).errors;

  test('RT-27: Edges of one site may share a Send connector', () => {
    expect(errorsOf({})).toEqual([]);
    expect(errorsOf({ sourceServers: ['E1', 'E3'] })).toEqual([
      'connectors.0.sourceServers.1: Edge "E3" is subscribed to another site than "E1" (RT-27)',
    ]);
  });

  test('RT-27: they do not share it with servers of the sites', () => {
    expect(errorsOf({ sourceServers: ['E1', 'B1'] })).toEqual([
      'connectors.0.sourceServers: the source servers are either Edges or servers of the sites, not both (RT-27)',
    ]);
  });

  test('CN-05: they are Send connectors, for SMTP', () => {
    expect(errorsOf({ kind: 'foreign', spaces: ['FAX:*'] })).toEqual([
      'connectors.0.sourceServers: an Edge has Send connectors only (CN-05)',
    ]);
    expect(errorsOf({ spaces: ['*', 'FAX:*'] })).toEqual([
      'connectors.0.addressSpaces.1: an Edge takes SMTP addresses only, no FAX ones (CN-05)',
    ]);
  });

  test('RT-59: they go out by no front end', () => {
    expect(errorsOf({ frontEndProxy: true })).toEqual([
      'connectors.0.frontEndProxy: an Edge sends by no front end (RT-43, RT-59)',
    ]);
  });

  test('RT-58: an Edge that is subscribed to no site cannot be relayed to', () => {
    const found = problemsOf(
      { connectors: [connector] },
      { servers: [...servers, edge, { ...edge, name: 'E2' }], edgeSubscriptions: subscribed },
    );
    expect(found.errors).toEqual([
      'connectors.0.sourceServers.1: Edge "E2" is subscribed to no site: nobody can relay to it (RT-57, RT-58)',
    ]);
  });
});
