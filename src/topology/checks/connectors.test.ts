import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { problemsOf } from '../../../tests/topology/organization-problems.js';

type Connectors = NonNullable<OrganizationShorthand['connectors']>;

test('CN-07: only Send connectors have smart hosts', () => {
  const connector = { name: 'Fax', kind: 'foreign' as const, sourceServers: ['B1'], spaces: ['FAX:*'] };
  expect(problemsOf({ connectors: [{ ...connector, smartHosts: ['relay'] }] }).errors).toEqual([
    'connectors.0.smartHosts: only a Send connector has smart hosts (CN-07)',
  ]);
  expect(problemsOf({ connectors: [connector] }).errors).toEqual([]);
});

test('RT-12: a kind of connector that does not suit its addresses is warned of', () => {
  const connector = { name: 'C', sourceServers: ['B1'] };
  expect(problemsOf({ connectors: [{ ...connector, spaces: ['FAX:*'] }] }).warnings).toEqual([
    'connectors.0.addressSpaces.0: a send connector for FAX addresses (RT-12)',
  ]);
  for (const kind of ['delivery-agent', 'foreign'] as const) {
    expect(problemsOf({ connectors: [{ ...connector, kind, spaces: ['FAX:*', '*'] }] }).warnings).toEqual([
      `connectors.0.addressSpaces.1: a ${kind} connector for SMTP addresses (RT-12)`,
    ]);
  }
});

describe('out by a front end', () => {
  const connector = { name: 'C', sourceServers: ['B1'], spaces: ['*'], frontEndProxy: true };

  test('RT-43: a Send connector may go out by one, the other kinds not', () => {
    expect(problemsOf({ connectors: [connector] })).toEqual({ errors: [], warnings: [] });
    for (const kind of ['delivery-agent', 'foreign'] as const) {
      expect(problemsOf({ connectors: [{ ...connector, kind, spaces: ['FAX:*'] }] }).errors).toEqual([
        'connectors.0.frontEndProxy: only a Send connector goes out by a front end (RT-43)',
      ]);
    }
  });

  test('RT-43: without a Client Access server in the site of a source server nobody sends', () => {
    const servers = ['B1@Berlin 2013 mailbox', 'B2@Berlin 2013 mailbox', 'F1@Frankfurt'];
    const connectors: Connectors = [{ ...connector, sourceServers: ['B1', 'B2', 'F1'] }];
    expect(problemsOf({ servers, connectors }).warnings).toEqual([
      'connectors.0.frontEndProxy: no server of site "Berlin" is a Client Access server: nobody sends for "B1" (RT-43)',
    ]);
    expect(problemsOf({ servers: [...servers, 'B3@Berlin'], connectors }).warnings).toEqual([]);
    expect(problemsOf({ servers, connectors: [{ ...connector, frontEndProxy: false }] }).warnings).toEqual(
      [],
    );
  });

  test('RT-43: an older source server sends by itself all the same', () => {
    const servers = ['B1@Berlin', 'H1@Berlin 2010', 'F1@Frankfurt'];
    expect(problemsOf({ servers, connectors: [{ ...connector, sourceServers: ['H1'] }] }).warnings).toEqual([
      'connectors.0.frontEndProxy: "H1" is 2010, which sends by itself all the same (RT-43)',
    ]);
  });
});

test('CN-09: sources in several sites are for Exchange 2013 only', () => {
  const connectors: Connectors = [{ name: 'C', sourceServers: ['B1', 'F1'], spaces: ['*'] }];
  const warned = (...servers: string[]) => problemsOf({ servers, connectors }).warnings;
  expect(warned('B1@Berlin', 'F1@Frankfurt')).toEqual([]);
  expect(warned('B1@Berlin', 'F1@Frankfurt 2010')).toEqual([
    'connectors.0.sourceServers: in several sites, but "F1" is 2010, which knows sources of one site only (CN-09)',
  ]);
  expect(warned('B1@Berlin', 'F1@Berlin 2007', 'X1@Frankfurt')).toEqual([]);
});

describe('scope', () => {
  const warned = (...connectors: Connectors) => problemsOf({ connectors }).warnings;
  const scoped = {
    name: 'Scoped',
    sourceServers: ['B1'],
    spaces: ['partner.example', 'FAX:*'],
    scoped: true,
  };
  const without = (position: number, sites = '"Frankfurt"') =>
    `connectors.0.addressSpaces.${position}: scoped, and servers of ${sites} have no other connector for it (CN-06)`;
  const twoWarnings = [without(0), without(1)];

  test('CN-06: sites without another connector are told', () => {
    const send = { ...scoped, spaces: ['partner.example'] };
    expect(warned(send)).toEqual([without(0)]);
    expect(warned({ ...send, scoped: false })).toEqual([]);
    expect(warned({ ...send, enabled: false })).toEqual([]);
    expect(warned({ ...send, sourceServers: ['B1', 'F1'] })).toEqual([]);
  });

  test('CN-06: each address space by itself, and any that covers it will do', () => {
    const fax = { ...scoped, kind: 'foreign' as const, spaces: ['FAX:1*', 'X400:*'] };
    const other = (spaces: string[], more: Partial<Connectors[number]> = {}): Connectors[number] => ({
      name: 'Other',
      sourceServers: ['F1'],
      spaces,
      ...more,
    });
    expect(warned(fax)).toEqual(twoWarnings);
    expect(warned(fax, other(['FAX:*'], { kind: 'foreign' }))).toEqual([without(1)]);
    const send = { ...scoped, spaces: ['mail.partner.example', '*.partner.example'] };
    expect(warned(send, other(['*']))).toEqual([]);
    expect(warned(send, other(['*.partner.example']))).toEqual([]);
    expect(warned(send, other(['*.example']))).toEqual([]);
    expect(warned(send, other(['*'], { scoped: true }))).toEqual([
      'connectors.1.addressSpaces.0: scoped, and servers of "Berlin" have no other connector for it (CN-06)',
    ]);
    expect(warned(send, other(['*'], { enabled: false }))).toEqual(twoWarnings);
    expect(warned(send, other(['mail.partner.example']))).toEqual([without(1)]);
    expect(warned(send, other(['partner.example', '*.mail.partner.example']))).toEqual(twoWarnings);
  });

  test('ES-02: with an Edge subscription there is another way out', () => {
    const connectors: Connectors = [{ ...scoped, spaces: ['partner.example'] }];
    expect(problemsOf({ connectors, edges: ['E1@Frankfurt'] }).warnings).toEqual([]);
  });

  test('CN-06: only a few of many sites are named', () => {
    const sites = ['C', 'D', 'E', 'F', 'G', 'H'];
    const found = problemsOf({
      links: [`Berlin-${sites.join('-')} 1`],
      servers: ['B1@Berlin', ...sites.map((site) => `${site}1@${site}`)],
      connectors: [{ ...scoped, spaces: ['*'] }],
    });
    expect(found.warnings).toEqual([without(0, '"C", "D", "E", "F", "G", …')]);
  });
});
