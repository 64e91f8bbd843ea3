import type { RoutingTables } from '../routing/index.js';
import { type ExpectedMail, expectedMail, type Problem, type Scenario } from '../scenario/index.js';
import { compareNames, type Topology } from '../topology/index.js';
import { OfferedMailWalk } from './offered-mail-walk.js';
import { type OfferedStage, StageTable } from './offered-work.js';

const hourMs = 3_600_000;

/** Chains of servers, databases and places to look at, beyond which nobody waits for the answer. */
const mostSelections = 1_000_000;

/** What a stage is offered in the hour that asks most of it. */
export interface StageLoad {
  readonly stage: OfferedStage;
  /** Seconds of work, new connections, or bits on a link, that a second brings. */
  readonly offeredPerSecond: number;
  /** The same that it can do: its cores, slots, threads or sessions, the connections it takes, or the link's bandwidth. */
  readonly capacityPerSecond: number;
  /** The first by the second (the utilization law): above 1 its queue grows. */
  readonly utilization: number;
  /** When that hour begins, ms since the start; of a shorter run, all of it. */
  readonly fromMs: number;
}

/**
 * What the workloads offer to each stage of the organization, in the hour in which it is most (assumption
 * A-offered-load): everything up, every database on its first copy, no retries. Exact in the mean for `arrivals`; of mail
 * that is drawn, the choice of the Transport service goes by the first recipient alone. New connections, and the
 * connecting of sessions, are counted as of full queues, whose relays send as many messages over each as they may. Left
 * out: notifications, forwarding decided by the sender, what comes out of Pickup directories, limits of sessions from an
 * Edge into the organization and of priorities, mailboxes by themselves where it is drawn who they are, and workloads that
 * nobody can tell without running them (`storm`, `ndr-loop`, `replay`).
 * @param tables - of the scenario's organization
 * @returns the stages that are offered anything, servers, databases and links in name order; undefined where the
 *   organization is too large to be walked through
 */
export function offeredLoad(scenario: Scenario, tables: RoutingTables): readonly StageLoad[] | undefined {
  const { topology } = tables;
  const context = { topology, startUtcMs: scenario.startUtcMs };
  const mail = scenario.workloads.flatMap((workload) => expectedMail(workload, context) ?? []);
  if (mail.some(({ message }) => message.kind === 'drawn')) {
    if (topology.servers.length * topology.databases.length > mostSelections) return undefined;
  }
  const ofServers = topology.servers.map(
    ({ name }) => scenario.serverSettings.get(name) ?? scenario.settings,
  );
  const settingsOf = (server: number) => ofServers[server]!;
  const stages = new StageTable(topology, scenario.settings, settingsOf);
  const walk = new OfferedMailWalk(tables, settingsOf, stages);
  const works = mail.map((each) => walk.workOf(each));
  const loads: StageLoad[] = [];
  const offered = new Float64Array(stages.stages.length);
  for (const { fromMs, rates } of busyHours(scenario, mail)) {
    offered.fill(0);
    for (const [each, work] of works.entries()) {
      const rate = rates[each]!;
      // A work knows the stages that there were by then.
      const known = Math.min(offered.length, work.length);
      for (let stage = 0; stage < known; stage++) offered[stage]! += work[stage]! * rate;
    }
    for (const [index, { stage, capacityPerSecond }] of stages.stages.entries()) {
      const offeredPerSecond = offered[index]!;
      if (offeredPerSecond <= (loads[index]?.offeredPerSecond ?? 0)) continue;
      const utilization = offeredPerSecond / capacityPerSecond;
      loads[index] = { stage, offeredPerSecond, capacityPerSecond, utilization, fromMs };
    }
  }
  return loads.filter((load) => load !== undefined).sort((a, b) => inOrder(a.stage, b.stage));
}

/** A warning for each stage that is offered more than it can do. */
export function warnOfOverload(scenario: Scenario, tables: RoutingTables, file: string): readonly Problem[] {
  const { topology } = tables;
  const warning = (path: string, message: string, hint: string | null): Problem => ({
    file,
    line: 1,
    column: 1,
    path,
    message,
    hint,
  });
  const loads = offeredLoad(scenario, tables);
  if (loads === undefined) {
    const message =
      'the offered load was not held against capacity: there are too many servers and databases';
    return [warning('workloads', message, null)];
  }
  const over = loads.filter(({ utilization }) => utilization > 1);
  // Connections of a mailbox queue wait for threads of its database: that says it.
  const named = new Set(over.flatMap(({ stage }) => (stage.kind === 'database' ? [stage.database] : [])));
  return over
    .filter(({ stage }) => stage.kind !== 'queue' || !named.has(stage.database))
    .map((load) => {
      const { path, text } = describeLoad(load, topology);
      const hint = hints[load.stage.kind] ?? 'its queue grows for as long as that lasts';
      const from = clockTime(scenario.startUtcMs + load.fromMs);
      const message = `offered load above capacity: ${text}, ${percent(load.utilization)} in the hour from ${from}`;
      return warning(path, message, hint);
    });
}

const hints: { readonly [K in OfferedStage['kind']]?: string } = {
  connections: 'the others are refused, and their senders try again later',
  mailbox: 'what it cannot take is answered 432 and tried again later (QU-11)',
  remote: 'further sessions are answered 421, and the queues grow for as long as that lasts',
};

/** What a stage is offered, in words, and the path of what it belongs to. */
export function describeLoad(
  { stage, offeredPerSecond, capacityPerSecond }: StageLoad,
  topology: Topology,
): { readonly path: string; readonly text: string } {
  const { servers, databases, siteLinks, recipients } = topology;
  const work = `${rounded(offeredPerSecond)} s of work a second`;
  switch (stage.kind) {
    case 'link': {
      const { name } = siteLinks[stage.link]!;
      const megabits = (bits: number) => `${rounded(bits / 1_000_000)} Mbit/s`;
      return {
        path: `organization.siteLinks.${name}`,
        text: `link ${name}: ${megabits(offeredPerSecond)} over ${megabits(capacityPerSecond)}`,
      };
    }
    case 'database': {
      const { name } = databases[stage.database]!;
      return {
        path: `organization.databases.${name}`,
        text: `server ${servers[stage.server]!.name}, delivery to ${name}: ${work} for ${counted(capacityPerSecond, 'session')}`,
      };
    }
    case 'connections': {
      const { name } = servers[stage.server]!;
      const ofService = `${rounded(60 * offeredPerSecond)} new connections to ${serviceNames[stage.service]} a minute`;
      const text = `server ${name}: ${ofService} for ${Math.round(60 * capacityPerSecond)}`;
      return { path: `organization.servers.${name}`, text };
    }
    case 'mailbox': {
      const mailbox = recipients.addresses[stage.mailbox]!;
      const text = `server ${servers[stage.server]!.name}, delivery to ${mailbox}: ${work} for ${counted(capacityPerSecond, 'thread')}`;
      return { path: 'organization.mailboxes', text };
    }
    case 'remote': {
      const text = `${stage.host}: ${work} for ${counted(capacityPerSecond, 'session')}`;
      return { path: 'settings.outside.maxSessionsPerDomain', text };
    }
    case 'queue': {
      const { name } = servers[stage.server]!;
      const text = `server ${name}, queue ${stage.key.nextHopDomain}: ${work} for ${counted(capacityPerSecond, 'connection')}`;
      return { path: `organization.servers.${name}`, text };
    }
    default: {
      const { name } = servers[stage.server]!;
      const { what, unit } = serverStages[stage.kind];
      return {
        path: `organization.servers.${name}`,
        text: `server ${name}, ${what}: ${work} for ${counted(capacityPerSecond, unit)}`,
      };
    }
  }
}

const serviceNames = { 'front-end': 'Front End Transport', transport: 'Transport' } as const;

const serverStages = {
  processor: { what: 'processor', unit: 'core' },
  categorizer: { what: 'categorizer', unit: 'slot' },
  submission: { what: 'submission', unit: 'thread' },
  delivery: { what: 'mailbox delivery', unit: 'thread' },
  outbound: { what: 'all queues', unit: 'connection' },
} as const;

const stageOrder = [
  'connections',
  'processor',
  'submission',
  'categorizer',
  'outbound',
  'queue',
  'delivery',
  'database',
  'mailbox',
  'remote',
  'link',
] as const;

/** Servers first, each with its stages, then remote domains, then links. */
function inOrder(a: OfferedStage, b: OfferedStage): number {
  const serverOf = (stage: OfferedStage) => ('server' in stage ? stage.server : Number.POSITIVE_INFINITY);
  if (serverOf(a) !== serverOf(b)) return serverOf(a) - serverOf(b);
  if (a.kind !== b.kind) return stageOrder.indexOf(a.kind) - stageOrder.indexOf(b.kind);
  if (a.kind === 'connections' && b.kind === 'connections') return a.service < b.service ? -1 : 1;
  if (a.kind === 'database' && b.kind === 'database') return a.database - b.database;
  if (a.kind === 'mailbox' && b.kind === 'mailbox') return a.mailbox - b.mailbox;
  if (a.kind === 'queue' && b.kind === 'queue') return compareNames(a.key.nextHopDomain, b.key.nextHopDomain);
  if (a.kind === 'remote' && b.kind === 'remote') return compareNames(a.host, b.host);
  return a.kind === 'link' && b.kind === 'link' ? a.link - b.link : 0;
}

/** Messages a second of each kind of mail, in each of the hours that can be the busiest. */
function busyHours(
  { durationMs, startUtcMs, workloads }: Scenario,
  mail: readonly ExpectedMail[],
): readonly { readonly fromMs: number; readonly rates: readonly number[] }[] {
  const lengthMs = Math.min(hourMs, durationMs);
  const beginnings = new Set<number>();
  const add = (fromMs: number) => beginnings.add(Math.min(Math.max(0, fromMs), durationMs - lengthMs));
  add(0);
  // Rates change where an hour of the clock, or a workload, begins or ends; each day of a week has its own.
  const toFullHourMs = hourMs - (((startUtcMs % hourMs) + hourMs) % hourMs);
  const longestMs = Math.min(durationMs, mostHours * hourMs);
  for (let fromMs = toFullHourMs; fromMs < longestMs; fromMs += hourMs) add(fromMs);
  for (const { startMs, endMs } of workloads) {
    add(startMs);
    add(endMs - lengthMs);
  }
  const seen = new Set<string>();
  return [...beginnings]
    .sort((a, b) => a - b)
    .map((fromMs) => ({
      fromMs,
      rates: mail.map((each) => each.messagesBetween(fromMs, fromMs + lengthMs) / (lengthMs / 1_000)),
    }))
    .filter(({ rates }) => {
      const key = rates.map((rate) => rate.toPrecision(9)).join(' ');
      return !seen.has(key) && seen.add(key);
    });
}

/** A year of hours: whatever comes later is like one of them. */
const mostHours = 8_784;

/** `10:05`, UTC. */
function clockTime(utcMs: number): string {
  const minutes = Math.floor(utcMs / 60_000);
  const digits = (value: number) => String(value).padStart(2, '0');
  return `${digits(((Math.floor(minutes / 60) % 24) + 24) % 24)}:${digits(((minutes % 60) + 60) % 60)}`;
}

/** Never `100 %` of what is above it. */
function percent(share: number): string {
  return `${Math.max(101, Math.round(share * 100))} %`;
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function rounded(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
