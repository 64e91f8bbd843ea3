import { expect, test } from 'vitest';
import { deterministicHardware, run } from './small-organization.js';

test('CAP-21: a mailbox queue whose database answers again opens its further sessions at once', () => {
  const names = Array.from({ length: 40 }, (_, number) => `u${number}`);
  const { simulation, model, recorder, at, send, database, server } = run(
    {
      links: { 'A-B': { cost: 10, latencyMs: 10 } },
      servers: { A1: 'A', B1: 'B' },
      dags: { DAG1: ['A1', 'B1'] },
      databases: { DB1: ['B1', 'A1'] },
      mailboxes: Object.fromEntries(names.map((name) => [name, 'DB1'])),
    },
    {
      ...deterministicHardware,
      transport: { smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 5 },
    },
  );
  // A1 delivers across the link: the message arrives some time after the session stands.
  model.beginServiceOutage(server('B1'), 'transport');
  at(0, () => {
    model.beginDatabaseOutage(database('DB1'));
    for (const name of names) send('x@out.example', [name]);
  });
  at(60_000, () => model.endDatabaseOutage(database('DB1')));
  simulation.runUntil(3_600_000);
  model.audit();
  const times = recorder.ended_.map(({ atMs }) => atMs);
  expect(times).toHaveLength(40);
  // 40 messages call for 8 sessions: some five rounds of 80 ms and the 30 ms that a message travels. One session would
  // go on with 20 messages before another is opened: 2.2 s.
  expect(Math.max(...times) - Math.min(...times)).toBeLessThan(800);
});

test('CAP-21: a queue whose further session was refused asks for it again after the next message that got through', () => {
  const { simulation, recorder, send, model } = run(
    {
      sites: ['A', 'B'],
      links: { 'A-B': 10 },
      servers: { A1: 'A', B1: 'B' },
      databases: { DBA: ['A1'], DBB: ['B1'] },
      mailboxes: { a: 'DBA', b: 'DBB' },
      connectors: [
        { name: 'OutA', sourceServers: ['A1'], scoped: true },
        { name: 'OutB', sourceServers: ['B1'], scoped: true },
      ],
    },
    {
      hardware: { distribution: { kind: 'deterministic' }, cpuPerMessage: 0 },
      outside: { maxSessionsPerDomain: 2, acceptTime: 1_000 },
      transport: {
        smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 1,
        smtpMaxMessagesPerConnection: 1_000,
      },
    },
  );
  for (let n = 0; n < 30; n++) send('a', ['x@partner.example']);
  for (let n = 0; n < 5; n++) send('b', ['x@partner.example']);
  simulation.runUntil(3_600_000);
  model.audit();
  const from = recorder.ended_.filter(({ end }) => end === 'delivered').map(({ atMs }) => atMs);
  expect(from).toHaveLength(35);
  // The domain takes two sessions: one of A1 and one of B1, until B1 has sent its five; then A1 gets the other one for
  // the 25 that it has left. With one session until it is closed the last is sent after 30 s.
  expect(Math.max(...from)).toBeLessThan(21_000);
});
