import { expect, test } from 'vitest';
import { assumptions, rules } from '../../rules/index.js';
import { exitCodes } from '../command.js';
import { main } from '../main.js';

async function explain(...args: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const code = await main(['explain', ...args], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

test('a rule: statement, source, state, note, and where the documentation has it', async () => {
  const { code, stdout, stderr } = await explain('rt-32');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(
    `RT-32
Of ways that tie on both, the names of the sites before the destination decide, from the destination
back: at the first site that differs the lower name wins.

source  Mail routing (Exchange 2013 documentation)
state   modelled
note    What is lower is UN-02.
see     docs/rules.md, Mail routing
`,
  );
});

test('a rule as JSON; a note that there is none of is null', async () => {
  const { code, stdout } = await explain('RT-31', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    mailflow: 'explain/1',
    kind: 'rule',
    id: 'RT-31',
    statement: 'Of equally cheap ways the one with the fewest hops wins.',
    source: 'Mail routing (Exchange 2013 documentation)',
    state: 'modelled',
    note: null,
    docs: 'docs/rules.md, Mail routing',
  });
});

test('what is left out says why', async () => {
  const { stdout } = await explain('AS-12');
  expect(stdout).toContain('state   left out\n');
  expect(stdout).toContain('note    Binary back-off: one field report on 2007, nothing on 2013; off.\n');
});

test('an assumption: the reason is its note', async () => {
  const { code, stdout } = await explain('A-ROUTING-RELOAD', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    mailflow: 'explain/1',
    kind: 'assumption',
    id: 'A-routing-reload',
    state: 'assumed',
    docs: 'docs/rules.md, Assumptions',
  });
  expect(JSON.parse(stdout).note).toContain('AS-13');
});

test.each(['3', 'exit-code-3', 'EXIT-CODE-3'])('an exit code: %s', async (topic) => {
  const { code, stdout } = await explain(topic, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ kind: 'exit-code', id: 'exit-code-3', state: null, note: null });
  expect(JSON.parse(stdout).statement).toMatch(/^Input that cannot be/);
});

test('every exit code, every rule and every assumption is explained, as its own', async () => {
  const topics = [
    ...Object.values(exitCodes).map((code) => [String(code), `exit-code-${code}`] as const),
    ...[...rules, ...assumptions].map(({ id }) => [id, id] as const),
  ];
  for (const [topic, id] of topics) {
    const { code, stdout } = await explain(topic, '--json');
    expect([code, JSON.parse(stdout).id]).toEqual([0, id]);
  }
});

test.each([
  ['RT-1', 'did you mean "RT-01"?'],
  ['RT42', 'did you mean "RT-42"?'],
  ['RT-23b', 'did you mean "RT-23"?'],
  ['RT-610', 'known: RT-01 to RT-60'],
  ['a-drain-limits', 'did you mean "A-drain-limit"?'],
  ['8', 'known: exit-code-0, exit-code-1, exit-code-130, '],
])('nothing is known of %s: exit 3, %s', async (topic, hint) => {
  const { code, stdout, stderr } = await explain(topic);
  expect([code, stdout]).toEqual([3, '']);
  expect(stderr).toContain(`nothing is known of ${JSON.stringify(topic)}`);
  expect(stderr).toContain(hint);
});

test('nothing is known of it, as JSON: one error document', async () => {
  const { code, stdout } = await explain('RT-999', '--json');
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ mailflow: 'error/1', exitCode: 3 });
  expect(JSON.parse(stdout).errors).toHaveLength(1);
});

test('without a topic the command line is not understood', async () => {
  expect((await explain()).code).toBe(2);
});

test('a metric: what the number is, its unit and what it covers', async () => {
  const { code, stdout, stderr } = await explain('queues.B1/DB1.maxAgeMs');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(
    `queues.<server>/<queue>.maxAgeMs
The largest age of a message in the queue, counted from its submission.

source  summary.json of a run
note    In ms; covers the whole run, the largest of all replications.
see     docs/model.md, Metrics
`,
  );
});

test('the beginning of a metric lists what there is', async () => {
  const { code, stderr } = await explain('retries');
  expect(code).toBe(3);
  expect(stderr).toContain('known: retries.connections, retries.messages');
});
