import type { SettingOverrides } from '../../../src/sim/model/index.js';
import { noTime, type RunningOrganization, run, type SmallOrganization } from '../small-organization.js';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

/** As `noTime`, but attempts at silent servers take their time. */
export const noWork: SettingOverrides = { hardware: noTime.hardware };

/**
 * DAG1 = P1, P2 in site P; the mailbox of `far` is on X1 in site X. Mail to it that P1 or P2 has accepted stays in a
 * queue for as long as X1 is down.
 */
export const twoHolders = {
  links: { 'P-X': { cost: 10, latencyMs: 0 } },
  servers: { P1: 'P', P2: 'P', X1: 'X' },
  dags: { DAG1: ['P1', 'P2'] },
  databases: { DB1: ['P1', 'P2'], DBX: ['X1'] },
  mailboxes: { a: 'DB1', b: 'DB1', far: 'DBX' },
} as const satisfies SmallOrganization;

export interface HeldMail extends RunningOrganization {
  /** Sends messages until a server has accepted so many. */
  hold(server: string, messages: number): void;
}

/** `twoHolders` with X1 down from the beginning. */
export function heldMail(
  settings: SettingOverrides = noWork,
  small: SmallOrganization = twoHolders,
  serverSettings: Readonly<Record<string, SettingOverrides>> = {},
): HeldMail {
  const running = run(small, settings, null, serverSettings);
  const { simulation, model, recorder, server, send } = running;
  model.beginServerOutage(server('X1'));
  return {
    ...running,
    hold(name, messages) {
      const accepted = () => recorder.acceptances.filter((each) => each.server === server(name)).length;
      const wanted = accepted() + messages;
      for (let sent = 0; accepted() < wanted && sent < 100; sent++) {
        send('a', ['far']);
        simulation.runUntil(simulation.nowMs + minute);
      }
    },
  };
}

/** When which server promoted shadow copies, and how many. */
export function promotions({ recorder, model }: RunningOrganization): string[] {
  const byTime = new Map<string, number>();
  for (const { atMs, server, isPromoted } of recorder.shadowEnds) {
    if (!isPromoted) continue;
    const key = `${clock(atMs)} ${model.topology.servers[server]!.name}`;
    byTime.set(key, (byTime.get(key) ?? 0) + 1);
  }
  return [...byTime].map(([key, count]) => `${key}: ${count}`);
}

/** Simulated time 0 is midnight. */
export function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}
