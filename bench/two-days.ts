import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { childOutput } from './child-output.js';
import { type TwoDays, twoDaysReport } from './two-days/two-days-report.js';

const usage = `npm run bench:two-days -- [options]

  Simulates two days of the large organization, of which Safety Net keeps every delivery, and measures what that takes:
  the heap and array buffers of the process, garbage collected, each hour. Twice: once all is well and hardly anything is
  in flight, which gives a retained delivery's share; and once the mail of a site waits for the last twelve hours: by what
  that takes more than the first a message in flight has its share. Some ten minutes, and a gigabyte at a time.
  Exits 1 when a delivery or a message takes more than the design allows.

  --hours <n>  how many hours to simulate, 24 at the least (default 48)
  --help       print this and stop
`;

const { values } = parseArgs({
  options: { hours: { type: 'string', default: '48' }, help: { type: 'boolean', default: false } },
});
const hours = Number(values.hours);
if (values.help) process.stdout.write(usage);
else if (!Number.isInteger(hours) || hours < 24) {
  process.stderr.write(
    `bench:two-days: --hours is a whole number from 24, not "${values.hours}"\n\n${usage}`,
  );
  process.exitCode = 2;
} else {
  const { text, isMet } = twoDaysReport(await run('healthy'), await run('waiting'));
  const machine = `Node.js ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`;
  process.stdout.write(`${text}\n${machine}\n`);
  process.exitCode = isMet ? 0 : 1;
}

async function run(what: 'healthy' | 'waiting'): Promise<TwoDays> {
  const program = fileURLToPath(new URL('two-days-run.js', import.meta.url));
  return JSON.parse(await childOutput(program, [String(hours), what])) as TwoDays;
}
