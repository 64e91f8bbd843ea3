import { describe, expect, test } from 'vitest';
import { type OrganizationShorthand, topologyOf } from '../../tests/conformance/organization-builder.js';
import { findByName } from '../topology/index.js';
import { resolveMessage, resolveOnEdge } from './message-recipients.js';

type Mailbox = NonNullable<OrganizationShorthand['mailboxDescriptions']>[number];

const at = (name: string) => `${name}@contoso.com`;
const mailbox = (name: string, more: Partial<Mailbox> = {}): Mailbox => ({
  address: at(name),
  database: 'DB',
  ...more,
});
const forwarding = (name: string, to: string) => mailbox(name, { forwardTo: at(to) });
const keeping = (name: string, to: string) => mailbox(name, { forwardTo: at(to), deliverAndForward: true });

const base = {
  servers: ['S1@S', 'S2@S'],
  databases: { DB: ['S1'] },
  contacts: { [at('out')]: 'x@partner.example', [at('hop')]: at('out') },
} satisfies OrganizationShorthand;

/** `address: what it comes down to (where it comes from)`, names without their domain. */
function resolve(
  mailboxes: readonly Mailbox[],
  to: readonly string[],
  more: OrganizationShorthand = {},
  sender?: string,
): string[] {
  const topology = topologyOf({ ...base, ...more, mailboxDescriptions: mailboxes });
  const server = findByName(topology.servers, 'S1');
  const { addresses } = topology.recipients;
  const recipients = resolveMessage(
    topology,
    to.map(at),
    server,
    sender === undefined ? undefined : at(sender),
  );
  const short = (address: string) => address.replace('@contoso.com', '');
  return recipients.map(({ address, resolved, expandedFrom, forwardedFrom, forwardedTo }) => {
    const what =
      resolved.kind === 'ndr'
        ? resolved.ndr.code
        : resolved.kind === 'outside'
          ? resolved.address
          : addresses[resolved.recipient]!;
    const origin = [
      ...(expandedFrom === undefined ? [] : [`of ${short(expandedFrom)}`]),
      ...(forwardedFrom === undefined ? [] : [`from ${short(forwardedFrom)}`]),
      ...(forwardedTo === undefined ? [] : [`to ${short(forwardedTo)}`]),
    ];
    return `${short(address)}: ${short(what)}${origin.length > 0 ? ` (${origin.join(', ')})` : ''}`;
  });
}

describe('forwarding', () => {
  test('RR-07: a forwarding address redirects, through as many mailboxes and contacts as there are', () => {
    const chain = [forwarding('a', 'b'), forwarding('b', 'c'), mailbox('c'), forwarding('d', 'hop')];
    expect(resolve(chain, ['a'])).toEqual(['a: c (to c)']);
    expect(resolve(chain, ['d'])).toEqual(['d: x@partner.example (to out)']);
  });

  test('RR-07: with DeliverToMailboxAndForward both get it', () => {
    expect(resolve([keeping('a', 'b'), mailbox('b')], ['a'])).toEqual(['a: a', 'b: b (from a)']);
    // Whoever is named besides gets it once.
    expect(resolve([keeping('a', 'b'), mailbox('b')], ['a', 'b'])).toEqual(['a: a', 'b: b (from a)']);
  });

  test('RR-07: mail that is redirected to a mailbox that keeps and forwards reaches both', () => {
    const mailboxes = [forwarding('p', 'k'), keeping('k', 'a'), mailbox('a')];
    expect(resolve(mailboxes, ['p'])).toEqual(['p: k (to k)', 'a: a (from k)']);
  });

  test('RR-06: mailboxes that keep and forward to one another get the message once each', () => {
    expect(resolve([keeping('a', 'b'), keeping('b', 'a')], ['a'])).toEqual(['a: a', 'b: b (from a)']);
    // On the way round somebody keeps it: harmless, too.
    expect(resolve([keeping('a', 'b'), forwarding('b', 'a')], ['a'])).toEqual(['a: a']);
    expect(resolve([keeping('a', 'b'), forwarding('b', 'a')], ['b'])).toEqual(['b: a (to a)']);
  });

  test('RR-06: a ring of mailboxes that only forward is broken: returned with 5.4.6', () => {
    const ring = [forwarding('a', 'b'), forwarding('b', 'a'), forwarding('self', 'self')];
    expect(resolve(ring, ['a'])).toEqual(['a: 5.4.6']);
    expect(resolve(ring, ['self'])).toEqual(['self: 5.4.6']);
    // Behind a mailbox that keeps it only the copy that was forwarded is returned.
    expect(resolve([...ring, keeping('k', 'a')], ['k'])).toEqual(['k: k', 'a: 5.4.6 (from k)']);
  });

  test('RR-08: who forwards to nobody has the copy returned', () => {
    expect(resolve([forwarding('a', 'nobody')], ['a'])).toEqual(['a: 5.1.1']);
    expect(resolve([keeping('a', 'nobody')], ['a'])).toEqual(['a: a', 'nobody: 5.1.1 (from a)']);
  });

  test('RR-02, RR-07: a forwarding to a group leads to its members, once', () => {
    const groups = [{ address: at('all'), members: [at('b'), at('a')] }];
    expect(resolve([forwarding('a', 'all'), mailbox('b')], ['a'], { groups })).toEqual(['b: b (of all)']);
    expect(resolve([keeping('a', 'all'), mailbox('b')], ['all'], { groups })).toEqual([
      'b: b (of all)',
      'a: a (of all)',
    ]);
  });
});

describe('senders', () => {
  const picky = [
    mailbox('picky', { acceptOnlyFrom: [at('Friend')] }),
    forwarding('a', 'picky'),
    mailbox('gate', { acceptOnlyFrom: [at('friend')], forwardTo: at('a') }),
    mailbox('friend'),
  ];

  test('5.7.1: a mailbox that takes mail from some senders only returns all other', () => {
    expect(resolve(picky, ['picky'], {}, 'stranger')).toEqual(['picky: 5.7.1']);
    expect(resolve(picky, ['picky'], {}, 'FRIEND')).toEqual(['picky: picky']);
    expect(resolve(picky, ['friend'], {}, 'stranger')).toEqual(['friend: friend']);
  });

  test('5.7.1: it is asked of whom mail is forwarded to and of who forwards; without a sender of nobody', () => {
    expect(resolve(picky, ['a'], {}, 'stranger')).toEqual(['a: 5.7.1']);
    expect(resolve(picky, ['gate'], {}, 'stranger')).toEqual(['gate: 5.7.1']);
    expect(resolve(picky, ['gate'], {}, 'friend')).toEqual(['gate: picky (to picky)']);
    expect(resolve(picky, ['picky'])).toEqual(['picky: picky']);
  });
});

describe('groups', () => {
  test('RR-02: a member is called by its own address, whatever it stands for', () => {
    const groups = [{ address: at('all'), members: [at('HOP'), 'guest@elsewhere.example'] }];
    expect(resolve([mailbox('a')], ['all'], { groups })).toEqual([
      'hop: x@partner.example (of all)',
      'guest@elsewhere.example: guest@elsewhere.example (of all)',
    ]);
  });

  test('RR-06: a member is a row of its own, even where it comes down to another member', () => {
    const groups = [{ address: at('all'), members: ['x@partner.example', at('hop'), at('HOP')] }];
    expect(resolve([mailbox('a')], ['all'], { groups })).toEqual([
      'x@partner.example: x@partner.example (of all)',
      'hop: x@partner.example (of all)',
    ]);
  });

  test('RR-02: a group that another server expands stays one', () => {
    const groups = [{ address: at('all'), members: [at('a')], expansionServer: 'S2' }];
    expect(resolve([mailbox('a')], ['all'], { groups })).toEqual(['all: all']);
  });
});

test('RT-56: an Edge has no directory: addresses of the organization are domains like all others', () => {
  expect(resolveOnEdge('SMTP:User@Contoso.com')).toEqual({
    kind: 'outside',
    recipient: -1,
    type: 'SMTP',
    domain: 'contoso.com',
    address: 'User@Contoso.com',
  });
  expect(resolveOnEdge('no address')).toMatchObject({ kind: 'ndr', ndr: { code: '5.1.3' } });
});
