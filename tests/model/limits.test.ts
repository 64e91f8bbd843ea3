import { describe, expect, it } from 'vitest';
import { deterministicHardware, run, type SmallOrganization } from './small-organization.js';

const hour = 3_600_000;
const megabyte = 1_024 * 1_024;
const outside = 'somebody@partner.example';

const oneServer: SmallOrganization = {
  servers: { A1: 'A' },
  databases: { DB: ['A1'], DB2: ['A1'] },
  mailboxes: {
    a: 'DB',
    b: 'DB2',
    wide: { database: 'DB', maxReceiveSizeBytes: 50 * megabyte },
    narrow: { database: 'DB', maxReceiveSizeBytes: megabyte },
  },
  connectors: [{ name: 'Internet', sourceServers: ['A1'] }],
};

/** How each recipient of the mail (not of notifications) ended, and how many notifications were made. */
function sent(
  transport: Readonly<Record<string, number>>,
  from: string,
  to: readonly string[],
  sizeBytes: number,
  small = oneServer,
) {
  const running = run(small, { ...deterministicHardware, transport });
  running.send(from, to, sizeBytes);
  running.simulation.runUntil(hour);
  expect(running.model.audit().alive).toBe(0);
  const { ended_, submitted_ } = running.recorder;
  const ends = ended_
    .filter(({ kind }) => kind === 'mail')
    .map(({ recipient, end, code }) => {
      const name = running.model.recipientAddress(recipient).replace('@contoso.com', '');
      return `${name} ${code ?? end}`;
    });
  return {
    ends: ends.sort(),
    notifications: submitted_.filter(({ kind }) => kind === 'ndr').length,
    servers: ended_.filter(({ kind }) => kind === 'mail').map(({ server }) => server),
  };
}

describe('sizes', () => {
  it('SZ: what is larger than users may send returns as a whole (5.3.4), what is as large does not', () => {
    expect(sent({}, 'a', ['b', outside], 10 * megabyte)).toMatchObject({
      ends: ['b delivered', `${outside} delivered`],
      notifications: 0,
    });
    expect(sent({}, 'a', ['b', outside], 10 * megabyte + 1)).toMatchObject({
      ends: ['b 5.3.4', `${outside} 5.3.4`],
      notifications: 1,
    });
  });

  it('SZ: what is larger than recipients may receive returns from those inside the organization (5.2.3)', () => {
    const limits = { maxReceiveSize: megabyte };
    expect(sent(limits, 'a', ['b', outside], 2 * megabyte)).toMatchObject({
      ends: ['b 5.2.3', `${outside} delivered`],
      notifications: 1,
    });
  });

  it("SZ-02: between users the recipient's own limit stands in the place of the organization's", () => {
    const limits = { maxReceiveSize: 2 * megabyte };
    expect(sent(limits, 'a', ['b', 'narrow', 'wide'], 1.5 * megabyte).ends).toEqual([
      'b delivered',
      'narrow 5.2.3',
      'wide delivered',
    ]);
    expect(sent(limits, 'a', ['b', 'narrow', 'wide'], 3 * megabyte).ends).toEqual([
      'b 5.2.3',
      'narrow 5.2.3',
      'wide delivered',
    ]);
    // What is as large as the limit is not larger.
    expect(sent(limits, 'a', ['narrow'], megabyte).ends).toEqual(['narrow delivered']);
    expect(sent(limits, 'a', ['narrow'], megabyte + 1).ends).toEqual(['narrow 5.2.3']);
    // The recipient's limit says nothing about what the sender may send.
    expect(sent({}, 'a', ['wide'], 11 * megabyte).ends).toEqual(['wide 5.3.4']);
  });

  it('SZ-02: mail from outside gets no more by the limit of a user', () => {
    const limits = { maxReceiveSize: 2 * megabyte };
    expect(sent(limits, outside, ['wide'], 3 * megabyte).ends).toEqual(['wide 5.3.4']);
    expect(sent(limits, outside, ['wide', 'narrow'], 1.5 * megabyte).ends).toEqual([
      'narrow 5.2.3',
      'wide delivered',
    ]);
  });

  it('NDR-01: an outside message that is refused before it is accepted is reported by its own server', () => {
    expect(sent({}, outside, ['b'], 10 * megabyte + 1)).toEqual({
      ends: ['b 5.3.4'],
      notifications: 0,
      servers: [-1],
    });
    // After acceptance it is ours: the recipient's own limit is known to the categorizer only.
    expect(sent({}, outside, ['narrow'], 2 * megabyte)).toEqual({
      ends: ['narrow 5.2.3'],
      notifications: 1,
      servers: [0],
    });
  });

  it('SZ: Transport takes 35 MB of a sender outside, however much a mailbox may receive', () => {
    const limits = { maxReceiveSize: 100 * megabyte };
    expect(sent(limits, outside, ['b'], 35 * megabyte).ends).toEqual(['b delivered']);
    expect(sent(limits, outside, ['b'], 35 * megabyte + 1)).toEqual({
      ends: ['b 5.3.4'],
      notifications: 0,
      servers: [-1],
    });
    const more = { ...limits, receiveConnectorMaxMessageSize: 40 * megabyte };
    expect(sent(more, outside, ['b'], 40 * megabyte).ends).toEqual(['b delivered']);
    // Users and servers of the organization have no such limit.
    expect(sent({ ...limits, maxSendSize: 100 * megabyte }, 'a', ['b'], 50 * megabyte).ends).toEqual([
      'b delivered',
    ]);
  });

  it('NDR-04: notifications have no size, but for what they take up', () => {
    // The report of a 2 MB message has the original attached, and its recipient may receive 1 MB.
    const running = run(oneServer, {
      ...deterministicHardware,
      transport: { maxReceiveSize: megabyte, maxSendSize: 10 * megabyte },
    });
    running.send('a', ['b'], 2 * megabyte);
    running.simulation.runUntil(hour);
    const ends = running.recorder.ended_.map(({ kind, end }) => `${kind} ${end}`);
    expect(ends).toEqual(['mail returned', 'ndr delivered']);
  });
});

describe('recipients', () => {
  const members = ['a', 'b', 'wide', 'narrow'].map((name) => `${name}@contoso.com`);
  const grouped: SmallOrganization = { ...oneServer, groups: [{ address: 'all@contoso.com', members }] };

  it('RR-04: a message with more recipients than a message may have returns as a whole (5.5.3)', () => {
    const limits = { maxRecipientEnvelopeLimit: 2 };
    expect(sent(limits, 'a', ['b', 'wide'], 1_024)).toMatchObject({
      ends: ['b delivered', 'wide delivered'],
    });
    expect(sent(limits, 'a', ['b', 'wide', 'narrow'], 1_024)).toMatchObject({
      ends: ['b 5.5.3', 'narrow 5.5.3', 'wide 5.5.3'],
      notifications: 1,
    });
    expect(sent(limits, outside, ['b', 'wide', 'narrow'], 1_024)).toMatchObject({
      ends: ['b 5.5.3', 'narrow 5.5.3', 'wide 5.5.3'],
      notifications: 0,
    });
  });

  it('RR-04: a group counts as one, whatever its members, also on the servers after the first', () => {
    expect(sent({ maxRecipientEnvelopeLimit: 1 }, 'a', ['all'], 1_024, grouped).ends).toEqual([
      'a delivered',
      'b delivered',
      'narrow delivered',
      'wide delivered',
    ]);
    const twoSites: SmallOrganization = {
      links: { 'A-B': 10 },
      servers: { A1: 'A', B1: 'B' },
      databases: { DBA: ['A1'], DBB: ['B1'] },
      mailboxes: { a: 'DBA', b: 'DBB', c: 'DBB', d: 'DBB' },
      groups: [{ address: 'g@contoso.com', members: ['b', 'c', 'd'].map((name) => `${name}@contoso.com`) }],
    };
    expect(sent({ maxRecipientEnvelopeLimit: 1 }, 'a', ['g'], 1_024, twoSites).ends).toEqual([
      'b delivered',
      'c delivered',
      'd delivered',
    ]);
  });

  describe('of a sender outside', () => {
    const people = (count: number) => Array.from({ length: count }, (_, n) => `m${n}`);
    const crowd: SmallOrganization = {
      servers: { C1: { site: 'A', roles: ['client-access'] }, A1: { site: 'A', roles: ['mailbox'] } },
      databases: { DB: ['A1'] },
      mailboxes: Object.fromEntries(people(450).map((name) => [name, 'DB'])),
      groups: [{ address: 'g@contoso.com', members: ['m0@contoso.com', 'm1@contoso.com'] }],
    };
    const offered = (
      to: readonly string[],
      settings: Readonly<Record<string, number>> = {},
      small = crowd,
    ) => {
      const running = run(small, { ...deterministicHardware, transport: settings });
      running.send(outside, to, 1_024);
      running.simulation.runUntil(hour);
      const { delivered, alive } = running.model.audit();
      expect(alive).toBe(0);
      return { ...running, delivered };
    };

    it('SZ, A-receive-connectors: a front end takes the first 200; the sender resends to the others at once', () => {
      // The batches of 20 addresses, at 10 ms, show how many were categorized together: 165, 165 and 95 ms.
      const { recorder, delivered } = offered(people(450));
      expect([delivered, recorder.categorized_]).toEqual([450, 3]);
      const times = recorder.ended_.map(({ recipient, stageMs }) => [recipient, stageMs['categorizer']!]);
      const timeOf = new Map(times.map(([recipient, ms]) => [recipient!, ms!]));
      expect([0, 199, 200, 399, 400, 449].map((each) => timeOf.get(each))).toEqual([
        165, 165, 165, 165, 95, 95,
      ]);
      expect(offered(people(200)).recorder.categorized_).toBe(1);
      expect(offered(people(201)).recorder.categorized_).toBe(2);
    });

    it('SZ: so many as are set; each part is a message by every other limit', () => {
      expect(offered(people(9), { maxRecipientsPerMessage: 3 }).recorder.categorized_).toBe(3);
      // Two connections a minute: the third part is offered again in a quarter of an hour.
      const { recorder } = offered(people(3), { maxRecipientsPerMessage: 1, maxConnectionRatePerMinute: 2 });
      expect(recorder.ended_.map(({ stageMs }) => stageMs['retryWait']! > 0)).toEqual([false, false, true]);
      // RR-04: none of the parts has too many recipients.
      const parts = { maxRecipientsPerMessage: 2, maxRecipientEnvelopeLimit: 2 };
      expect(offered(people(5), parts).delivered).toBe(5);
    });

    it('RR-06: who is in both parts has one message, and a duplicate that the store removes', () => {
      const { recorder, delivered } = offered(['g', 'm2', 'm0'], { maxRecipientsPerMessage: 2 });
      expect(delivered).toBe(3);
      expect(recorder.duplicates).toHaveLength(1);
    });

    it('SZ: an Edge does the same, and a Transport service takes any number of users', () => {
      const toEdge = offered(people(450), {}, { ...crowd, edges: { E1: 'A' } });
      // Three times on the Edge, three times inside.
      expect([toEdge.delivered, toEdge.recorder.categorized_]).toEqual([450, 6]);
      const inside = run(crowd, deterministicHardware);
      inside.send('m0', people(450));
      inside.simulation.runUntil(hour);
      expect(inside.recorder.categorized_).toBe(1);
    });
  });

  it('RR-03: after expansion a copy has so many recipients at most, and goes on as several', () => {
    const names = Array.from({ length: 25 }, (_, n) => `m${n}`);
    const wide: SmallOrganization = {
      ...oneServer,
      mailboxes: { a: 'DB', ...Object.fromEntries(names.map((name, n) => [name, n < 15 ? 'DB' : 'DB2'])) },
      groups: [{ address: 'all@contoso.com', members: names.map((name) => `${name}@contoso.com`) }],
    };
    const copies = (expansionSizeLimit: number) => {
      const running = run(wide, { ...deterministicHardware, transport: { expansionSizeLimit } });
      const before = running.model.messagesInFlight;
      running.send('a', ['all'], 1_024);
      // Accepted after 20 + 10 + 100 ms, categorized 75 + 10 ms later (26 addresses): the copies are in their queues.
      running.simulation.runUntil(216);
      const inQueues = [0, 1].map((queue) => running.model.queueMessages(queue));
      running.simulation.runUntil(hour);
      expect(running.model.audit()).toMatchObject({ alive: 0, delivered: 25 });
      expect(running.model.messagesInFlight).toBe(before);
      return inQueues;
    };
    expect(copies(1_000)).toEqual([1, 1]);
    expect(copies(25)).toEqual([1, 1]);
    // Members 1 to 10, 11 to 20 and 21 to 25: the second ten are in both databases.
    expect(copies(10)).toEqual([2, 2]);
    expect(copies(5)).toEqual([3, 2]);
  });
});

describe('hops', () => {
  /** A row of hub sites: every one of them is a stop. */
  const row = (sites: number): SmallOrganization => {
    const names = Array.from({ length: sites }, (_, n) => `S${n + 1}`);
    return {
      links: Object.fromEntries(names.slice(1).map((name, n) => [`${names[n]!}-${name}`, 10])),
      sites: names.map((name) => ({ name, hub: true })),
      servers: Object.fromEntries(names.map((name) => [`${name}M`, name])),
      databases: { first: ['S1M'], last: [`${names.at(-1)!}M`] },
      mailboxes: { a: 'first', z: 'last' },
    };
  };
  const travelled = (sites: number, transport: Readonly<Record<string, number>> = {}) => {
    const running = run(row(sites), {
      ...deterministicHardware,
      transport,
      mailboxTransport: { submissionReach: 'own-site' },
    });
    running.send('a', ['z']);
    running.simulation.runUntil(hour);
    expect(running.model.audit().alive).toBe(0);
    return running.recorder.ended_.map(({ kind, end, hops, server, code }) => ({
      ...{ kind, end, hops, code },
      server: running.model.topology.servers[server]!.name,
    }));
  };

  it('SZ-03: each Transport service that accepts a message adds a hop, and eight are the most inside', () => {
    expect(travelled(8)).toEqual([{ kind: 'mail', end: 'delivered', hops: 8, code: null, server: 'S8M' }]);
  });

  it('SZ-03: the ninth does not accept it; the eighth returns it (5.4.6), and the report starts anew', () => {
    expect(travelled(9)).toEqual([
      { kind: 'mail', end: 'returned', hops: 8, code: '5.4.6', server: 'S8M' },
      // It was made on the eighth server: seven more accept it.
      { kind: 'ndr', end: 'delivered', hops: 7, code: null, server: 'S1M' },
    ]);
  });

  it('NDR-01, SZ-03: it is refused when its headers have come, and the report names the server that refused it', () => {
    for (const bandwidthBitsPerSecond of [undefined, 1_000]) {
      const link = bandwidthBitsPerSecond === undefined ? {} : { bandwidthBitsPerSecond };
      const { simulation, model, recorder, server, send } = run(
        { ...row(2), links: { 'S1-S2': { cost: 10, latencyMs: 10, ...link } } },
        { ...deterministicHardware, transport: { maxLocalHopCount: 0, maxHopCount: 1 } },
        null,
        { S1M: { mailboxTransport: { submissionReach: 'own-site' } } },
      );
      send('a', ['z']);
      simulation.runUntil(hour);
      model.audit();
      const [returned, report] = recorder.ended_;
      expect(returned).toMatchObject({
        end: 'returned',
        server: server('S1M'),
        code: '5.4.6',
        text: "Remote Server at S2M.contoso.com returned '554 5.4.6 Hop count exceeded - possible mail loop'",
        // Stored on S1M alone. Connecting takes 10 ms and two ways, the relay 20 ms and three; its content stays.
        stageMs: { accept: 100, connection: 30, transfer: 50 },
      });
      expect(report).toMatchObject({ kind: 'ndr', end: 'delivered', server: server('S1M') });
      expect(model.linkCarriedBytes(0) + (recorder.linkBytes.get(0) ?? 0)).toBe(0);
    }
  });

  it('SZ-03: with no local limit the one for all hops counts', () => {
    expect(travelled(9, { maxLocalHopCount: 0 })[0]).toMatchObject({ end: 'delivered', hops: 9 });
    expect(travelled(9, { maxLocalHopCount: 0, maxHopCount: 8 })[0]).toMatchObject({ code: '5.4.6' });
    expect(travelled(9, { maxLocalHopCount: 50 })[0]).toMatchObject({ end: 'delivered' });
  });
});
