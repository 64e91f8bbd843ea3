import { describe, expect, test } from 'vitest';
import { compileRoutingTables } from '../../src/routing/index.js';
import { AddressBook } from '../../src/sim/model/address-book.js';
import { numberedPeople } from '../../src/sim/model/address-series.js';
import { RoutingConfigurations } from '../../src/sim/model/routing-configurations.js';
import { buildTopology, normalizeName } from '../../src/topology/index.js';
import { domain, organization } from './small-organization.js';

const people = numberedPeople('people', 'person', ['Fabrikam.example', domain], 3);
const inOrder = [
  'person1@Fabrikam.example',
  `person1@${domain}`,
  'person2@Fabrikam.example',
  `person2@${domain}`,
  'person3@Fabrikam.example',
  `person3@${domain}`,
];

function openBook(contacts: Readonly<Record<string, string>> = {}): AddressBook {
  const tables = compileRoutingTables(
    buildTopology(
      organization({
        servers: { A1: 'A' },
        databases: { DB1: ['A1'] },
        mailboxes: { anna: 'DB1' },
        contacts,
      }),
    ),
  );
  return new AddressBook(new RoutingConfigurations(tables));
}

describe('a series of addresses', () => {
  test('finds the place of each of its addresses and of no other', () => {
    expect(inOrder.map((_, place) => people.address(place))).toEqual(inOrder);
    expect(inOrder.map((address) => people.placeOf(normalizeName(address)))).toEqual([0, 1, 2, 3, 4, 5]);
    for (const other of [
      'person0@fabrikam.example',
      'person01@fabrikam.example',
      'person4@fabrikam.example',
      'person@fabrikam.example',
      'person1e0@fabrikam.example',
      'person1@fabrikam.example.org',
      'person1@1@fabrikam.example',
      'persona@fabrikam.example',
      '1@fabrikam.example',
      'person99999999999999999999@fabrikam.example',
      'person1',
    ]) {
      expect(people.placeOf(normalizeName(other)), other).toBe(-1);
    }
  });

  test('gives every address the id that its text has, before and after', () => {
    const book = openBook();
    const before = book.intern('PERSON2@fabrikam.EXAMPLE');
    const ids = book.internSeries(people);
    expect(ids[2]).toBe(before);
    expect(book.address(before)).toBe('PERSON2@fabrikam.EXAMPLE');
    expect(new Set(ids).size).toBe(people.size);
    for (const [place, address] of inOrder.entries()) {
      expect(book.intern(address.toLowerCase())).toBe(ids[place]);
      expect(book.intern(`SMTP:${address}`)).toBe(ids[place]);
      if (place !== 2) expect(book.address(ids[place]!)).toBe(address);
    }
    const stranger = book.intern('person4@fabrikam.example');
    expect(ids).not.toContain(stranger);
    expect(book.address(stranger)).toBe('person4@fabrikam.example');
    expect(book.internSeries(people)).toBe(ids);
  });

  test('RT-09: each of its addresses comes down to what its text does', () => {
    const book = openBook();
    const ids = book.internSeries(people);
    const alone = openBook();
    for (const [place, address] of inOrder.entries()) {
      const [id, plain] = [ids[place]!, alone.intern(address)];
      expect(book.kind(id)).toBe(alone.kind(plain));
      expect(book.failure(id)).toEqual(alone.failure(plain));
      expect(book.meant(id)).toBe(id);
      expect(book.domain(id)).toBe(place % 2 === 0 ? book.domain(ids[0]!) : -1);
      expect(book.domainOnEdge(id)).toBe(book.domainOnEdge(ids[place % 2]!));
      expect(book.isGroup(id)).toBe(false);
    }
    expect([0, 1].map((place) => book.kind(ids[place]!))).toEqual(['outside', 'ndr']);
    expect(book.domain(ids[0]!)).toBeGreaterThanOrEqual(0);
    expect(book.domainOnEdge(ids[1]!)).not.toBe(book.domainOnEdge(ids[0]!));
  });

  test('RR-07: a contact that has one of its addresses speaks for that address alone', () => {
    const book = openBook({ person1: `anna@${domain}` });
    const ids = book.internSeries(people);
    expect(ids[1]).toBe(book.intern(`person1@${domain}`));
    expect(book.meant(ids[1]!)).toBe(book.intern(`anna@${domain}`));
    for (const place of [3, 5]) {
      expect(book.meant(ids[place]!)).toBe(ids[place]);
      expect(book.kind(ids[place]!)).toBe('ndr');
    }
    expect(book.kind(ids[0]!)).toBe('outside');
  });
});
