import { createHash } from 'node:crypto';
import { compileScenario, runReplication } from '../../src/experiment/index.js';
import {
  brokenLaws,
  type Cell,
  type ReplicationResult,
  type TableName,
  tableColumns,
} from '../../src/measure/index.js';
import { decodeScenario } from '../../src/scenario/index.js';
import { senders } from '../../src/sim/model/back-pressure/back-pressure.js';
import type { TransportModel } from '../../src/sim/model/index.js';
import type { RandomScenario } from './random-scenario.js';
import { brokenTables, type PendingRow, TableSums } from './table-sums.js';

/** After everything else that happens at an instant. */
const lastOfAll = 100;

/** When all is repaired, nothing that can be sent waits for longer: retries, reloads and what a slow link has to carry. */
const settlingMs = 12 * 3_600_000;

/**
 * A mailbox queue that has grown shorter in that time still works: where no delivery waits for a recipient, one of many
 * messages to the same gets through in a retry interval (A-recipient-thread-wait).
 */
const progressMs = 3_600_000;

/** No message gets older in a queue or with an outside sender: both give up after two days. */
const oldestMs = 2.5 * 86_400_000;

/** A run of a few hundred messages that takes more is going round in circles. */
const mostEvents = 4_000_000;

export interface SwarmOutcome {
  /** The first laws that the run broke, as sentences; none when all hold. */
  readonly broken: readonly string[];
  /** SHA-256 over all tables and the result. */
  readonly bytes: string;
  readonly audits: number;
  readonly events: number;
  readonly result: ReplicationResult | null;
  readonly faultKinds: ReadonlySet<string>;
}

/** Runs a scenario of the swarm and holds the laws of design section 6 against it, all the time. */
export async function runSwarmScenario(scenario: RandomScenario): Promise<SwarmOutcome> {
  const content = new TextEncoder().encode(scenario.replay);
  const readFile = (name: string) => ({ name, content });
  const decoded = decodeScenario(scenario.file, 'swarm.yaml', { readFile }).scenario;
  const tables = compileScenario(decoded);
  const sums = new TableSums();
  const hash = createHash('sha256');
  const broken: string[] = [];
  const faultKinds = new Set<string>();
  let audits = 0;
  let auditSoon = () => {};
  const audit = (model: TransportModel) => {
    audits++;
    model.audit();
  };
  let model: TransportModel | undefined;
  /** When a level of back pressure changed last. */
  let pressedMs = -1;
  const onStart = (started: TransportModel) => {
    model = started;
    const { simulation } = started;
    const regular = simulation.addKind(() => {
      audit(started);
      const waitMs = simulation.nowMs < scenario.quietMs ? scenario.auditEveryMs : settlingMs / 40;
      if (simulation.nowMs + waitMs < scenario.quietMs + 1.2 * settlingMs) {
        simulation.schedule(waitMs, regular, 0, lastOfAll);
      }
    });
    simulation.scheduleAt(0, regular, 0, lastOfAll);
    const afterFault = simulation.addKind(() => audit(started));
    let soonMs = -1;
    auditSoon = () => {
      if (soonMs === simulation.nowMs) return;
      soonMs = simulation.nowMs;
      simulation.schedule(0, afterFault, 0, lastOfAll);
    };
    let lengths: readonly number[] = [];
    const before = simulation.addKind(() => {
      lengths = lengthsOf(started);
    });
    const settled = simulation.addKind(() => {
      // Who goes under pressure and comes out again, time after time, may keep others waiting for ever.
      const flips = pressedMs > scenario.quietMs;
      if (!scenario.refusesUnshadowed && !scenario.timesOut && !flips && !isPressed(started))
        broken.push(...stuckQueues(scenario, started, lengths));
    });
    simulation.scheduleAt(scenario.quietMs + settlingMs - progressMs, before, 0, lastOfAll);
    simulation.scheduleAt(scenario.quietMs + settlingMs, settled, 0, lastOfAll);
  };
  const sink = (table: TableName, row: readonly Cell[]) => {
    sums.add(table, row);
    hash.update(JSON.stringify([table, row]));
    if (table !== 'faults') return;
    const kind = String(row[tableColumns.faults.indexOf('kind')]);
    faultKinds.add(kind);
    if (kind === 'back-pressure') pressedMs = model?.simulation.nowMs ?? 0;
    auditSoon();
  };
  let events = 0;
  let result: ReplicationResult | null = null;
  try {
    const ran = await runReplication(decoded, tables, 1, {
      sink,
      recordMessages: true,
      onStart,
      // What stays in outboxes is tried again every minute, for nothing.
      untilMs: scenario.muteServers ? scenario.quietMs + settlingMs + 3_600_000 : undefined,
      // Who is under pressure looks every two seconds, for days.
      guards: { maxEvents: scenario.mayStayPressed ? 10 * mostEvents : mostEvents },
    });
    ({ events, result } = ran);
    if (ran.outcome === 'stopped') broken.push(`${events} events and no end`);
    broken.push(...brokenLaws(result), ...brokenTables(result, sums));
    hash.update(JSON.stringify(result));
    if (scenario.runsUntilEmpty && ran.outcome === 'complete')
      broken.push(...leftOver(scenario, result, sums.pending, model));
  } catch (error) {
    broken.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  return { broken, bytes: hash.digest('hex'), audits, events, result, faultKinds };
}

/** Whether a server is so short of something, for good, that it refuses mail or holds it back: then others keep theirs. */
function isPressed({ topology, backPressure }: TransportModel): boolean {
  return topology.servers.some(
    ({ index }) =>
      backPressure.isRefusing(index, senders.outside) ||
      backPressure.isHeldBack(index) ||
      backPressure.pausesRemoteDelivery(index),
  );
}

function lengthsOf(model: TransportModel): readonly number[] {
  return Array.from({ length: model.queueCount }, (_, queue) => model.queueMessages(queue));
}

/**
 * Queues in which something has waited for long after all is repaired, though they have somewhere to send it.
 * @param lengths - of the queues that there were `progressMs` ago
 */
function stuckQueues(
  { withoutFrontEnd, withoutWayIn }: RandomScenario,
  model: TransportModel,
  lengths: readonly number[],
): string[] {
  const stuck: string[] = [];
  for (let queue = 0; queue < model.queueCount; queue++) {
    const { deliveryType, nextHopDomain } = model.queueKey(queue);
    // The Unreachable and the Poison queue only wait (QU-01, QU-03).
    if (deliveryType === 'Unreachable' || deliveryType === 'Undefined') continue;
    if (model.queueOldestMs(queue) < settlingMs) continue;
    if (deliveryType === 'SmtpDeliveryToMailbox' && model.queueMessages(queue) < (lengths[queue] ?? 0))
      continue;
    const server = model.topology.servers[model.queueServer(queue)]!.name;
    if (withoutFrontEnd.has(server) && deliveryType.endsWith('ConnectorDelivery')) continue;
    // The smart hosts of an Edge's way in have no other name (ES-02).
    if (withoutWayIn.has(server) && nextHopDomain === '--') continue;
    stuck.push(
      `long after all was repaired ${model.queueMessages(queue)} messages are in the queue ${nextHopDomain} ` +
        `(${deliveryType}, ${model.queueStatusNow(queue)}) of ${server}`,
    );
  }
  return stuck;
}

/** Causes of loss, and what a scenario says that may lose mail so. */
const losers = [
  ['mailbox-lost', '"database-failover"'],
  ['queue-database-lost', '"queueDatabase":"lost"'],
] as const;

/** What a run until empty has left though it is old enough to have ended, unless there is a cause that has a name. */
function leftOver(
  { muteServers, file }: RandomScenario,
  { endMs, lost }: ReplicationResult,
  pending: readonly PendingRow[],
  model: TransportModel | undefined,
): string[] {
  const poisoned = new Set<string>();
  for (let queue = 0; queue < (model?.queueCount ?? 0); queue++) {
    const isPoison = model!.queueKey(queue).nextHopDomain === 'Poison Message';
    if (isPoison && model!.queueMessages(queue) > 0)
      poisoned.add(model!.topology.servers[model!.queueServer(queue)]!.name);
  }
  const stuck = pending.filter(({ submittedMs, server }) => {
    if (endMs - submittedMs < oldestMs || (model !== undefined && isPressed(model))) return false;
    return server === '' ? !muteServers : !poisoned.has(server);
  });
  const shown = stuck.slice(0, 5).map(({ message, server }) => `${message} on ${server || 'no server'}`);
  return [
    ...lost.byCause
      .filter(({ name }) => !losers.some(([cause, fault]) => cause === name && file.includes(fault)))
      .map(({ name, count }) => `${count} recipients are lost, ${name}, and nothing loses mail so`),
    ...(stuck.length > 0 ? [`${stuck.length} recipients are left over: ${shown.join('; ')}`] : []),
  ];
}
