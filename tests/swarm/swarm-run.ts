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
import type { TransportModel } from '../../src/sim/model/index.js';
import type { RandomScenario } from './random-scenario.js';
import { brokenTables, TableSums } from './table-sums.js';

/** After everything else that happens at an instant. */
const lastOfAll = 1_000_000;

/** When all is repaired, nothing that can be sent waits for longer: retries, reloads and what a slow link has to carry. */
const settlingMs = 18 * 3_600_000;

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
  let isAtRest = () => false;
  const onStart = (model: TransportModel) => {
    const { simulation } = model;
    isAtRest = () => model.isAtRest;
    const regular = simulation.addKind(() => {
      audit(model);
      const waitMs = simulation.nowMs < scenario.quietMs ? scenario.auditEveryMs : settlingMs / 40;
      if (simulation.nowMs + waitMs < scenario.quietMs + 1.2 * settlingMs) {
        simulation.schedule(waitMs, regular, 0, lastOfAll);
      }
    });
    simulation.scheduleAt(0, regular, 0, lastOfAll);
    const afterFault = simulation.addKind(() => audit(model));
    let soonMs = -1;
    auditSoon = () => {
      if (soonMs === simulation.nowMs) return;
      soonMs = simulation.nowMs;
      simulation.schedule(0, afterFault, 0, lastOfAll);
    };
    const settled = simulation.addKind(() => broken.push(...stuckQueues(model)));
    simulation.scheduleAt(scenario.quietMs + settlingMs, settled, 0, lastOfAll);
  };
  const sink = (table: TableName, row: readonly Cell[]) => {
    sums.add(table, row);
    hash.update(JSON.stringify([table, row]));
    if (table !== 'faults') return;
    faultKinds.add(String(row[tableColumns.faults.indexOf('kind')]));
    auditSoon();
  };
  let events = 0;
  let result: ReplicationResult | null = null;
  try {
    const ran = await runReplication(decoded, tables, 1, {
      sink,
      recordMessages: true,
      onStart,
      guards: { maxEvents: mostEvents },
    });
    ({ events, result } = ran);
    if (ran.outcome === 'stopped') broken.push(`${events} events and no end`);
    broken.push(...brokenLaws(result), ...brokenTables(result, sums));
    hash.update(JSON.stringify(result));
    if (scenario.runsUntilEmpty && ran.outcome === 'complete') broken.push(...leftOver(result, isAtRest()));
  } catch (error) {
    broken.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  return { broken, bytes: hash.digest('hex'), audits, events, result, faultKinds };
}

/** Queues that hold something long after all is repaired, though they have somewhere to send it. */
function stuckQueues(model: TransportModel): string[] {
  const stuck: string[] = [];
  for (let queue = 0; queue < model.queueCount; queue++) {
    const { deliveryType, nextHopDomain } = model.queueKey(queue);
    const messages = model.queueMessages(queue);
    // The Unreachable and the Poison queue only wait (QU-01, QU-03).
    if (messages === 0 || deliveryType === 'Unreachable' || deliveryType === 'Undefined') continue;
    const server = model.topology.servers[model.queueServer(queue)]!.name;
    stuck.push(
      `long after all was repaired ${messages} messages are in the queue ${nextHopDomain} (${deliveryType}, ` +
        `${model.queueStatusNow(queue)}) of ${server}`,
    );
  }
  return stuck;
}

/** What a run until empty has left, but for poison. */
function leftOver({ recipients: { pending, lost } }: ReplicationResult, isAtRest: boolean): string[] {
  return [
    ...(lost > 0 ? [`${lost} recipients are lost, and nothing loses mail`] : []),
    ...(pending > 0 && !isAtRest ? [`${pending} recipients are left over at the end`] : []),
  ];
}
