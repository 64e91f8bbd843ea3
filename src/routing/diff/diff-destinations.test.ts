import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { sideOf } from '../../../tests/diff/changes-between.js';
import { classifyDestinations, type DestinationClass, type OutsideDestination } from './diff-destinations.js';

const organization: OrganizationShorthand = {
  links: ['A-B 10'],
  servers: ['A1@A', 'A2@A', 'B1@B'],
};

function classes(before: OrganizationShorthand, after = before): readonly DestinationClass[] {
  return classifyDestinations(sideOf(before), sideOf(after));
}

/** Of databases and expansion servers: `[destinations of each part, group before, group after]`. */
function inside(before: OrganizationShorthand, after = before) {
  return classes(before, after)
    .filter(({ destinations }) => destinations[0]!.kind !== 'address-space')
    .map(({ destinations, parts, groupBefore, groupAfter }) => {
      expect(parts.flat().length).toBe(destinations.length);
      return [
        parts.map((part) => part.map(({ name }) => name).join(' ')).join(' / '),
        groupBefore?.name ?? null,
        groupAfter?.name ?? null,
      ];
    });
}

function outside(before: OrganizationShorthand, after = before): readonly OutsideDestination[] {
  return classes(before, after)
    .flatMap(({ destinations }) => destinations)
    .filter((each): each is OutsideDestination => each.kind === 'address-space');
}

const addresses = (before: OrganizationShorthand, after = before) =>
  Object.fromEntries(outside(before, after).map(({ name, address }) => [name, address]));

const connected = (...spaces: string[]): OrganizationShorthand => ({
  ...organization,
  connectors: [{ name: 'Out', sourceServers: ['A1'], spaces }],
});

describe('databases', () => {
  const groupA = 'Site:A;Version:15';
  const groupB = 'Site:B;Version:15';

  test('RT-20: those of one group are one class, in parts by the server with the active copy', () => {
    const given = { ...organization, databases: { D3: ['A1'], D1: ['A2'], D2: ['A1'], D4: ['B1'] } };
    expect(inside(given)).toEqual([
      ['D1 / D2 D3', groupA, groupA],
      ['D4', groupB, groupB],
    ]);
    expect(classes(given)[0]!.destinations.map(({ name }) => name)).toEqual(['D1', 'D2', 'D3']);
  });

  test('databases are in name order, whatever server holds them', () => {
    const given = { ...organization, databases: { D1: ['A2'], D2: ['A1'], D3: ['A2'] } };
    expect(inside(given)).toEqual([['D1 D3 / D2', groupA, groupA]]);
    expect(classes(given)[0]!.destinations.map(({ name }) => name)).toEqual(['D1', 'D2', 'D3']);
  });

  test('a database that moves is by itself; one that comes or goes has a group on one side', () => {
    const before = { ...organization, databases: { D1: ['A1'], D2: ['A1'], D3: ['A1'] } };
    const after = { ...organization, databases: { D1: ['A1'], D2: ['B1'], D4: ['B1'] } };
    expect(inside(before, after)).toEqual([
      ['D1', groupA, groupA],
      ['D2', groupA, groupB],
      ['D3', groupA, null],
      ['D4', null, groupB],
    ]);
    const [, moved, gone, come] = classes(before, after).map(({ destinations }) => destinations[0]!);
    expect(moved).toEqual({ kind: 'mailbox-database', name: 'D2', before: 1, after: 1 });
    expect(gone).toEqual({ kind: 'mailbox-database', name: 'D3', before: 2, after: -1 });
    expect(come).toEqual({ kind: 'mailbox-database', name: 'D4', before: -1, after: 2 });
  });

  test('RT-27: a database of a 2010 DAG is explained otherwise than one outside it', () => {
    const given = {
      ...organization,
      servers: ['H1@A 2010', 'H2@A 2010'],
      dags: { Old: ['H1'] },
      databases: { D1: ['H1'], D2: ['H1'], D3: ['H2'] },
    };
    const older = 'Site:A;Version:14';
    expect(inside({ ...given, dags: {} })).toEqual([['D1 D2 / D3', older, older]]);
    expect(inside(given)).toEqual([
      ['D1 D2', older, older],
      ['D3', older, older],
    ]);
  });
});

describe('expansion servers', () => {
  const expanding = (...servers: string[]): OrganizationShorthand => ({
    ...organization,
    groups: servers.map((expansionServer) => ({
      address: `all-${expansionServer}@contoso.com`,
      members: [],
      expansionServer,
    })),
  });

  test('RT-25: each is a class of its own, where it expands groups', () => {
    expect(inside(expanding('A1', 'B1'), expanding('B1', 'A2'))).toEqual([
      ['A1', 'A1.contoso.com', null],
      ['A2', null, 'A2.contoso.com'],
      ['B1', 'B1.contoso.com', 'B1.contoso.com'],
    ]);
    const [first, second, third] = classes(expanding('A1', 'B1'), expanding('B1', 'A2'));
    expect(first!.destinations).toEqual([{ kind: 'expansion-server', name: 'A1', before: 0, after: -1 }]);
    expect(second!.destinations).toEqual([{ kind: 'expansion-server', name: 'A2', before: -1, after: 1 }]);
    expect(third!.destinations).toEqual([{ kind: 'expansion-server', name: 'B1', before: 2, after: 2 }]);
  });
});

describe('outside addresses', () => {
  test('CN-05: there is one for each address space of either side, SMTP first, then by type and name', () => {
    const before = connected('X400:c=de', 'FAX:*', '*', 'b.example');
    const after = connected('b.example', 'a.example', 'FAX:12*', 'EX:/o=contoso');
    expect(addresses(before, after)).toEqual({
      '*': 'anybody@any-other-domain.invalid',
      'a.example': 'anybody@a.example',
      'b.example': 'anybody@b.example',
      'EX:/o=contoso': 'EX:/o=contoso',
      'FAX:*': 'FAX:any',
      'FAX:12*': 'FAX:12any',
      'X400:c=de': 'X400:c=de',
    });
    expect(outside(before, after).map(({ name }) => name)).toEqual([
      ...['*', 'a.example', 'b.example', 'EX:/o=contoso', 'FAX:*', 'FAX:12*', 'X400:c=de'],
    ]);
    expect(outside(after, before).map(({ name }) => name)).toEqual(
      outside(before, after).map(({ name }) => name),
    );
    for (const { destinations, parts, groupBefore, groupAfter } of classes(before, after)) {
      expect(parts).toEqual([destinations]);
      expect([groupBefore, groupAfter]).toEqual([undefined, undefined]);
    }
  });

  test('CN-03: the address is of no narrower address space', () => {
    const narrower = connected(
      ...['*', 'any-other-domain.invalid', 'any-other-domain2.invalid'],
      ...['*.a.example', 'any-subdomain.a.example', 'FAX:*', 'FAX:any'],
    );
    expect(addresses(narrower)).toEqual({
      '*': 'anybody3@any-other-domain3.invalid',
      '*.a.example': 'anybody2@any-subdomain2.a.example',
      'any-other-domain.invalid': 'anybody@any-other-domain.invalid',
      'any-other-domain2.invalid': 'anybody@any-other-domain2.invalid',
      'any-subdomain.a.example': 'anybody@any-subdomain.a.example',
      'FAX:*': 'FAX:any2',
      'FAX:any': 'FAX:any',
    });
  });

  test("RR-08: the address is nobody's on either side, as far as that is possible", () => {
    const taken: OrganizationShorthand = {
      ...connected('a.example', 'FAX:12*', 'FAX:34'),
      databases: { Db: ['A1'] },
      mailboxes: { 'anybody@a.example': 'Db', 'FAX:12any': 'Db', 'FAX:34': 'Db' },
    };
    const free = { ...taken, mailboxes: {} };
    const expected = {
      'a.example': 'anybody2@a.example',
      'FAX:12*': 'FAX:12any2',
      // It is the only one.
      'FAX:34': 'FAX:34',
    };
    expect(addresses(taken)).toEqual(expected);
    expect(addresses(free, taken)).toEqual(expected);
    expect(addresses(taken, free)).toEqual(expected);
    expect(outside(taken, free)[2]).toMatchObject({
      before: { kind: 'mailbox' },
      after: { kind: 'outside' },
    });
  });

  test('RR-08: accepted domains count where connectors take who is unknown there, before or after', () => {
    const domain = (type: 'authoritative' | 'internal-relay', name = 'Fabrikam.com') => ({
      ...connected('*'),
      acceptedDomains: [{ name, type }],
    });
    const [authoritative, relay] = [domain('authoritative'), domain('internal-relay')];
    expect(Object.keys(addresses(authoritative))).toEqual(['*']);
    for (const [before, after] of [
      [authoritative, relay],
      [relay, authoritative],
      [relay, relay],
    ] as const) {
      expect(Object.keys(addresses(before, after))).toEqual(['*', 'fabrikam.com']);
    }
    expect(outside(authoritative, relay)[1]).toEqual({
      kind: 'address-space',
      name: 'fabrikam.com',
      address: 'anybody@fabrikam.com',
      before: expect.objectContaining({ kind: 'ndr' }),
      after: expect.objectContaining({ kind: 'outside', type: 'SMTP', domain: 'fabrikam.com' }),
      onEdge: expect.objectContaining({ kind: 'outside', type: 'SMTP', domain: 'fabrikam.com' }),
    });
  });

  test('CN-05: an accepted domain that is an address space as well stands once, and always', () => {
    const own = {
      ...connected('FABRIKAM.com', 'contoso.com'),
      acceptedDomains: [{ name: 'Fabrikam.COM', type: 'authoritative' as const }],
    };
    expect(Object.keys(addresses(own))).toEqual(['contoso.com', 'fabrikam.com']);
    expect(Object.keys(addresses(organization))).toEqual([]);
  });

  test('RR-08: the own name of an organization counts after it has changed', () => {
    const renamed = { ...connected('*'), name: 'Fabrikam.com' };
    expect(Object.keys(addresses(connected('*'), renamed))).toEqual(['*', 'contoso.com', 'fabrikam.com']);
  });
});
