import { describe, expect, test } from 'vitest';
import type { SmallOrganization } from '../small-organization.js';
import { type HeldMail, heldMail, hour, minute, noWork, promotions, twoHolders } from './held-mail.js';

/** `twoHolders` with a third member. */
const threeHolders = {
  ...twoHolders,
  servers: { ...twoHolders.servers, P3: 'P' },
  dags: { DAG1: ['P1', 'P2', 'P3'] },
} as const;

function loseQueues({ model, server }: HeldMail, name: string) {
  model.beginServerOutage(server(name));
  model.loseQueueDatabase(server(name));
}

/** By holder: the shadow copies that it has of what P1 has accepted. */
function shadowsOfP1({ model, server, recorder }: HeldMail): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [queue, length] of recorder.shadowQueueLengths) {
    if (model.shadowQueuePrimary(queue) !== server('P1') || length === 0) continue;
    found[model.topology.servers[model.shadowQueueServer(queue)]!.name] = length;
  }
  return found;
}

/** What P1 has accepted, and P2: that P1 promotes when it learns that P2 has another queue database. */
const acceptedOf = ({ recorder }: HeldMail) => recorder.acceptances.length;

/** P1 has accepted three messages; P2, which has all shadow copies or some, loses them, and is back a minute later. */
function withHolderLost(small: SmallOrganization = twoHolders): HeldMail & { readonly backMs: number } {
  const mail = heldMail(noWork, small);
  mail.hold('P1', 3);
  loseQueues(mail, 'P2');
  const backMs = mail.simulation.nowMs + minute;
  mail.simulation.runUntil(backMs);
  mail.model.endServerOutage(mail.server('P2'));
  return { ...mail, backMs };
}

/** P1 loses its queue database, and is back a minute later; then all that is held is let go. */
function loseP1({ simulation, ...mail }: HeldMail) {
  loseQueues({ simulation, ...mail }, 'P1');
  simulation.runUntil(simulation.nowMs + minute);
  mail.model.endServerOutage(mail.server('P1'));
  mail.model.endServerOutage(mail.server('X1'));
  simulation.runUntil(simulation.nowMs + 12 * hour);
  return mail.model.audit();
}

describe('A-shadow-made-anew: a holder that has lost its shadow copies', () => {
  test('gets them again at its first heartbeat, and the first server may lose its own then', () => {
    const mail = withHolderLost();
    expect(shadowsOfP1(mail)).toEqual({});
    mail.simulation.runUntil(mail.backMs + 2 * minute);
    expect(shadowsOfP1(mail)).toEqual({ P2: acceptedOf(mail) });
    mail.model.audit();
    const accepted = acceptedOf(mail);
    expect(loseP1(mail)).toMatchObject({ alive: 0, lost: 0 });
    expect(promotions(mail).map((each) => each.slice(9))).toEqual([`P1: ${accepted - 3}`, `P2: ${accepted}`]);
  });

  test('has none before: what the first server loses until then is lost', () => {
    const mail = withHolderLost();
    // What P2 had accepted was not promoted yet, either.
    expect(loseP1(mail)).toMatchObject({ alive: 0, lost: acceptedOf(mail) });
    expect(new Set(mail.recorder.losses.map(({ cause }) => cause))).toEqual(new Set(['queue-database-lost']));
  });

  test('SH-04: what has been handed on meanwhile is not made anew', () => {
    const mail = withHolderLost();
    mail.model.endServerOutage(mail.server('X1'));
    mail.model.resubmitQueues(mail.server('P1'), () => true);
    mail.simulation.runUntil(mail.backMs + 10 * minute);
    expect(shadowsOfP1(mail)).toEqual({});
    expect(mail.model.audit()).toMatchObject({ alive: 0, lost: 0 });
  });

  test('SH-02: another member may have them then', () => {
    const mail = withHolderLost(threeHolders);
    const onP3 = shadowsOfP1(mail)['P3'] ?? 0;
    expect(onP3).toBeLessThan(3);
    mail.model.backPressure.beginFill(mail.server('P2'), 0.999);
    mail.simulation.runUntil(mail.backMs + 3 * minute);
    expect(Object.keys(shadowsOfP1(mail))).toEqual(['P3']);
    expect(shadowsOfP1(mail)['P3']).toBeGreaterThanOrEqual(3);
    expect(loseP1(mail)).toMatchObject({ alive: 0, lost: 0 });
  });

  test('SH-03: as often as nobody takes them, the next heartbeat tries again', () => {
    const mail = withHolderLost();
    mail.model.backPressure.beginFill(mail.server('P2'), 0.999);
    mail.simulation.runUntil(mail.backMs + 11 * minute);
    expect(shadowsOfP1(mail)).toEqual({});
    mail.model.backPressure.endFill(mail.server('P2'), 0.999);
    mail.simulation.runUntil(mail.backMs + 14 * minute);
    expect(shadowsOfP1(mail)).toEqual({ P2: 3 });
  });

  test('a first server that is down meanwhile makes them when it is back with its queue database', () => {
    const mail = withHolderLost();
    mail.model.beginServerOutage(mail.server('P1'));
    mail.simulation.runUntil(mail.backMs + hour);
    expect(shadowsOfP1(mail)).toEqual({});
    mail.model.endServerOutage(mail.server('P1'));
    mail.simulation.runUntil(mail.backMs + hour + 2 * minute);
    expect(shadowsOfP1(mail)).toEqual({ P2: acceptedOf(mail) });
  });
});
