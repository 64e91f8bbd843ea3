import { describe, expect, it } from 'vitest';
import { heldMail, hour, minute, promotions } from './held-mail.js';

describe('WE-19: P1 dies at 10:00 with mail that P2 has shadow copies of', () => {
  /** P1 has accepted three messages by 10:00, and goes down. */
  function dead() {
    const mail = heldMail();
    const { simulation, model, server, hold } = mail;
    simulation.runUntil(9 * hour + 30 * minute);
    hold('P1', 3);
    simulation.runUntil(10 * hour);
    model.beginServerOutage(server('P1'));
    return mail;
  }

  it('WE-19, SH-05: unreachable until 13:00, its mail is promoted then, to the second', () => {
    const mail = dead();
    mail.simulation.runUntil(13 * hour - 1);
    expect(promotions(mail)).toEqual([]);
    mail.simulation.runUntil(14 * hour);
    expect(promotions(mail)).toEqual(['13:00:00 P2: 3']);
    mail.model.audit();
  });

  it('WE-19, SH-05: back at 11:30 with the same database it delivers, and nothing is promoted', () => {
    const mail = dead();
    const { simulation, model, server, recorder } = mail;
    simulation.runUntil(11 * hour + 30 * minute);
    model.endServerOutage(server('P1'));
    model.endServerOutage(server('X1'));
    simulation.runUntil(15 * hour);
    expect(promotions(mail)).toEqual([]);
    const delivered = recorder.ended_.filter(({ end }) => end === 'delivered');
    expect(delivered.length).toBe(recorder.submitted_.length);
    expect(recorder.duplicates).toEqual([]);
    expect(recorder.shadowEnds.filter(({ isPromoted }) => !isPromoted)).toHaveLength(
      recorder.acceptances.filter(({ hasShadow }) => hasShadow).length,
    );
    model.audit();
  });

  it('CAP-53, WE-19, SH-05: back at 10:30 with a new database, its mail is promoted by 10:32, at the next heartbeat', () => {
    const mail = dead();
    const { simulation, model, server, recorder } = mail;
    model.loseQueueDatabase(server('P1'));
    simulation.runUntil(10 * hour + 30 * minute);
    expect(promotions(mail)).toEqual([]);
    model.endServerOutage(server('P1'));
    simulation.runUntil(10 * hour + 32 * minute);
    expect(promotions(mail).join()).toMatch(/^10:3[0-2]:\d\d P2: 3$/);
    model.endServerOutage(server('X1'));
    simulation.runUntil(12 * hour);
    expect(recorder.losses).toEqual([]);
    expect(recorder.ended_.filter(({ end }) => end === 'delivered')).toHaveLength(recorder.submitted_.length);
    expect(recorder.duplicates).toEqual([]);
    expect(model.audit().alive).toBe(0);
  });

  it('SH-06: back at 14:00 with the same database it delivers, too: a mailbox drops what it has', () => {
    const { simulation, model, server, recorder } = dead();
    simulation.runUntil(13 * hour + 10 * minute);
    model.endServerOutage(server('X1'));
    simulation.runUntil(14 * hour);
    // P1 does not know either: its senders are told of a delay.
    const delivered = () => recorder.ended_.filter(({ kind }) => kind === 'mail').length;
    const before = delivered();
    expect(before).toBe(recorder.submitted_.length);
    model.endServerOutage(server('P1'));
    simulation.runUntil(15 * hour);
    expect(delivered()).toBe(before);
    expect(recorder.duplicates.map(({ isDropped }) => isDropped)).toEqual([true, true, true]);
    expect(model.audit().alive).toBe(0);
  });

  it('SH-06: where it returns while the promoted mail waits, the first to arrive counts', () => {
    const { simulation, model, server, recorder } = dead();
    simulation.runUntil(13 * hour + 30 * minute);
    model.endServerOutage(server('P1'));
    simulation.runUntil(13 * hour + 31 * minute);
    model.audit();
    model.endServerOutage(server('X1'));
    simulation.runUntil(15 * hour);
    expect(recorder.ended_).toHaveLength(recorder.submitted_.length);
    expect(recorder.duplicates).toHaveLength(3);
    expect(model.audit().alive).toBe(0);
  });

  it('SH-05: a primary that only cannot be reached is as silent as a dead one', () => {
    const mail = heldMail(undefined, {
      links: { 'P-Q': { cost: 10, latencyMs: 0 }, 'P-X': { cost: 10, latencyMs: 0 } },
      servers: { P1: 'P', Q1: 'Q', X1: 'X' },
      dags: { DAG1: ['P1', 'Q1'] },
      databases: { DB1: ['P1', 'Q1'], DBX: ['X1'] },
      mailboxes: { a: 'DB1', far: 'DBX' },
    });
    mail.hold('P1', 2);
    const cutMs = mail.simulation.nowMs;
    mail.model.beginLinkOutage(mail.link('P-Q'));
    mail.simulation.runUntil(cutMs + 3 * hour);
    expect(promotions(mail)).toEqual([expect.stringMatching(/ Q1: 2$/)]);
    mail.model.audit();
  });

  it('SH-05: who was down itself counts the silence from its own start', () => {
    const mail = dead();
    const { simulation, model, server } = mail;
    simulation.runUntil(11 * hour);
    model.beginServerOutage(server('P2'));
    simulation.runUntil(12 * hour);
    model.endServerOutage(server('P2'));
    simulation.runUntil(16 * hour);
    expect(promotions(mail)).toEqual(['15:00:00 P2: 3']);
  });
});
