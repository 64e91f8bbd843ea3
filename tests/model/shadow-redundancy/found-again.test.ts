import { describe, expect, it } from 'vitest';
import { run, type SmallOrganization } from '../small-organization.js';
import { hour, minute, noWork, second } from './held-mail.js';

/** P3 of a DAG over two sites, 3 s from the other: what it relays it has for long enough to lose it. */
function lostAtP3(
  small: Pick<SmallOrganization, 'groups' | 'mailboxes' | 'contacts'>,
  to: readonly string[],
) {
  const running = run(
    {
      links: { 'A-B': { cost: 10, latencyMs: 3 * second } },
      servers: { P2: 'A', P3: 'B' },
      dags: { D: ['P2', 'P3'] },
      databases: { DB1: ['P2'], DB3: ['P3'] },
      connectors: [{ name: 'I', sourceServers: ['P2'] }],
      ...small,
      mailboxes: { u0: 'DB1', u1: 'DB3', ...small.mailboxes },
    },
    noWork,
  );
  const { simulation, model, recorder, server, send } = running;
  send('u1', to);
  simulation.runUntil(3 * second);
  expect(recorder.acceptances).toMatchObject([{ server: server('P3'), hasShadow: true }]);
  model.beginServerOutage(server('P3'));
  model.loseQueueDatabase(server('P3'));
  model.audit();
  simulation.runUntil(minute);
  model.endServerOutage(server('P3'));
  simulation.runUntil(hour);
  expect(model.audit().alive).toBe(0);
  expect(recorder.losses).toEqual([]);
  return recorder.ended_.map(({ end, recipient }) => `${end} ${model.addressBook.address(recipient)}`).sort();
}

describe('mail that a shadow copy is promoted for finds what had become of it (SH-05)', () => {
  it('SH-05, SH-08: a group in a group, which the primary had left to the server of the shadow copy to expand', () => {
    const groups = [
      { address: 'g1@contoso.com', members: ['u0@contoso.com'], expansionServer: 'P2' },
      { address: 'g2@contoso.com', members: ['g1@contoso.com'] },
    ];
    expect(lostAtP3({ groups }, ['g2'])).toEqual(['delivered u0@contoso.com']);
  });

  it('SH-05, SH-08: somebody addressed and in a group, whose mail had been forwarded', () => {
    const found = lostAtP3(
      {
        groups: [
          { address: 'g1@contoso.com', members: ['u0@contoso.com', 'fw@contoso.com'], expansionServer: 'P2' },
        ],
        mailboxes: { fw: { database: 'DB1', forwardTo: 'ext@contoso.com', deliverAndForward: true } },
        contacts: { ext: 'ext@partner.example' },
      },
      ['g1', 'fw'],
    );
    expect(found).toEqual([
      'delivered ext@contoso.com',
      'delivered fw@contoso.com',
      'delivered u0@contoso.com',
    ]);
  });
});
