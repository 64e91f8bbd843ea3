import { expect, test } from 'vitest';
import { deterministicHardware, run } from './small-organization.js';

test('CAP-21: a mailbox queue whose database answers again opens its further sessions at once', () => {
  const names = Array.from({ length: 40 }, (_, number) => `u${number}`);
  const { simulation, model, recorder, at, send, database } = run(
    {
      sites: ['A'],
      servers: { A1: 'A' },
      databases: { DB1: ['A1'] },
      mailboxes: Object.fromEntries(names.map((name) => [name, 'DB1'])),
    },
    {
      ...deterministicHardware,
      transport: { smtpConnectorQueueMessageCountThresholdForConcurrentConnections: 5 },
    },
  );
  at(0, () => {
    model.beginDatabaseOutage(database('DB1'));
    for (const name of names) send('x@out.example', [name]);
  });
  at(60_000, () => model.endDatabaseOutage(database('DB1')));
  simulation.runUntil(3_600_000);
  model.audit();
  const times = recorder.ended_.map(({ atMs }) => atMs);
  expect(times).toHaveLength(40);
  // 40 messages call for 8 sessions: five rounds of 80 ms, the first of them by the session that found it well again,
  // alone. One session would go on with 20 messages before another is opened: 1.6 s.
  expect(Math.max(...times) - Math.min(...times)).toBeLessThan(600);
});
