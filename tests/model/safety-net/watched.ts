import type { SettingOverrides } from '../../../src/sim/model/index.js';
import { Recorder } from '../recorder.js';
import {
  deterministicHardware,
  type RunningOrganization,
  run,
  type SmallOrganization,
} from '../small-organization.js';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A DAG of two servers that both deliver to two databases, and a way out. */
export const twoMembers = {
  servers: { A1: 'A', A2: 'A' },
  dags: { DAG1: ['A1', 'A2'] },
  databases: { DB1: ['A1', 'A2'], DB2: ['A2', 'A1'] },
  mailboxes: { u1: 'DB1', u2: 'DB2', v1: 'DB1' },
  connectors: [{ name: 'Internet', sourceServers: ['A1', 'A2'] }],
} satisfies SmallOrganization;

/** Nobody has a shadow copy: what one Safety Net loses is lost. */
export const withoutShadows: SettingOverrides = {
  ...deterministicHardware,
  transport: { shadowRedundancyEnabled: false },
};

/** Remembers by which server's Transport service each message was delivered. */
export class DeliveryRecorder extends Recorder {
  readonly deliveries: {
    atMs: number;
    primary: number;
    message: number;
    recipient: number;
    kind: string;
  }[] = [];
  queueServer: (queue: number) => number = () => -1;
  #primary = -1;

  override leftQueue(_atMs = 0, queue = 0): void {
    this.#primary = this.queueServer(queue);
  }

  override ended(...fact: Parameters<Recorder['ended']>): void {
    super.ended(...fact);
    const [atMs, end, { message, kind }, recipient] = fact;
    if (end === 'delivered') this.deliveries.push({ atMs, primary: this.#primary, message, recipient, kind });
  }
}

export interface Watched extends RunningOrganization {
  readonly recorder: DeliveryRecorder;
}

export function running(
  small: SmallOrganization = twoMembers,
  settings: SettingOverrides = withoutShadows,
  serverSettings: Readonly<Record<string, SettingOverrides>> = {},
  seed = 'test',
): Watched {
  const recorder = new DeliveryRecorder();
  const organization = run(small, settings, recorder, serverSettings, seed);
  recorder.queueServer = (queue) => organization.model.queueServer(queue);
  return { ...organization, recorder };
}

/** Mail from outside, every second until `untilMs`: three in four for u1 alone, the others for u2 as well. */
export function sendEverySecond({ at, send }: RunningOrganization, untilMs: number) {
  for (let n = 0; n * second < untilMs; n++) {
    at(n * second, () => send('x@out.example', n % 4 === 0 ? ['u1', 'u2'] : ['u1']));
  }
}

/**
 * Fails a database over with the loss of a window, as the fault does: dismounted for 30 s.
 * @param done - called when it has, which it does not where another failover has begun meanwhile
 * @returns the time in which the copy on `to` is active
 */
export function failOver(
  { at, model, database, server }: RunningOrganization,
  name: string,
  to: string,
  atMs: number,
  windowMs: number,
  done: () => void = () => {},
): number {
  const activeMs = atMs + 30 * second;
  model.safetyNet.expectLoss(database(name), windowMs + activeMs - atMs);
  let move = 0;
  at(atMs, () => {
    move = model.dismountDatabase(database(name));
  });
  at(activeMs, () => {
    if (!model.activateDatabase(database(name), server(to), move)) return;
    model.loseMailboxes(database(name), atMs - windowMs);
    done();
  });
  return activeMs;
}

/** The rows of a recipient that have ended: those that mail began, and those that began anew. */
export function rowsOf({ recorder, model }: RunningOrganization, recipient: string) {
  const id = model.addressBook.intern(`${recipient}@contoso.com`);
  const ended = recorder.ended_.filter((row) => row.recipient === id);
  return {
    mail: ended.filter(({ kind }) => kind === 'mail'),
    again: ended.filter(({ kind }) => kind === 'resubmission'),
  };
}

/** The messages in which a recipient got mail in a window, as the test kept them. */
export function deliveredIn(organization: Watched, recipient: string, afterMs: number, toMs: number) {
  const id = organization.model.addressBook.intern(`${recipient}@contoso.com`);
  return organization.recorder.deliveries.filter(
    (each) => each.recipient === id && each.kind === 'mail' && each.atMs > afterMs && each.atMs <= toMs,
  );
}

export const numbersOf = (rows: readonly { message: number }[]) =>
  rows.map(({ message }) => message).sort((a, b) => a - b);

export const effects = ({ recorder }: RunningOrganization) =>
  recorder.faults.filter(({ kind }) => kind === 'safety-net').map(({ atMs, subject }) => [atMs, subject]);

export const resubmittedBy = ({ recorder }: RunningOrganization) =>
  recorder.resubmissions.reduce((sum, { messages }) => sum + messages, 0);
