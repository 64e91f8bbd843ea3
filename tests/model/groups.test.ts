import { describe, expect, it } from 'vitest';
import { deterministicHardware, run } from './small-organization.js';

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
    // Once by each group: what is delivered twice, only the store removes.
    expect(recorder.ended_.map(({ recipient, end }) => [recipient, end])).toEqual([
      [1, 'delivered'],
      [1, 'delivered'],
    ]);
    expect(model.audit().alive).toBe(0);
    expect(recorder.relays).toBeLessThanOrEqual(3);
    expect(server('E1')).toBe(0);
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
