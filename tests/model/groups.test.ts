import { describe, expect, it } from 'vitest';
import { deterministicHardware, run, type SmallOrganization } from './small-organization.js';

const minute = 60_000;

describe('distribution groups', () => {
  it('RR-06: groups that hold one another through two expansion servers are harmless: each is expanded once', () => {
    const { simulation, model, recorder, at, send, server } = run(
      {
        servers: { E1: 'A', E2: 'A' },
        databases: { DB1: ['E1'] },
        mailboxes: { u1: 'DB1', u2: 'DB1' },
        groups: [
          { address: 'ga@contoso.com', members: ['u2@contoso.com', 'gb@contoso.com'], expansionServer: 'E1' },
          { address: 'gb@contoso.com', members: ['u2@contoso.com', 'ga@contoso.com'], expansionServer: 'E2' },
        ],
      },
      deterministicHardware,
    );
    at(0, () => send('u1', ['ga']));
    simulation.runUntil(10 * minute);
    // Once by each group: only the store removes that.
    expect(recorder.ended_.map(({ recipient, end }) => [recipient, end])).toEqual([[1, 'delivered']]);
    expect(recorder.duplicates.map(({ recipient }) => recipient)).toEqual([1]);
    expect(model.audit().alive).toBe(0);
    expect(recorder.relays).toBeLessThanOrEqual(3);
    expect(server('E1')).toBe(0);
  });

  /** Groups of u2 and of u3 by a contact; the far one is expanded on E2. */
  const groups = {
    servers: { E1: 'A', E2: 'A' },
    databases: { DB1: ['E1'] },
    mailboxes: { u1: 'DB1', u2: 'DB1', u3: 'DB1', fw: { database: 'DB1', forwardTo: 'friend@contoso.com' } },
    contacts: { c3: 'u3@contoso.com', friend: 'x@out.example' },
    connectors: [{ name: 'Internet', sourceServers: ['E1'] }],
    groups: [
      { address: 'here@contoso.com', members: ['u2@contoso.com', 'c3@contoso.com'] },
      { address: 'friends@contoso.com', members: ['friend@contoso.com'] },
      { address: 'too@contoso.com', members: ['u3@contoso.com', 'u2@contoso.com', 'nobody@contoso.com'] },
      {
        address: 'far@contoso.com',
        members: ['u2@contoso.com', 'x@out.example'],
        expansionServer: 'E2',
      },
    ],
  } satisfies SmallOrganization;

  /** Who ended how, and who got it once more. */
  function sentTo(...to: readonly string[]) {
    const { simulation, model, recorder, send } = run(groups, deterministicHardware);
    send('u1', to);
    simulation.runUntil(10 * minute);
    const { alive, delivered } = model.audit();
    expect(alive).toBe(0);
    const mail = recorder.ended_.filter(({ kind }) => kind === 'mail');
    const made = recorder.submitted_.reduce((sum, { recipients }) => sum + recipients, 0);
    expect(made + recorder.expandedNet).toBe(recorder.ended_.length);
    expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(delivered);
    const name = (recipient: number) => model.recipientAddress(recipient).split('@')[0]!;
    return {
      ends: mail.map(({ recipient, end }) => `${name(recipient)} ${end}`).sort(),
      twice: recorder.duplicates.map(({ recipient }) => name(recipient)).sort(),
    };
  }

  it('RR-06, A-duplicates: who is addressed and in a group of the same server gets one copy', () => {
    const once = { ends: ['u2 delivered', 'u3 delivered'], twice: [] };
    expect(sentTo('u2', 'here', 'u3')).toEqual(once);
    expect(sentTo('here', 'u2')).toEqual(once);
    expect(sentTo('u2', 'u2', 'c3', 'u3')).toEqual(once);
  });

  it('RR-07, A-duplicates: so does who is outside, by contact, by group and by address', () => {
    const once = { ends: ['x delivered'], twice: [] };
    expect(sentTo('friend', 'friends')).toEqual(once);
    expect(sentTo('friends', 'friend', 'x@out.example')).toEqual(once);
    expect(sentTo('friend', 'fw')).toEqual(once);
    expect(sentTo('fw', 'x@out.example', 'friends')).toEqual(once);
  });

  it('RR-06, A-duplicates: so does who is in two groups; nobody is returned twice', () => {
    expect(sentTo('here', 'too', 'too')).toEqual({
      ends: ['nobody returned', 'u2 delivered', 'u3 delivered'],
      twice: [],
    });
  });

  it('RR-06, A-duplicates: what another server has expanded comes once more, and the store removes it', () => {
    expect(sentTo('u2', 'far')).toEqual({ ends: ['u2 delivered', 'x delivered'], twice: ['u2'] });
    expect(sentTo('far', 'here', 'x@out.example')).toEqual({
      ends: ['u2 delivered', 'u3 delivered', 'x delivered'],
      twice: ['u2', 'x'],
    });
    expect(sentTo('far')).toEqual({ ends: ['u2 delivered', 'x delivered'], twice: [] });
  });

  it('RR-06, RR-07, A-duplicates: but nobody by forwarding that another server has followed before', () => {
    const members = ['u', 'f', 'pf', 't'].map((name) => `${name}@contoso.com`);
    const { simulation, model, recorder, send } = run(
      {
        servers: { E1: 'A', E2: 'A' },
        databases: { DB1: ['E1'] },
        mailboxes: {
          ...{ s: 'DB1', u: 'DB1', t: 'DB1', w: 'DB1' },
          f: { database: 'DB1', forwardTo: 't@contoso.com', deliverAndForward: true },
          pf: { database: 'DB1', forwardTo: 'w@contoso.com' },
        },
        groups: ['E1', 'E2'].map((server) => ({
          address: `g${server}@contoso.com`,
          members,
          expansionServer: server,
        })),
      },
      deterministicHardware,
    );
    send('s', ['gE1', 'gE2']);
    simulation.runUntil(10 * minute);
    expect(model.audit().alive).toBe(0);
    const names = (rows: readonly { readonly recipient: number }[]) =>
      rows.map(({ recipient }) => model.recipientAddress(recipient).split('@')[0]!).sort();
    expect(names(recorder.ended_)).toEqual(['f', 't', 'u', 'w']);
    expect(names(recorder.duplicates)).toEqual(['u']);
  });

  /** How long the categorizers take, ms, for a message that reaches 400 mailboxes by themselves or by groups. */
  function categorizedIn(expansionServer: string | null, ...to: readonly string[]) {
    const names = Array.from({ length: 400 }, (_, n) => `m${n}`);
    const addressed = names.map((name) => `${name}@contoso.com`);
    const { simulation, recorder, send } = run(
      {
        servers: { E1: 'A', E2: 'A' },
        databases: { DB1: ['E1'] },
        mailboxes: Object.fromEntries(['u', ...names].map((name) => [name, 'DB1'])),
        groups: [
          {
            address: 'all@contoso.com',
            members: [...addressed.slice(0, 200), 'rest@contoso.com'],
            ...(expansionServer === null ? {} : { expansionServer }),
          },
          { address: 'rest@contoso.com', members: addressed.slice(200) },
        ],
        contacts: { alias: 'all@contoso.com' },
      },
      deterministicHardware,
    );
    send('u', to.length > 0 ? to : names);
    simulation.runUntil(10 * minute);
    const { stageMs, hops } = recorder.ended_[0]!;
    return { ended: recorder.ended_.length, categorizer: stageMs['categorizer'], hops };
  }

  it('RR-01, CAP-64: looking up the members of a group takes as long as looking up recipients, 10 ms for each further 20', () => {
    expect(categorizedIn(null)).toMatchObject({ ended: 400, categorizer: 75 + 19 * 10 });
    // The group is an address, too.
    expect(categorizedIn(null, 'all')).toMatchObject({ ended: 400, categorizer: 75 + 20 * 10 });
    expect(categorizedIn(null, 'alias')).toMatchObject({ ended: 400, categorizer: 75 + 20 * 10 });
    expect(categorizedIn(null, 'u')).toMatchObject({ ended: 1, categorizer: 75 });
  });

  it('RR-01, RR-02: the server that sends a group on looks up one address, the one that expands it all', () => {
    const expanded = ['E1', 'E2'].map((server) => categorizedIn(server, 'all'));
    // The submission server is one of the two: it expands, or sends on to the one that does.
    expect(expanded.map(({ hops }) => hops).sort()).toEqual([1, 2]);
    for (const { ended, hops, categorizer } of expanded) {
      expect([ended, categorizer]).toEqual([400, (hops - 1) * 75 + 75 + 20 * 10]);
    }
  });

  it('RR-02, RT-17: a group is expanded on its expansion server, and waits for it while it is down', () => {
    const { simulation, model, recorder, at, send, server } = run(
      {
        servers: { S1: 'A', E1: { site: 'A', roles: ['mailbox'] } },
        databases: { DB1: ['S1'] },
        mailboxes: { u1: 'DB1', u2: 'DB1' },
        groups: [{ address: 'g@contoso.com', members: ['u2@contoso.com'], expansionServer: 'E1' }],
      },
      { ...deterministicHardware, transport: { connectTimeout: 0 } },
    );
    model.beginServerOutage(server('E1'));
    at(0, () => send('u1', ['g']));
    at(90_000, () => model.endServerOutage(server('E1')));
    simulation.runUntil(minute);
    expect(recorder.expandedNet + recorder.ended_.length).toBe(0);
    expect(model.queueKey(0)).toMatchObject({
      deliveryType: 'SmtpRelayToServers',
      nextHopDomain: 'E1.contoso.com',
    });
    simulation.runUntil(10 * minute);
    expect(recorder.ended_).toMatchObject([{ recipient: 1, end: 'delivered', hops: 2 }]);
  });
});
