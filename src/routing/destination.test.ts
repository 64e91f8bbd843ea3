import { describe, expect, test } from 'vitest';
import { type OrganizationShorthand, topologyOf } from '../../tests/conformance/organization-builder.js';
import { shareOf } from '../../tests/random-share.js';
import type { Topology } from '../topology/index.js';
import { expandGroup, type ResolvedAddress, resolveAddress, resolveRecipient } from './destination.js';

const base = {
  servers: ['A1@A', 'A2@A'],
  databases: { DB: ['A1'] },
  mailboxes: { 'u1@contoso.com': 'DB', 'u2@contoso.com': 'DB' },
} satisfies OrganizationShorthand;

function resolve(address: string, more: OrganizationShorthand = {}): string {
  const topology = topologyOf({ ...base, ...more });
  return describeResolved(topology, resolveAddress(topology, address));
}

/** `mailbox u1@contoso.com`, `outside SMTP partner.example a@partner.example`, `5.1.1`. */
function describeResolved(topology: Topology, resolved: ResolvedAddress): string {
  switch (resolved.kind) {
    case 'mailbox':
      return `mailbox ${topology.recipients.addresses[resolved.recipient]}`;
    case 'distribution-group':
      return `group ${topology.recipients.addresses[resolved.recipient]} on ${resolved.expansionServer}`;
    case 'outside':
      return `outside ${resolved.type} ${resolved.domain} ${resolved.address}`;
    case 'ndr':
      return resolved.ndr.code;
  }
}

describe('resolving an address', () => {
  test('RT-11: a mailbox is found by any spelling of its address', () => {
    expect(resolve('U1@CONTOSO.com')).toBe('mailbox u1@contoso.com');
    expect(resolve('smtp:u1@contoso.com')).toBe('mailbox u1@contoso.com');
  });

  test('RR-08: an unknown recipient of an authoritative domain is returned', () => {
    expect(resolve('nobody@contoso.com')).toBe('5.1.1');
    const topology = topologyOf(base);
    const unknown = resolveAddress(topology, 'nobody@contoso.com');
    expect(unknown).toMatchObject({
      kind: 'ndr',
      ndr: { text: expect.stringContaining('RESOLVER.ADR.RecipNotFound') },
    });
    const accepted = [{ name: 'Fabrikam.com', type: 'authoritative' as const }];
    expect(resolve('nobody@fabrikam.COM', { acceptedDomains: accepted })).toBe('5.1.1');
  });

  test.each(['internal-relay', 'external-relay'] as const)(
    'RR-08: an unknown recipient of an %s domain goes to a connector, a known one does not',
    (type) => {
      const acceptedDomains = [{ name: 'fabrikam.com', type }];
      const more = { acceptedDomains, mailboxes: { 'u3@fabrikam.com': 'DB' } };
      expect(resolve('nobody@Fabrikam.com', more)).toBe('outside SMTP fabrikam.com nobody@Fabrikam.com');
      expect(resolve('u3@fabrikam.com', more)).toBe('mailbox u3@fabrikam.com');
      // The organization's own domain, declared so.
      const own = { acceptedDomains: [{ name: 'contoso.com', type }] };
      expect(resolve('nobody@contoso.com', own)).toBe('outside SMTP contoso.com nobody@contoso.com');
    },
  );

  test('RR-08: other domains are outside, subdomains of an accepted one too', () => {
    expect(resolve('x@Partner.Example')).toBe('outside SMTP partner.example x@Partner.Example');
    expect(resolve('x@eu.contoso.com')).toBe('outside SMTP eu.contoso.com x@eu.contoso.com');
    expect(resolve('x@[192.0.2.1]')).toBe('outside SMTP [192.0.2.1] x@[192.0.2.1]');
  });

  test('RT-12: Type:address is outside as a whole', () => {
    expect(resolve('fax:555 1234')).toBe('outside FAX 555 1234 fax:555 1234');
    // Whatever a fax number looks like.
    expect(resolve('FAX:contoso.com')).toBe('outside FAX contoso.com FAX:contoso.com');
    expect(resolve('MS-1:a:b@c')).toBe('outside MS-1 a:b@c MS-1:a:b@c');
    expect(resolve('X400:C=DE;S=Meier')).toBe('outside X400 c=de;s=meier X400:C=DE;S=Meier');
  });

  test.each([
    '',
    '@',
    'u1',
    'u1@',
    '@contoso.com',
    'u 1@contoso.com',
    'u1@contoso..com',
    'u1@con toso.com',
    'u1@*.contoso.com',
    'a@b@contoso.com',
    'FAX:',
    'FAX: ',
    'FAX:5\u00005',
    'smtp:u1',
    'a"b c"@partner.example',
    '"b c"a@partner.example',
    '""@partner.example',
    'x@a[192.0.2.1]',
    'x@[192.0.2.1]a',
    'x@[]',
    'x@partner.example.',
    'x@.partner.example',
    `${'u'.repeat(571)}@contoso.com`,
  ])('DS 5.1.3: %j is malformed', (address) => expect(resolve(address)).toBe('5.1.3'));

  test('RR-09: 571 characters are not too long', () => {
    const address = `${'u'.repeat(571 - '@partner.example'.length)}@partner.example`;
    expect(resolve(address)).toMatch(/^outside/);
    expect(resolve(`u${address}`)).toBe('5.1.3');
  });

  test('a quoted local part may hold what a plain one may not', () => {
    expect(resolve('"a @ b"@partner.example')).toBe('outside SMTP partner.example "a @ b"@partner.example');
    // What looks like a type is inside the quotes.
    expect(resolve('"a:b"@partner.example')).toBe('outside SMTP partner.example "a:b"@partner.example');
  });

  test('RR-07: contacts lead on to their target, and chains are followed', () => {
    const contacts = {
      'out@contoso.com': 'x@partner.example',
      'chain@contoso.com': 'OUT@contoso.com',
      'in@contoso.com': 'u1@contoso.com',
      'gone@contoso.com': 'nobody@contoso.com',
      'fax@contoso.com': 'FAX:555',
    };
    expect(resolve('out@contoso.com', { contacts })).toBe('outside SMTP partner.example x@partner.example');
    expect(resolve('chain@contoso.com', { contacts })).toBe('outside SMTP partner.example x@partner.example');
    expect(resolve('in@contoso.com', { contacts })).toBe('mailbox u1@contoso.com');
    expect(resolve('gone@contoso.com', { contacts })).toBe('5.1.1');
    expect(resolve('fax@contoso.com', { contacts })).toBe('outside FAX 555 FAX:555');
  });

  test('RR-07: a long chain of contacts is followed without recursion', () => {
    const count = shareOf(20_000);
    const contacts = Object.fromEntries(
      Array.from({ length: count }, (_, n) => [
        `c${n}@contoso.com`,
        n + 1 < count ? `c${n + 1}@contoso.com` : 'u1@contoso.com',
      ]),
    );
    expect(resolve('c0@contoso.com', { contacts })).toBe('mailbox u1@contoso.com');
  });

  test('RR-06: forwarding in circles is returned', () => {
    const contacts = { 'a@contoso.com': 'b@contoso.com', 'b@contoso.com': 'a@contoso.com' };
    expect(resolve('a@contoso.com', { contacts })).toBe('5.4.6');
  });

  test('an id resolves as its address does', () => {
    const topology = topologyOf({ ...base, contacts: { 'out@contoso.com': 'x@partner.example' } });
    for (const [id, address] of topology.recipients.addresses.entries()) {
      expect(resolveRecipient(topology, id)).toEqual(resolveAddress(topology, address));
    }
  });
});

describe('expanding a group', () => {
  function expand(more: OrganizationShorthand, group: string, server = 0): string[] {
    const topology = topologyOf({ ...base, ...more });
    const members = expandGroup(topology, topology.recipients.find(group), server);
    return members.map(({ resolved }) => describeResolved(topology, resolved));
  }

  test('RR-02: members in the order of the list, resolved, unknown ones included', () => {
    const groups = [
      {
        address: 'all@contoso.com',
        members: ['u2@contoso.com', 'nobody@contoso.com', 'x@partner.example', 'u1@contoso.com'],
      },
    ];
    expect(expand({ groups }, 'all@contoso.com')).toEqual([
      'mailbox u2@contoso.com',
      '5.1.1',
      'outside SMTP partner.example x@partner.example',
      'mailbox u1@contoso.com',
    ]);
  });

  test('RR-06: nested groups are entered, loops are harmless, and everybody stands once', () => {
    const groups = [
      { address: 'a@contoso.com', members: ['u1@contoso.com', 'B@contoso.com', 'a@contoso.com'] },
      {
        address: 'b@contoso.com',
        members: ['a@contoso.com', 'U1@contoso.com', 'out@contoso.com', 'u2@contoso.com'],
      },
    ];
    const contacts = { 'out@contoso.com': 'x@partner.example', 'me@contoso.com': 'u2@contoso.com' };
    expect(expand({ groups, contacts }, 'a@contoso.com')).toEqual([
      'mailbox u1@contoso.com',
      'outside SMTP partner.example x@partner.example',
      'mailbox u2@contoso.com',
    ]);
  });

  test('RT-17: a nested group with an expansion server stays a group everywhere but there', () => {
    const groups = [
      { address: 'a@contoso.com', members: ['b@contoso.com'] },
      { address: 'b@contoso.com', members: ['u1@contoso.com', 'a@contoso.com'], expansionServer: 'A2' },
    ];
    expect(expand({ groups }, 'a@contoso.com', 0)).toEqual(['group b@contoso.com on 1']);
    expect(expand({ groups }, 'a@contoso.com', 1)).toEqual(['mailbox u1@contoso.com']);
  });

  test('a group nested deeply is expanded without recursion', () => {
    const count = shareOf(20_000);
    const groups = Array.from({ length: count }, (_, n) => ({
      address: `g${n}@contoso.com`,
      members: [n + 1 < count ? `g${n + 1}@contoso.com` : 'u1@contoso.com'],
    }));
    expect(expand({ groups }, 'g0@contoso.com')).toEqual(['mailbox u1@contoso.com']);
  });

  test('RR-07: a contact that leads to a group brings its members', () => {
    const groups = [
      { address: 'a@contoso.com', members: ['c@contoso.com'] },
      { address: 'b@contoso.com', members: ['u1@contoso.com'] },
    ];
    expect(expand({ groups, contacts: { 'c@contoso.com': 'b@contoso.com' } }, 'a@contoso.com')).toEqual([
      'mailbox u1@contoso.com',
    ]);
  });
});
