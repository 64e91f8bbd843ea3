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
}

const daysAfterMs = 6 * 24 * hour;
const modern = ['P1', 'P2', 'Q1', 'R1', 'R2'];

/** A DAG over two sites, a site without one; whoever is in no boundary with others only where `any` may happen. */
function drawOrganization(dice: Dice, trouble: Trouble): SmallOrganization {
  const hub = { site: 'R', version: '2010', roles: ['hub-transport', 'mailbox'] } as const;
  const isMixed = trouble === 'any' && dice.chance(0.4);
  const further: Record<string, string | (Partial<ServerDescription> & { readonly site: string })> = isMixed
    ? { S1: 'S', H10: hub }
    : {};
  return {
    links: {
      'P-Q': { cost: 10, latencyMs: 5 },
      'Q-R': { cost: 10, latencyMs: 20 },
      ...(isMixed ? { 'R-S': { cost: 10, latencyMs: 1 } } : {}),
    },
    servers: { P1: 'P', P2: 'P', Q1: 'Q', R1: 'R', R2: 'R', ...further },
    ...(isMixed && dice.chance(0.5) ? { edges: { E1: 'R' } } : {}),
    dags: { DAG1: { members: ['P1', 'P2', 'Q1'], automaticFailover: dice.chance(0.5) } },
    databases: {
      ...{ DB1: ['P1', 'P2'], DBQ: ['Q1', 'P1'], DBR: ['R1'], DBR2: ['R2'] },
      ...(isMixed ? { DBS: ['S1'], DB10: ['H10'] } : {}),
    },
    mailboxes: {
      ...{ a: 'DB1', b: 'DB1', c: 'DBQ', r1: 'DBR', r2: 'DBR2' },
      full: { database: 'DBR', quotaExceeded: true },
      forwarding: { database: 'DB1', forwardTo: 'r2@contoso.com', deliverAndForward: dice.chance(0.5) },
      ...(isMixed ? { s: 'DBS', old: 'DB10' } : {}),
    },
    contacts: { contact: 'r2@contoso.com', outside: 'somebody@x.example' },
    connectors: [{ name: 'Internet', sourceServers: dice.pick([['R1'], ['P1', 'P2'], ['R1', 'P1']]) }],
    groups: [
      {
        address: 'near@contoso.com',
        members: [
          'a@contoso.com',
          'c@contoso.com',
          'contact@contoso.com',
          'far@contoso.com',
          'forwarding@contoso.com',
        ],
      },
      {
        address: 'far@contoso.com',
        members: ['b@contoso.com', 'r2@contoso.com', 'outside@contoso.com', 'full@contoso.com'],
        // One that may hold shadow copies of what it is to expand, too.
        expansionServer: dice.pick(['R1', 'P1', 'P2']),
      },
      {
        address: 'both@contoso.com',
        members: ['near@contoso.com', 'far@contoso.com', 'forwarding@contoso.com'],
        expansionServer: dice.pick(['P2', 'Q1', 'R2']),
      },
    ],
  };
}

function drawSettings(dice: Dice, trouble: Trouble, protects: boolean): SettingOverrides {
  return {
    hardware: {
      distribution: { kind: 'deterministic' },
      categorizerTime: dice.pick([75, 75, 2_000, 20_000]),
    },
    transport: {
      shadowRedundancyEnabled: protects,
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
 * A day or two of mail in a small organization in which servers go and come back, with their queue database or another one.
 * Audits it at random times and after whatever happens.
 * @param audited - told of each audit
 */
export function runHistory(number: number, trouble: Trouble, protects = true): History {
  const dice = new Dice(`history ${number}`, trouble);
  const small = drawOrganization(dice, trouble);
  const running = run(small, drawSettings(dice, trouble, protects), null, {}, String(number));
  const { simulation, model, recorder, server, link, send, at } = running;
  const databaseLosses: { atMs: number; server: number }[] = [];
  const people = [
    ...Object.keys(small.mailboxes!),
    'near',
    'far',
    'both',
    'contact',
    'x@x.example',
    'nobody',
  ];
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
  const mail = (atMs: number, count: number) => {
    for (let each = 0; each < count; each++) {
      happens(atMs + dice.below(3_000), () => send(dice.pick(senders), dice.some(people, 1, 4)));
    }
  };

  let nowMs = 0;
  for (let count = dice.between(2, 6); count > 0; count--) {
    mail(nowMs, dice.between(1, 12));
    nowMs += dice.pick([0, 200, 1_000, 5_000, minute, 10 * minute]);
    const forMs = dice.pick([second, minute, 10 * minute, hour, 4 * hour]);
    mail(nowMs + dice.below(forMs), dice.between(0, 5));
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
  };
}
