import { Dice } from '../../oracle/dice.js';
import type { Recorder } from '../recorder.js';
import { run } from '../small-organization.js';
import { hour, minute, second } from './held-mail.js';
import { Incidents } from './random-incidents.js';
import { drawOrganization, drawSettings, modern, settingsOfLoners } from './random-organization.js';

/**
 * What strikes: `single`, one server at a time, and the next one when all servers stand again and a heartbeat has passed; `any`,
 * servers and links, at the same time as well.
 */
export type Trouble = 'single' | 'any';

export interface History {
  readonly recorder: Recorder;
  /** Servers that have lost their queue database, in order. */
  readonly databaseLosses: readonly { readonly atMs: number; readonly server: number }[];
  /** By server: its boundary of high availability. */
  readonly boundaries: readonly string[];
  /** Rows that have not ended in the end, when all has been repaired for days. */
  readonly left: number;
  /** Messages that anything is left of, recipients who have ended by now included. */
  readonly messagesLeft: number;
  /** By message number; 0: a report, which is as safe as the message that it is about. */
  readonly submittedMs: ReadonlyMap<number, number>;
  /** Whether two servers have had the time between two others, undisturbed, to learn what has become of one another. */
  readonly haveSettled: (servers: readonly number[], fromMs: number, toMs: number) => boolean;
  readonly protects: boolean;
  /** What cannot be shadowed is refused for the moment (SH-03), except on servers that have nobody ever. */
  readonly rejects: boolean;
}

const daysAfterMs = 6 * 24 * hour;
/** Messages that are sent together come within that. */
const mailSpreadMs = 3_000;

/**
 * A day or two of mail in a small organization in which servers go and come back, with their queue database or another one,
 * are drained and have full disks. Audits it at random times and after whatever happens.
 */
export function runHistory(number: number, trouble: Trouble, protects = true): History {
  const dice = new Dice(`history ${number}`, trouble);
  const small = drawOrganization(dice, {
    isMixed: trouble === 'any' && dice.chance(0.4),
    copies: ['P1', 'P2'],
    mailboxes: { a: 'DB1', b: 'DB1', c: 'DBQ', r1: 'DBR', r2: 'DBR2' },
  });
  const rejects = protects && dice.chance(0.4);
  const settings = drawSettings(dice, { protects, rejects, mayBeAlone: trouble === 'any' });
  const heartbeatMs = Number(settings['transport']!['shadowHeartbeatFrequency']);
  const running = run(small, settings, null, settingsOfLoners(settings), String(number));
  const { simulation, model, recorder } = running;
  const incidents = new Incidents(dice, small, running);
  const names = [...Object.keys(small.servers), ...Object.keys(small.edges ?? {})];

  let nowMs = 0;
  for (let count = dice.between(2, 6); count > 0; count--) {
    incidents.mail(nowMs, mailSpreadMs, dice.between(1, 12));
    const mailMs = nowMs;
    nowMs += dice.pick([0, 200, 1_000, 2_000, 4_000, 8_000, minute, 10 * minute]);
    const forMs = dice.pick([second, minute, 10 * minute, hour, 4 * hour]);
    incidents.mail(nowMs + dice.below(forMs), mailSpreadMs, dice.between(0, 5));
    for (let more = dice.pick([0, 0, 1, 2]); more > 0; more--) {
      incidents.hindrance(mailMs + dice.below(nowMs - mailMs + minute), forMs);
    }
    if (trouble === 'single') {
      incidents.outage(dice.pick(modern), nowMs, nowMs + forMs, dice.chance(0.7));
      // SH-05, assumption A-shadow-made-anew: by then all that has lost a holder has two again.
      nowMs = Math.max(nowMs + forMs, incidents.hinderedMs) + heartbeatMs + second;
      continue;
    }
    for (let faults = dice.between(1, 3); faults > 0; faults--) {
      const fromMs = nowMs + dice.pick([0, 0, 500, dice.below(forMs)]);
      const lengthMs = dice.pick([second, minute, hour, forMs, 4 * hour]);
      if (dice.chance(0.75)) {
        incidents.outage(dice.pick(names), fromMs, fromMs + lengthMs, dice.chance(0.6));
        continue;
      }
      incidents.cutLink(dice.pick(Object.keys(small.links!)), fromMs, fromMs + lengthMs);
    }
    nowMs += dice.pick([second, minute, forMs, 6 * hour]);
  }
  const { lastMs, databaseLosses } = incidents;
  for (let count = dice.between(0, 10); count > 0; count--) incidents.happens(dice.below(lastMs), () => {});
  simulation.runUntil(lastMs);
  for (let day = 1; day <= 6; day++) {
    simulation.runUntil(lastMs + (day * daysAfterMs) / 6);
    model.audit();
  }
  return {
    recorder,
    databaseLosses,
    boundaries: model.topology.servers.map(({ isEdge, dag, site, version, name }) =>
      isEdge ? name : `${version} ${dag >= 0 ? `DAG ${dag}` : `site ${site}`}`,
    ),
    haveSettled(servers, fromMs, toMs) {
      const own = incidents.troubles
        .filter(({ server }) => server === null || servers.includes(server))
        .toSorted((a, b) => a.fromMs - b.fromMs);
      let quietMs = fromMs;
      for (const trouble of [...own, { fromMs: toMs, toMs }]) {
        if (Math.min(trouble.fromMs, toMs) - quietMs > heartbeatMs) return true;
        quietMs = Math.max(quietMs, trouble.toMs);
      }
      return false;
    },
    left: model.audit().alive,
    messagesLeft: model.messagesInFlight,
    submittedMs: new Map(
      recorder.submitted_.map(({ message, kind, atMs }) => [message, kind === 'mail' ? atMs : 0]),
    ),
    protects,
    rejects,
  };
}
