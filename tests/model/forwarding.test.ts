import { describe, expect, it } from 'vitest';
import { resolveMessage } from '../../src/routing/index.js';
import { randomStreams } from '../../src/sim/kernel/index.js';
import {
  deterministicHardware,
  domain,
  type RunningOrganization,
  run,
  type SmallOrganization,
} from './small-organization.js';

const hour = 3_600_000;
type Mailboxes = NonNullable<SmallOrganization['mailboxes']>;

const at = (name: string) => `${name}@${domain}`;
const to = (forwardTo: string, more: object = {}) => ({
  database: 'DB1',
  forwardTo: forwardTo.includes('@') ? forwardTo : at(forwardTo),
  ...more,
});
const keep = (forwardTo: string) => to(forwardTo, { deliverAndForward: true });

/** One server, one database, a way out, and somebody, `s`, who sends. */
const small = (mailboxes: Mailboxes, more: Partial<SmallOrganization> = {}): SmallOrganization => ({
  servers: { S1: 'A' },
  databases: { DB1: ['S1'] },
  mailboxes: { s: 'DB1', ...mailboxes },
  connectors: [{ name: 'Internet', sourceServers: ['S1'] }],
  ...more,
});

/** How the recipients of the mail of a run ended, in order of their names, and those of the reports on it. */
function endsOf({ simulation, model, recorder }: RunningOrganization) {
  simulation.runUntil(simulation.nowMs + hour);
  const fates = model.audit();
  expect(fates.alive).toBe(0);
  const submitted = recorder.submitted_.reduce((sum, { recipients }) => sum + recipients, 0);
  expect(submitted + recorder.expandedNet).toBe(recorder.ended_.length);
  const spell = (kind: string) =>
    recorder.ended_
      .filter((row) => row.kind === kind)
      .map(({ recipient, end, code }) => {
        const name = model.addressBook.address(recipient).replace(`@${domain}`, '');
        return end === 'delivered' ? name : `${name} ${end} ${code}`;
      })
      .sort();
  return { mail: spell('mail'), reports: spell('ndr'), net: recorder.expandedNet };
}

function sent(organization: SmallOrganization, recipients: readonly string[], from = 's') {
  const running = run(organization);
  running.send(from, recipients);
  return endsOf(running);
}

describe('forwarding', () => {
  it('RR-07: mail goes to the forwarding address instead: net 0', () => {
    expect(sent(small({ a: to('b'), b: 'DB1' }), ['a'])).toEqual({ mail: ['b'], reports: [], net: 0 });
  });

  it('RR-07: with deliver-and-forward both get it: net 1', () => {
    expect(sent(small({ a: keep('b'), b: 'DB1' }), ['a'])).toEqual({ mail: ['a', 'b'], reports: [], net: 1 });
  });

  it('RR-07: chains of mailboxes and contacts are followed to their end, also outside', () => {
    const mailboxes = { a: to('b'), b: keep('c'), d: to('x@partner.example') };
    const contacts = { c: at('d') };
    expect(sent(small(mailboxes, { contacts }), ['a'])).toEqual({
      mail: ['b', 'x@partner.example'],
      reports: [],
      net: 1,
    });
  });

  it('RR-06: mailboxes that forward to one another and keep a copy get it once each, whoever is addressed', () => {
    const organization = small({ a: keep('b'), b: keep('c'), c: keep('a') });
    for (const recipients of [['a'], ['b'], ['a', 'b'], ['c', 'b', 'a'], ['a', 'a']]) {
      expect(sent(organization, recipients)).toMatchObject({ mail: ['a', 'b', 'c'], reports: [] });
    }
  });

  it('RR-06: one who keeps it is enough: the others of the circle get nothing, and nobody is told', () => {
    const organization = small({ a: to('b'), b: keep('c'), c: to('a') });
    for (const recipients of [['a'], ['b'], ['c'], ['a', 'b', 'c']]) {
      expect(sent(organization, recipients)).toMatchObject({ mail: ['b'], reports: [] });
    }
  });

  it('RR-06: a circle in which nobody keeps it returns it: 5.4.6', () => {
    const organization = small({ a: to('b'), b: to('c'), c: to('b') });
    expect(sent(organization, ['a'])).toEqual({ mail: ['a returned 5.4.6'], reports: ['s'], net: 0 });
    // The report of it would go round, too: nobody reports on a report.
    expect(sent(organization, ['nobody'], 'c')).toMatchObject({
      mail: ['nobody returned 5.1.1'],
      reports: ['c returned 5.4.6'],
    });
  });

  it('RR-08: a forwarding address of a relay domain that nobody has goes out, one of nobody here returns', () => {
    const organization = small({ a: keep('x@else.example'), b: keep('gone') });
    expect(sent(organization, ['a', 'b'])).toEqual({
      mail: ['a', 'b', 'gone returned 5.1.1', 'x@else.example'],
      reports: ['s'],
      net: 2,
    });
  });

  it('RR-06, RR-07: who gets the message anyway does not get it by forwarding again, in whatever order they stand', () => {
    const organization = small({ a: keep('b'), b: 'DB1', c: to('b'), o: keep('x@partner.example') });
    for (const recipients of [
      ['a', 'b'],
      ['b', 'a'],
      ['c', 'b', 'a'],
      ['a', 'c'],
      ['b', 'c', 'a'],
    ]) {
      const expected = recipients.includes('a') ? ['a', 'b'] : ['b'];
      expect(sent(organization, recipients)).toMatchObject({ mail: expected, reports: [] });
    }
    for (const recipients of [
      ['o', 'x@partner.example'],
      ['x@partner.example', 'o'],
    ]) {
      expect(sent(organization, recipients)).toMatchObject({ mail: ['o', 'x@partner.example'] });
    }
  });

  it('RR-06: groups and forwarding that lead to one another are harmless', () => {
    const groups = [{ address: at('g'), members: [at('a'), at('b'), at('c')] }];
    const organization = small({ a: keep('g'), b: to('g'), c: 'DB1', d: keep('a') }, { groups });
    for (const recipients of [['a'], ['g'], ['a', 'b'], ['b', 'g', 'a']]) {
      expect(sent(organization, recipients)).toMatchObject({ mail: ['a', 'c'], reports: [] });
    }
    expect(sent(organization, ['d'])).toMatchObject({ mail: ['a', 'c', 'd'] });
  });

  it('a chain of thousands of groups and forwardings does not exhaust the stack', () => {
    const length = 5_000;
    const numbers = Array.from({ length }, (_, n) => n);
    const mailboxes = Object.fromEntries(numbers.map((n) => [`m${n}`, keep(`g${n + 1}`)]));
    const groups = [...numbers, length].map((n) => ({
      address: at(`g${n}`),
      members: n === length ? [] : [at(`m${n}`)],
    }));
    const { mail } = sent(small(mailboxes, { groups }), ['g0']);
    expect(mail).toHaveLength(length);
  });
});

describe('forwarding between servers', () => {
  const servers = { A1: 'A', B1: 'B', C1: { site: 'C', roles: ['mailbox'] } } as const;
  const organization = (mailboxes: Mailboxes, more: Partial<SmallOrganization> = {}): SmallOrganization => ({
    links: { 'A-B': 10, 'B-C': 10 },
    servers,
    databases: { DBA: ['A1'], DBB: ['B1'], DBC: ['C1'] },
    mailboxes: { s: 'DBA', b: 'DBB', c: 'DBC', ...mailboxes },
    ...more,
  });

  it('RR-07: it is done once, where the message is categorized first', () => {
    const running = run(
      organization({ f: { database: 'DBC', forwardTo: at('b'), deliverAndForward: true } }),
      {
        ...deterministicHardware,
        mailboxTransport: { submissionReach: 'own-site' },
      },
    );
    running.send('s', ['f']);
    expect(endsOf(running)).toEqual({ mail: ['b', 'f'], reports: [], net: 1 });
    const hopsOf = (name: string) =>
      running.recorder.ended_.find(
        ({ recipient }) => running.model.addressBook.address(recipient) === at(name),
      )?.hops;
    // A1 has sent one copy to each site.
    expect([hopsOf('b'), hopsOf('f')]).toEqual([2, 2]);
  });

  it('RR-02: members of a group are forwarded by the server that expands it', () => {
    const running = run(
      organization(
        {
          f: { database: 'DBC', forwardTo: at('s') },
          k: { database: 'DBA', forwardTo: at('g'), deliverAndForward: true },
        },
        { groups: [{ address: at('g'), members: [at('f'), at('b'), at('k')], expansionServer: 'B1' }] },
      ),
      {
        ...deterministicHardware,
        transport: { connectTimeout: 0 },
        mailboxTransport: { submissionReach: 'own-site' },
      },
    );
    running.model.beginServerOutage(running.server('B1'));
    running.send('s', ['k']);
    running.simulation.runUntil(30_000);
    expect(
      running.recorder.ended_.map(({ recipient }) => running.model.addressBook.address(recipient)),
    ).toEqual([at('k')]);
    running.model.endServerOutage(running.server('B1'));
    // The group leads back to k, who has it.
    expect(endsOf(running)).toEqual({ mail: ['b', 'k', 's'], reports: [], net: 2 });
  });

  it('a message that is resubmitted or rerouted is not forwarded once more', () => {
    const running = run({
      servers: { A1: 'A', A2: 'A' },
      dags: { D: ['A1', 'A2'] },
      databases: { DB1: ['A1', 'A2'], DB2: ['A2'] },
      mailboxes: { s: 'DB2', a: keep('b'), b: 'DB1', c: 'DB1' },
    });
    const { model, simulation } = running;
    const database = running.database('DB1');
    running.send('s', ['a']);
    simulation.runUntil(1_000);
    model.beginDatabaseOutage(database);
    running.send('s', ['a', 'b', 'c']);
    simulation.runUntil(60_000);
    for (const server of [0, 1]) model.resubmitQueues(server, () => true);
    simulation.runUntil(90_000);
    model.activateDatabase(database, running.server('A2'), model.dismountDatabase(database));
    model.endDatabaseOutage(database);
    expect(endsOf(running).mail).toEqual(['a', 'a', 'b', 'b', 'c']);
  });
});

describe('senders that a mailbox takes mail from', () => {
  const only = (...senders: string[]) => ({ database: 'DB1', acceptOnlyFrom: senders });
  const organization = small(
    {
      a: only(at('S'), 'x@partner.example'),
      b: only(at('a')),
      f: to('b'),
      k: keep('b'),
      r: 'DB1',
    },
    { groups: [{ address: at('g'), members: [at('a'), at('b')] }] },
  );

  it('5.7.1: mail from others is returned, from those on the list not', () => {
    expect(sent(organization, ['a'])).toMatchObject({ mail: ['a'] });
    expect(sent(organization, ['a'], 'X@Partner.example')).toMatchObject({ mail: ['a'] });
    expect(sent(organization, ['a', 's'], 'r')).toEqual({
      mail: ['a returned 5.7.1', 's'],
      reports: ['r'],
      net: 0,
    });
    expect(sent(organization, ['a'], 'y@partner.example').mail).toEqual(['a returned 5.7.1']);
  });

  it('5.7.1: members of a group are asked one by one', () => {
    expect(sent(organization, ['g'])).toEqual({ mail: ['a', 'b returned 5.7.1'], reports: ['s'], net: 1 });
  });

  it('5.7.1: who gets it by forwarding is asked about the sender, not about the one who forwards', () => {
    expect(sent(organization, ['f'])).toEqual({ mail: ['b returned 5.7.1'], reports: ['s'], net: 0 });
    expect(sent(organization, ['k'])).toEqual({ mail: ['b returned 5.7.1', 'k'], reports: ['s'], net: 1 });
    expect(sent(organization, ['f', 'k'], 'a')).toMatchObject({ mail: ['b', 'k'], reports: [] });
  });

  it('5.7.1: reports reach every mailbox', () => {
    expect(sent(organization, ['nobody'], 'b')).toMatchObject({
      mail: ['nobody returned 5.1.1'],
      reports: ['b'],
    });
  });
});

describe('any forwarding', () => {
  it('RR-06: gives what resolving the message at once gives, everybody once but by groups, and the sums close', () => {
    for (let round = 0; round < 300; round++) {
      const draw = randomStreams('forwarding', round)('organization');
      const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)]!;
      const names = ['a', 'b', 'c', 'd', 'e'];
      const anybody = [...names, 'g', 'h', 'x'];
      const address = (name: string) => (name === 'x' ? 'x@partner.example' : at(name));
      const mailboxes = Object.fromEntries(
        names.map((name) => [
          name,
          draw() < 0.4
            ? 'DB1'
            : {
                ...to(address(pick(anybody)), { deliverAndForward: draw() < 0.5 }),
                ...(draw() < 0.2 ? { acceptOnlyFrom: [at(pick(['s', 'a']))] } : {}),
              },
        ]),
      );
      const groups = ['g', 'h'].map((name) => ({
        address: at(name),
        members: anybody.filter(() => draw() < 0.4).map(address),
      }));
      const organization = small(mailboxes, { groups });
      const recipients = anybody.filter(() => draw() < 0.4);
      if (recipients.length === 0) continue;
      const running = run(organization);
      running.send('s', recipients.map(address));
      const { mail } = endsOf(running);
      const { topology } = running.model;
      const expected = resolveMessage(topology, recipients.map(address), 0, at('s')).map(({ resolved }) => {
        if (resolved.kind === 'ndr')
          return `${resolved.address.replace(`@${domain}`, '')} returned ${resolved.ndr.code}`;
        if (resolved.kind === 'outside') return resolved.address;
        return topology.recipients.addresses[resolved.recipient]!.replace(`@${domain}`, '');
      });
      expect([...new Set(mail)], JSON.stringify({ mailboxes, groups, recipients })).toEqual(
        [...new Set(expected)].sort(),
      );
      if (recipients.some((name) => name === 'g' || name === 'h')) continue;
      const arrived = mail.filter((end) => !end.includes(' '));
      const forwardsToGroups = Object.values(mailboxes).some(
        (each) => typeof each !== 'string' && /^[gh]@/.test(each.forwardTo),
      );
      if (!forwardsToGroups) expect(arrived).toEqual([...new Set(arrived)]);
    }
  });
});
