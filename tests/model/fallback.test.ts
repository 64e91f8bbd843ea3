import { describe, expect, it } from 'vitest';
import { run } from './small-organization.js';

/**
 * The organization of WE-08, with a mailbox on S1 so that messages to it and to the DAG start in S1's own queue
 * (RT-54: S1 is the nearest group).
 */
function simulateWe08(down: readonly string[]) {
  const organization = run(
    {
      links: { 'S-X': 10, 'X-P': 10, 'S-Q': 50 },
      servers: { S1: 'S', P1: 'P', P2: 'P', N1: 'P', X1: 'X', Q1: 'Q' },
      dags: { DAG1: ['P1', 'P2', 'Q1'] },
      databases: { DB1: ['P1', 'P2', 'Q1'], DBS: ['S1'] },
      mailboxes: { u1: 'DB1', s: 'DBS' },
    },
    {
      hardware: { distribution: { kind: 'deterministic' } },
      transport: { connectTimeout: 0 },
    },
  );
  for (const name of down) organization.model.beginServerOutage(organization.server(name));
  organization.at(0, () => organization.send('s', ['u1', 's']));
  organization.simulation.runUntil(30_000);
  return organization;
}

describe('WE-08 simulated: servers stopped tier by tier', () => {
  const cases = [
    { down: [], acceptedBy: ['P1', 'P2'], tier: 1, reason: 'target-servers', site: 'P' },
    { down: ['P1'], acceptedBy: ['P2'], tier: 1, reason: 'target-servers', site: 'P' },
    { down: ['P1', 'P2'], acceptedBy: ['Q1'], tier: 2, reason: 'other-group-servers', site: 'Q' },
    { down: ['P1', 'P2', 'Q1'], acceptedBy: ['N1'], tier: 3, reason: 'primary-site-servers', site: 'P' },
    { down: ['P1', 'P2', 'Q1', 'N1'], acceptedBy: ['X1'], tier: 4, reason: 'backoff', site: 'X' },
  ];
  for (const { down, acceptedBy, tier, reason, site } of cases) {
    it(`RT-37 to RT-41: with ${down.join(', ') || 'nobody'} down ${acceptedBy.join(' or ')} accepts it`, () => {
      const { recorder, model, server } = simulateWe08(down);
      expect(recorder.relays).toBe(1);
      if (tier === 1) {
        expect(recorder.fallbacks).toEqual([]);
        return;
      }
      expect(recorder.fallbacks).toHaveLength(1);
      const [row] = recorder.fallbacks;
      expect(row).toMatchObject({ server: server('S1'), tier, reason, message: 1 });
      expect(acceptedBy.map(server)).toContain(row!.acceptedBy);
      expect(model.topology.sites[row!.site]!.name).toBe(site);
    });
  }

  it('RT-41: with everybody down it stays in Retry at S1', () => {
    const { recorder, model, server } = simulateWe08(['P1', 'P2', 'Q1', 'N1', 'X1']);
    expect(recorder.relays).toBe(0);
    expect(model.queueStatusNow(0)).toBe('Retry');
    expect(model.queueServer(0)).toBe(server('S1'));
    expect(model.queueKey(0)).toMatchObject({ deliveryType: 'SmtpRelayToDag', nextHopDomain: 'DAG1' });
    expect(model.audit().alive).toBe(1);
  });

  it('RT-29, RT-41: what has backed off is queued anew by the server that took it, and goes on from there', () => {
    const { recorder, model, simulation, server } = simulateWe08(['P1', 'P2', 'Q1', 'N1']);
    model.endServerOutage(server('P1'));
    // With two of its three members the DAG mounts its database again (A-majority).
    model.endServerOutage(server('Q1'));
    simulation.runUntil(10 * 60_000);
    const delivered = recorder.ended_.find(({ recipient }) => recipient === 0);
    expect(delivered).toMatchObject({ end: 'delivered', server: server('P1'), hops: 3 });
  });

  it('UN-07: of equal servers each takes its turn', () => {
    const { recorder, simulation, send, at, server } = simulateWe08([]);
    for (let second = 31; second < 41; second++) at(second * 1_000, () => send('s', ['u1', 's']));
    simulation.runUntil(60_000);
    const byServer = [server('P1'), server('P2')].map(
      (each) =>
        recorder.ended_.filter((row) => row.recipient === 0 && row.hops === 2 && row.server === each).length,
    );
    // The database is on P1: whichever of the two took the message, P1 writes it.
    expect(byServer).toEqual([11, 0]);
    expect(recorder.relays).toBe(11);
  });
});
