import type { SettingOverrides } from '../../../src/sim/model/index.js';
import type { ServerDescription } from '../../../src/topology/index.js';
import { Dice } from '../../oracle/dice.js';
import type { Recorder } from '../recorder.js';
import { run, type SmallOrganization } from '../small-organization.js';
import { hour, minute, second } from './held-mail.js';

/**
 * What strikes: `single`, one server at a time, and the next one when all mail of that time is through; `any`, servers and
 * links, at the same time as well.
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
  readonly protects: boolean;
  /** What cannot be shadowed is refused for the moment (SH-03), except on servers that have nobody ever. */
  readonly rejects: boolean;
}

const daysAfterMs = 6 * 24 * hour;
const modern = ['P1', 'P2', 'Q1', 'R1', 'R2'];
/** A group may be in those after it. */
const groupNames = ['near', 'far', 'both', 'all'];

/**
 * A DAG over two sites, a site without one; whoever is in no boundary with others only where `any` may happen. Groups are
 * nested, some of them expanded elsewhere; mailboxes forward to one another, to groups and outside, in rings, too.
 */
function drawOrganization(dice: Dice, trouble: Trouble): SmallOrganization {
  const hub = { site: 'R', version: '2010', roles: ['hub-transport', 'mailbox'] } as const;
  const isMixed = trouble === 'any' && dice.chance(0.4);
  const further: Record<string, string | (Partial<ServerDescription> & { readonly site: string })> = isMixed
    ? { S1: 'S', H10: hub }
    : {};
  const databases = {
    ...{ DB1: ['P1', 'P2'], DBQ: ['Q1', 'P1'], DBR: ['R1'], DBR2: ['R2'] },
    ...(isMixed ? { DBS: ['S1'], DB10: ['H10'] } : {}),
  };
  const contacts = { contact: 'r2@contoso.com', outside: 'somebody@x.example' };
  const plain = {
    ...{ a: 'DB1', b: 'DB1', c: 'DBQ', r1: 'DBR', r2: 'DBR2' },
    ...(isMixed ? { s: 'DBS', old: 'DB10' } : {}),
  };
  const forwarding = ['forwarding', 'keeping', 'third'];
  const people = [...Object.keys(plain), 'full', ...forwarding, ...Object.keys(contacts)];
  // Servers that may hold shadow copies of what they are to expand, too.
  const drawExpansionServer = () =>
    dice.chance(0.5) ? { expansionServer: dice.pick(['P1', 'P2', 'Q1', 'R1', 'R2']) } : {};
  return {
    links: {
      'P-Q': { cost: 10, latencyMs: dice.pick([5, 5, 3_000]) },
      'Q-R': { cost: 10, latencyMs: dice.pick([20, 20, 3_000]) },
      ...(isMixed ? { 'R-S': { cost: 10, latencyMs: 1 } } : {}),
    },
    servers: { P1: 'P', P2: 'P', Q1: 'Q', R1: 'R', R2: 'R', ...further },
    ...(isMixed && dice.chance(0.5) ? { edges: { E1: 'R' } } : {}),
    behavior: dice.pick(['2013', '2013', '2016']),
    dags: { DAG1: { members: ['P1', 'P2', 'Q1'], automaticFailover: dice.chance(0.5) } },
    databases,
    mailboxes: {
      ...plain,
      full: { database: 'DBR', quotaExceeded: true },
      ...Object.fromEntries(
        forwarding.map((name) => [
          name,
          {
            database: dice.pick(['DB1', 'DBQ', 'DBR2']),
            forwardTo: addressOf(dice.pick([...people.filter((each) => each !== name), ...groupNames])),
            deliverAndForward: dice.chance(0.5),
          },
        ]),
      ),
    },
    contacts,
    connectors: [{ name: 'Internet', sourceServers: dice.pick([['R1'], ['P1', 'P2'], ['R1', 'P1']]) }],
    groups: groupNames.map((name, place) => ({
      address: addressOf(name),
      members: [...dice.some(people, 1, 5), ...dice.some(groupNames.slice(0, place), 0, 2)].map(addressOf),
      ...drawExpansionServer(),
    })),
  };
}

function addressOf(name: string): string {
  return `${name}@contoso.com`;
}

/** A few messages in the Submission queue are back pressure, before long at High. */
const submissionPressure = {
  submissionQueueNormal: 1,
  submissionQueueMedium: 3,
  submissionQueueHigh: 5,
  submissionQueueHighToMedium: 4,
  submissionQueueHistoryDepth: 3,
} as const;

function drawSettings(dice: Dice, trouble: Trouble, protects: boolean, rejects: boolean): SettingOverrides {
  return {
    hardware: {
      distribution: { kind: 'deterministic' },
      categorizerTime: dice.pick([75, 75, 2_000, 20_000]),
    },
    transport: {
      shadowRedundancyEnabled: protects,
      rejectMessageOnShadowFailure: rejects,
      ...(dice.chance(0.3) ? submissionPressure : {}),
      // Poison lies where it is.
      poisonThreshold: 10,
      categorizerSlots: dice.pick([1, 20]),
      // Q1 is the only one in its site.
      shadowMessagePreferenceSetting: dice.pick([
        'PreferRemote',
        'RemoteOnly',
        trouble === 'single' ? 'PreferRemote' : 'LocalOnly',
      ]),
      shadowHeartbeatFrequency: dice.pick([2 * minute, 10 * second, 30 * minute]),
      shadowResubmitTimeSpan: dice.pick([3 * hour, 20 * minute, 1 * minute]),
      shadowMessageAutoDiscardInterval: dice.pick([48 * hour, 48 * hour, 1 * minute]),
      outboundConnectionFailureRetryInterval: dice.pick([10 * minute, minute]),
    },
  };
}

/**
 * A day or two of mail in a small organization in which servers go and come back, with their queue database or another one,
 * are drained and have full disks. Audits it at random times and after whatever happens.
 * @param audited - told of each audit
 */
export function runHistory(number: number, trouble: Trouble, protects = true): History {
  const dice = new Dice(`history ${number}`, trouble);
  const small = drawOrganization(dice, trouble);
  const rejects = protects && dice.chance(0.4);
  const settings = drawSettings(dice, trouble, protects, rejects);
  // They have nobody to shadow with, and would not take anything ever.
  const alone = { transport: { rejectMessageOnShadowFailure: false } };
  const isQ1Alone = settings['transport']!['shadowMessagePreferenceSetting'] === 'LocalOnly';
  const ofServers = { S1: alone, ...(isQ1Alone ? { Q1: alone } : {}) };
  const running = run(small, settings, null, ofServers, String(number));
  const { simulation, model, recorder, server, link, send, at } = running;
  const databaseLosses: { atMs: number; server: number }[] = [];
  const people = [...Object.keys(small.mailboxes!), ...groupNames, 'contact', 'x@x.example', 'nobody'];
  const senders = [...Object.keys(small.mailboxes!), 'x@out.example'];
  const names = [...Object.keys(small.servers), ...Object.keys(small.edges ?? {})];
  let lastMs = 0;

  const happens = (atMs: number, action: () => void) => {
    lastMs = Math.max(lastMs, atMs);
    at(atMs, () => {
      action();
      model.audit();
    });
  };
  const outage = (name: string, fromMs: number, toMs: number, isLost: boolean) => {
    happens(fromMs, () => {
      model.beginServerOutage(server(name));
      if (!isLost) return;
      databaseLosses.push({ atMs: simulation.nowMs, server: server(name) });
      model.loseQueueDatabase(server(name));
    });
    happens(toMs, () => model.endServerOutage(server(name)));
  };
  const drain = (name: string, fromMs: number, toMs: number) => {
    const to = dice
      .some(
        modern.filter((each) => each !== name),
        1,
        2,
      )
      .map(server);
    const drained = { subject: name, server: server(name), to };
    happens(fromMs, () => model.drains.begin(drained));
    happens(toMs, () => model.drains.end(drained));
  };
  const fill = (name: string, fromMs: number, toMs: number) => {
    const used = dice.pick([0.975, 0.999]);
    happens(fromMs, () => model.backPressure.beginFill(server(name), used));
    happens(toMs, () => model.backPressure.endFill(server(name), used));
  };
  /** A server stands, and does not do all that is asked of it. */
  const hindrance = (fromMs: number, forMs: number) => {
    const lengthMs = dice.pick([10 * second, minute, 10 * minute, forMs]);
    (dice.chance(0.5) ? drain : fill)(dice.pick(modern), fromMs, fromMs + lengthMs);
  };
  const mail = (atMs: number, count: number) => {
    for (let each = 0; each < count; each++) {
      happens(atMs + dice.below(3_000), () => {
        const groups = dice.chance(0.4) ? dice.some(groupNames, 1, 2) : [];
        send(dice.pick(senders), [...new Set([...dice.some(people, 1, 4), ...groups])]);
      });
    }
  };

  let nowMs = 0;
  for (let count = dice.between(2, 6); count > 0; count--) {
    mail(nowMs, dice.between(1, 12));
    const mailMs = nowMs;
    nowMs += dice.pick([0, 200, 1_000, 2_000, 4_000, 8_000, minute, 10 * minute]);
    const forMs = dice.pick([second, minute, 10 * minute, hour, 4 * hour]);
    mail(nowMs + dice.below(forMs), dice.between(0, 5));
    for (let more = dice.pick([0, 0, 1, 2]); more > 0; more--) {
      hindrance(mailMs + dice.below(nowMs - mailMs + minute), forMs);
    }
    if (trouble === 'single') {
      outage(dice.pick(modern), nowMs, nowMs + forMs, dice.chance(0.7));
      nowMs += forMs + 3 * hour;
      continue;
    }
    for (let faults = dice.between(1, 3); faults > 0; faults--) {
      const fromMs = nowMs + dice.pick([0, 0, 500, dice.below(forMs)]);
      const lengthMs = dice.pick([second, minute, hour, forMs, 4 * hour]);
      if (dice.chance(0.75)) {
        outage(dice.pick(names), fromMs, fromMs + lengthMs, dice.chance(0.6));
        continue;
      }
      const cut = link(dice.pick(Object.keys(small.links!)));
      happens(fromMs, () => model.beginLinkOutage(cut));
      happens(fromMs + lengthMs, () => model.endLinkOutage(cut));
    }
    nowMs += dice.pick([second, minute, forMs, 6 * hour]);
  }
  for (let count = dice.between(0, 10); count > 0; count--) happens(dice.below(lastMs), () => {});
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
    left: model.audit().alive,
    messagesLeft: model.messagesInFlight,
    submittedMs: new Map(
      recorder.submitted_.map(({ message, kind, atMs }) => [message, kind === 'mail' ? atMs : 0]),
    ),
    protects,
    rejects,
  };
}
