import { describe, expect, it } from 'vitest';
import { randomStreams } from '../../src/sim/kernel/index.js';
import type { Organization } from '../../src/topology/index.js';
import { run } from './small-organization.js';

const minute = 60_000;
const servers = ['A1', 'A2', 'B1', 'C1', 'C2'];

/** Changes, drains and outages at random, over one another; nothing is lost or held twice. */
function randomRun(seed: number) {
  const draw = randomStreams(String(seed), 1)('faults');
  const organization = run({
    sites: ['A', 'B', 'C'],
    links: { 'A-C': 10, 'A-B': 5, 'B-C': 6 },
    servers: { A1: 'A', A2: 'A', B1: 'B', C1: 'C', C2: 'C' },
    dags: { D: ['A2', 'C2'] },
    databases: { DBA: ['A1'], DBB: ['B1'], DBC: ['C1'], DBD: ['A2', 'C2'] },
    mailboxes: { a: 'DBA', b: 'DBB', c: 'DBC', d: 'DBD' },
    connectors: [
      { name: 'K', sourceServers: ['C1', 'C2'] },
      { name: 'L', sourceServers: ['A1'], smartHosts: ['hub.example'], enabled: false },
    ],
  });
  const { model, simulation, at, send, server } = organization;
  const someServer = () => server(servers[Math.floor(draw() * servers.length)]!);
  const changes: readonly ((organization: Organization) => Organization)[] = [
    (base) => ({ ...base, sites: base.sites.map((site) => ({ ...site, hub: site.name === 'B' })) }),
    (base) => ({ ...base, siteLinks: base.siteLinks.map((link) => ({ ...link, cost: link.cost ** 2 })) }),
    (base) => ({ ...base, connectors: base.connectors.map((each) => ({ ...each, enabled: !each.enabled })) }),
    (base) => ({
      ...base,
      connectors: base.connectors.map((each) => ({ ...each, smartHosts: ['other.example'] })),
    }),
    (base) => ({
      ...base,
      sites: base.sites.map((site) => ({ ...site, inboundMail: site.name !== 'C' && site.inboundMail })),
    }),
  ];
  const span = (begin: () => void, end: () => void) => {
    const beginMs = draw() * 60 * minute;
    at(beginMs, begin);
    at(beginMs + draw() * 40 * minute, end);
  };
  for (const [site, apply] of changes.entries()) {
    const change = { subject: String(site), site: site % 3, apply };
    span(
      () => model.routingChanges.begin(change),
      () => model.routingChanges.end(change),
    );
  }
  for (let n = 0; n < 4; n++) {
    const from = someServer();
    const drain = { subject: String(n), server: from, to: [(from + 1) % 5, (from + 3) % 5] };
    span(
      () => model.drains.begin(drain),
      () => model.drains.end(drain),
    );
    const down = someServer();
    span(
      () => model.beginServerOutage(down),
      () => model.endServerOutage(down),
    );
    const service = someServer();
    span(
      () => model.beginServiceOutage(service, 'transport'),
      () => model.endServiceOutage(service, 'transport'),
    );
  }
  const everybody = ['a', 'b', 'c', 'd', 'x@partner.example'];
  for (let n = 0; n < 300; n++) {
    const from = everybody[n % everybody.length]!;
    at(n * 15_000, () => send(from, everybody));
  }
  for (let hour = 0; hour < 6; hour++) {
    simulation.runUntil((hour + 1) * 20 * minute);
    model.audit();
  }
  simulation.runUntil(6 * 60 * minute);
  return organization;
}

describe('changes, drains and outages over one another', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'AS-13, QU-12, SZ-03: run %i delivers all that does not go round',
    (seed) => {
      const { model, recorder } = randomRun(seed);
      expect(model.audit()).toMatchObject({ alive: 0, lost: 0, expired: 0 });
      // While servers disagree about the connectors, mail for the outside may go round (SZ-03); no other comes back.
      const returned = recorder.ended_.filter(({ end }) => end !== 'delivered');
      for (const { recipient, code } of returned) {
        expect([code, model.recipientAddress(recipient)]).toEqual(['5.4.6', 'x@partner.example']);
      }
      for (const { atMs, submittedMs, stageMs } of recorder.ended_) {
        expect(Object.values(stageMs).reduce((sum, each) => sum + each)).toBe(atMs - submittedMs);
      }
    },
  );
});
