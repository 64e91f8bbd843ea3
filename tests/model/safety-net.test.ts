import { describe, expect, test } from 'vitest';
import type { SettingOverrides } from '../../src/sim/model/index.js';
import {
  deterministicHardware,
  type RunningOrganization,
  run,
  type SmallOrganization,
} from './small-organization.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** A DAG of two servers that both deliver to two databases, and a way out. */
const twoMembers = {
  servers: { A1: 'A', A2: 'A' },
  dags: { DAG1: ['A1', 'A2'] },
  databases: { DB1: ['A1', 'A2'], DB2: ['A2', 'A1'] },
  mailboxes: { u1: 'DB1', u2: 'DB2', v1: 'DB1' },
  connectors: [{ name: 'Internet', sourceServers: ['A1', 'A2'] }],
} satisfies SmallOrganization;

/** Fails a database over with the loss of a window, as the fault does: dismounted for `outageMs` from `atMs` on. */
function failOver(
  { at, model, database, server }: RunningOrganization,
  name: string,
  to: string,
  atMs: number,
  windowMs: number,
  outageMs = 30 * second,
) {
  model.safetyNet.expectLoss(database(name), windowMs + outageMs);
  let move = 0;
  at(atMs, () => {
    move = model.dismountDatabase(database(name));
  });
  at(atMs + outageMs, () => {
    if (model.activateDatabase(database(name), server(to), move)) {
      model.loseMailboxes(database(name), atMs - windowMs);
    }
  });
}

/** What recipients' rows began and how they ended, for one of them. */
function fates({ recorder, model }: RunningOrganization, recipient: string) {
  const id = model.addressBook.intern(`${recipient}@contoso.com`);
  const ended = recorder.ended_.filter((row) => row.recipient === id);
  return {
    mail: ended.filter(({ kind }) => kind === 'mail'),
    again: ended.filter(({ kind }) => kind === 'resubmission'),
  };
}

const numbers = (rows: readonly { message: number }[]) =>
  rows.map(({ message }) => message).sort((a, b) => a - b);

describe('a lossy failover of one database with a known window', () => {
  function running(settings: SettingOverrides = deterministicHardware) {
    const organization = run(twoMembers, settings);
    for (let n = 0; n < 900; n++) {
      organization.at(n * second, () =>
        organization.send('x@out.example', n % 3 === 0 ? ['u1', 'u2'] : ['u1']),
      );
    }
    return organization;
  }

  test('SN-02: resubmits exactly that window’s messages, each once', () => {
    const organization = running();
    failOver(organization, 'DB1', 'A2', 600 * second, 2 * minute);
    organization.simulation.runUntil(2 * hour);
    const { mail, again } = fates(organization, 'u1');
    const lost = mail.filter(({ atMs }) => atMs > 480 * second && atMs <= 630 * second);
    expect(lost.length).toBeGreaterThan(100);
    expect(numbers(again)).toEqual(numbers(lost));
    expect(again.every(({ end, submittedMs }) => end === 'delivered' && submittedMs === 630 * second)).toBe(
      true,
    );
    expect(fates(organization, 'u2').again).toEqual([]);
    const { recorder, model } = organization;
    const generated = recorder.submitted_.filter(({ kind }) => kind === 'resubmission');
    expect(generated.reduce((sum, { recipients }) => sum + recipients, 0)).toBe(lost.length);
    expect(recorder.resubmissions.reduce((sum, { messages }) => sum + messages, 0)).toBe(lost.length);
    expect(model.audit()).toMatchObject({ alive: 0, lost: 0 });
  });
});
