import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { compileScenario, runReplication } from '../src/experiment/index.js';
import { loadScenario } from '../src/runner/index.js';
import type { Scenario } from '../src/scenario/index.js';
import type { TransportModel } from '../src/sim/model/index.js';
import { table } from './markdown.js';
import { bytesInUse } from './weigh.js';

const usage = `npm run bench:two-days -- [options]

  Simulates two days of the large organization, of which Safety Net keeps every delivery, and measures what that takes:
  the heap and array buffers of the process, garbage collected, each hour. Some five minutes and two gigabytes.
  Exits 1 when a delivery takes more than the design allows. How many messages are in flight, and what else the process
  has, is told and not judged: next to all deliveries they are too few to be weighed here.

  --hours <n>  how many hours to simulate, 24 at the least (default 48)
  --help       print this and stop
`;

const hourMs = 3_600_000;
/** Section 10 of the design. */
const goals = { retainedBytes: 48, inFlightBytes: 150 };

const { values } = parseArgs({
  options: { hours: { type: 'string', default: '48' }, help: { type: 'boolean', default: false } },
});
const hours = Number(values.hours);
if (values.help) process.stdout.write(usage);
else if (!Number.isInteger(hours) || hours < 24) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else process.exitCode = await measure(hours);

/** The large day again and again, after which every database may fail over and lose all of it. */
function longScenario(runsHours: number): Scenario {
  const { scenario } = loadScenario('bench/scenarios/large-day.yaml', { set: [`duration=${runsHours} h`] });
  const beginMs = (runsHours + 1) * hourMs;
  const faults = scenario.organization.databases.map(({ name: database, copies }) => ({
    kind: 'database-failover' as const,
    beginMs,
    endMs: beginMs,
    database,
    to: copies[0]!,
    lostWindowMs: beginMs,
  }));
  return { ...scenario, faults };
}

interface Hour {
  readonly inFlight: number;
  readonly retained: number;
  readonly bytes: number;
}

async function measure(runsHours: number): Promise<number> {
  const scenario = longScenario(runsHours);
  const tables = compileScenario(scenario);
  const used = bytesInUse();
  const found: Hour[] = [];
  let model: TransportModel | null = null;
  let nextMs = hourMs;
  await runReplication(scenario, tables, 1, {
    sink: () => {},
    recordMessages: false,
    onStart: (started) => {
      model = started;
    },
    onProgress: ({ nowMs, messagesInFlight }) => {
      if (nowMs < nextMs || model === null) return 'continue';
      nextMs += hourMs;
      const hour = { inFlight: messagesInFlight, retained: model.safetyNet.retained, bytes: used() };
      found.push(hour);
      process.stderr.write(`${Math.floor(nowMs / hourMs)} h: ${JSON.stringify(hour)}\n`);
      return nowMs >= runsHours * hourMs ? 'stop' : 'continue';
    },
  });
  return report(found);
}

/** A retained delivery's share is the slope between the first night and the end, both with hardly anything in flight. */
function report(found: readonly Hour[]): number {
  const first = found[0]!;
  const last = found.at(-1)!;
  const retainedBytes = (last.bytes - first.bytes) / (last.retained - first.retained);
  const most = Math.max(...found.map(({ inFlight }) => inFlight));
  const otherBytes = last.bytes - last.retained * retainedBytes;
  const rows = found.map(({ inFlight, retained, bytes }, hour) => [
    String(hour + 1),
    String(inFlight),
    String(retained),
    (bytes / 2 ** 20).toFixed(0),
  ]);
  const lines = [
    table(['hour', 'in flight', 'retained', 'MiB in use'], rows, [0, 1, 2, 3]),
    '',
    `${retainedBytes.toFixed(1)} bytes a retained delivery (at most ${goals.retainedBytes}); ` +
      `Node.js ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}`,
    `Not judged: ${last.inFlight} messages in flight at the end, ${most} at the most of all hours, which is ` +
      `${((most * goals.inFlightBytes) / 1_024).toFixed(1)} KiB at ${goals.inFlightBytes} bytes each; ` +
      `${(otherBytes / 2 ** 20).toFixed(1)} MiB of the process at the end are not the retained ` +
      'deliveries: the program, the organization, and what is in flight',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return retainedBytes <= goals.retainedBytes ? 0 : 1;
}
