import { Dice } from '../../oracle/dice.js';
import { Incidents } from '../shadow-redundancy/random-incidents.js';
import {
  drawOrganization,
  drawSettings,
  modern,
  settingsOfLoners,
} from '../shadow-redundancy/random-organization.js';
import { day, failOver, hour, minute, running, second, type Watched } from './watched.js';

/** What happens around the failover, besides it. */
export const surroundings = {
  'lost before': 'a server loses its queue database before, others are silent long after',
  'lost meanwhile': 'a server loses its queue database about that time',
  silent: 'one server after the other is silent, some for longer than they are asked; it may fail over again',
  hindered:
    'a server loses its queue database about that time, while another may be silent, servers are drained or stopped, ' +
    'disks full, links and databases down; it may fail over again',
} as const;
export type Surroundings = keyof typeof surroundings;

/** A failover that has lost what was written to a database in a window. */
interface LossyFailover {
  readonly database: string;
  readonly afterMs: number;
  readonly activeMs: number;
  isDone: boolean;
}

export interface FailoverHistory {
  readonly organization: Watched;
  /** In order. */
  readonly failovers: readonly LossyFailover[];
  /** Servers that have been silent, or have lost their queue database. */
  readonly struck: ReadonlySet<number>;
  readonly databaseLosses: readonly { readonly atMs: number; readonly server: number }[];
  /** Rows that have not ended when all has been repaired for days, and messages that anything is left of. */
  readonly left: number;
  readonly messagesLeft: number;
}

const copies = ['P1', 'P2', 'Q1'];
const failsMs = 30 * minute;
const mailMs = 20 * minute;
const daysAfter = 5;

/**
 * Mail in a small organization, a database of which fails over with loss, in some surroundings in which no two servers of
 * a boundary lose their queue databases. Audits it after whatever happens.
 */
export function runFailover(number: number, around: Surroundings): FailoverHistory {
  const dice = new Dice(`failover ${around}`, String(number));
  const small = drawOrganization(dice, {
    isMixed: dice.chance(0.3),
    copies,
    mailboxes: { a: 'DB1', b: 'DB1', c: 'DB1', d: 'DB1', q: 'DBQ', r1: 'DBR', r2: 'DBR2' },
  });
  const rejects = dice.chance(0.2);
  const { hardware, transport } = drawSettings(dice, { protects: true, rejects, mayBeAlone: false });
  const settings = {
    hardware: { ...hardware },
    transport: {
      ...transport,
      expansionSizeLimit: dice.pick([1, 2, 3, 1_000]),
      maxRecipientsPerMessage: dice.pick([1, 2, 200]),
      delayedFanOut: dice.pick(['next-hop', 'fork-site']),
      priorityQueuingEnabled: dice.chance(0.3),
    },
    mailboxTransport: { deliveriesPerDatabase: dice.pick([1, 8]) },
  };
  const organization = running(small, settings, settingsOfLoners(settings), String(number));
  const { simulation, model } = organization;
  const incidents = new Incidents(dice, small, organization);
  incidents.mail(0, mailMs, dice.between(4, 25));
  const atMs = around === 'lost before' ? failsMs + dice.below(40 * minute) : failsMs;
  surround(dice, incidents, around, atMs);
  const failovers = drawFailovers(dice, organization, around, atMs);
  simulation.runUntil(2 * hour);
  model.audit();
  for (let days = 1; days <= daysAfter; days++) {
    simulation.runUntil(days * day);
    model.audit();
  }
  return {
    organization,
    failovers,
    struck: incidents.struck,
    databaseLosses: incidents.databaseLosses,
    left: model.audit().alive,
    messagesLeft: model.messagesInFlight,
  };
}

function surround(dice: Dice, incidents: Incidents, around: Surroundings, failedMs: number): void {
  const lengths = [second, minute, 10 * minute, hour];
  const lostMs =
    around === 'lost before'
      ? dice.below(failedMs - minute)
      : failedMs + dice.between(-5, 15) * minute + dice.below(10 * second);
  if (around !== 'silent') {
    incidents.outage(dice.pick(modern), lostMs, lostMs + dice.pick(lengths), true);
  }
  if (around === 'lost meanwhile') return;
  // One after the other; where one has lost its queue database before, when its mail is through.
  let fromMs = around === 'lost before' ? lostMs + 65 * minute : failedMs - 8 * minute;
  for (let count = dice.pick([0, 1, 1, 2]); count > 0; count--) {
    fromMs += dice.below(20 * minute);
    const toMs = fromMs + dice.pick([minute, hour, around === 'silent' ? 14 * hour : 9 * hour]);
    incidents.outage(dice.pick(modern), fromMs, toMs, false);
    fromMs = toMs + minute;
  }
  if (around !== 'hindered') return;
  for (let count = dice.pick([0, 1, 2, 3]); count > 0; count--) {
    const atMs = dice.below(hour);
    const toMs = atMs + dice.pick(lengths);
    switch (dice.below(4)) {
      case 0:
        incidents.cutLink(dice.pick(['P-Q', 'Q-R']), atMs, toMs);
        break;
      case 1:
        incidents.holdUpDatabase(dice.pick(['DB1', 'DBR']), atMs, toMs);
        break;
      case 2:
        incidents.stopTransport(dice.pick(modern), atMs, toMs);
        break;
      default:
        incidents.hindrance(atMs, hour);
    }
  }
}

/** One failover, perhaps two. */
function drawFailovers(
  dice: Dice,
  organization: Watched,
  around: Surroundings,
  firstMs: number,
): LossyFailover[] {
  const failovers: LossyFailover[] = [];
  const fail = (database: string, to: string, atMs: number, windowMs: number) => {
    const activeMs = failOver(organization, database, to, atMs, windowMs, () => {
      drawn.isDone = true;
      organization.model.audit();
    });
    const drawn: LossyFailover = { database, afterMs: atMs - windowMs, activeMs, isDone: false };
    failovers.push(drawn);
  };
  const windows = [5 * minute, 15 * minute, hour, 3 * hour];
  if (dice.chance(0.8)) fail('DB1', dice.pick(copies), firstMs, dice.pick(windows));
  else fail('DBR', 'R1', firstMs, dice.pick(windows));
  if ((around === 'silent' || around === 'hindered') && dice.chance(0.4)) {
    const laterMs = dice.pick([41 * second, 10 * minute, 3 * hour, 15 * hour]);
    fail('DB1', dice.pick(copies), firstMs + laterMs, dice.pick([...windows.slice(1), 16 * hour]));
  }
  return failovers;
}
