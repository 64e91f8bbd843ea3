import { describe, expect, it } from 'vitest';
import { decodeScenario, injectFaults, ScenarioError } from '../../src/scenario/index.js';
import { randomStreams } from '../../src/sim/kernel/index.js';
import { Recorder } from './recorder.js';
import { deterministicHardware, run } from './small-organization.js';

const hour = 3_600_000;
const day = 24 * hour;

const organization = `{ organization: contoso.com, sites: [{ name: A }, { name: B }],
  siteLinks: [{ name: A-B, sites: [A, B], cost: 10, latency: 0 ms }],
  servers: [{ name: A1, site: A }, { name: B1, site: B, roles: [mailbox] }],
  databases: [{ name: DBA, copies: [A1] }, { name: DBB, copies: [B1] }] }`;

function faultsOf(text: string) {
  const scenario = `mailflow: 1\norganization: ${organization}\nduration: 1 h\nfaults:\n${text}\n`;
  const readFile = () => {
    throw new Error('no files');
  };
  return decodeScenario(scenario, 's.yaml', { readFile }).scenario.faults;
}

function problemsOf(of: string): string[] {
  try {
    faultsOf(`  - { kind: random-failures, of: { ${of} }, meanTimeBetween: 1 d, meanTimeToRepair: 1 h }`);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

interface FaultRow {
  readonly atMs: number;
  readonly kind: string;
  readonly subject: string;
  readonly phase: string;
}

class FaultRecorder extends Recorder {
  readonly rows: FaultRow[] = [];
  override fault(atMs: number, kind: string, subject: string, phase: 'begin' | 'end' | 'effect'): void {
    this.rows.push({ atMs, kind, subject, phase });
  }
}

/** What a run of the organization sees of some faults. */
function strikes(text: string, { seed = '1', untilMs = 1_000 * day } = {}): FaultRow[] {
  const recorder = new FaultRecorder();
  const { simulation, model } = run(
    { links: { 'A-B': 10 }, servers: { A1: 'A', B1: 'B' }, databases: { DBA: ['A1'], DBB: ['B1'] } },
    deterministicHardware,
    recorder,
  );
  injectFaults(faultsOf(text), model, randomStreams(seed, 1));
  simulation.runUntil(untilMs);
  model.audit();
  return recorder.rows;
}

const often = (of: string, more = '') =>
  `  - { kind: random-failures, of: { ${of} }, meanTimeBetween: 9 h, meanTimeToRepair: 1 h${more} }`;

const of = (rows: readonly FaultRow[], subject: string) => rows.filter((row) => row.subject === subject);

describe('random-failures', () => {
  it('each object fails and is repaired in turn, for the mean times given', () => {
    const rows = strikes(often('kind: server-outage, server: any'));
    for (const server of ['A1', 'B1']) {
      const own = of(rows, server);
      expect(own.every(({ phase }, index) => phase === (index % 2 === 0 ? 'begin' : 'end'))).toBe(true);
      const spans = (first: number) =>
        own.flatMap(({ atMs }, index) =>
          index > 0 && index % 2 === first ? [atMs - own[index - 1]!.atMs] : [],
        );
      const mean = (list: readonly number[]) => list.reduce((sum, each) => sum + each) / list.length;
      // 2,400 failures in 1,000 days: the standard error of a mean is 2 % of it.
      expect(own.length).toBeGreaterThan(4_500);
      expect(Math.abs(mean(spans(1)) / hour - 1)).toBeLessThan(0.08);
      expect(Math.abs(mean(spans(0)) / hour - 9)).toBeLessThan(0.72);
    }
  });

  it('the seed decides when; another object, another fault and another order change nothing', () => {
    const both = strikes(often('kind: server-outage, server: any'), { untilMs: 30 * day });
    const link = often('kind: site-link-outage, link: A-B');
    const more = `${link}\n${often('kind: server-outage, server: b1')}`;
    expect(of(strikes(more, { untilMs: 30 * day }), 'B1')).toEqual(of(both, 'B1'));
    expect(of(both, 'A1').map(({ atMs }) => atMs)).not.toEqual(of(both, 'B1').map(({ atMs }) => atMs));
    const otherSeed = strikes(often('kind: server-outage, server: b1'), { seed: '2', untilMs: 30 * day });
    expect(otherSeed[0]!.atMs).not.toBe(of(both, 'B1')[0]!.atMs);
  });

  it('two such faults of one object strike at different times', () => {
    const one = often('kind: database-outage, database: DBB');
    const rows = strikes(`${one}\n${one}`, { untilMs: 30 * day });
    const begins = rows.filter(({ phase }) => phase === 'begin').map(({ atMs }) => atMs);
    expect(begins.length).toBeGreaterThan(20);
    expect(new Set(begins).size).toBe(begins.length);
  });

  it('nothing strikes before `at`, and everything is repaired when `for` is over', () => {
    const rows = strikes(often('kind: server-slowdown, server: B1, factor: 2', ', at: +2 d, for: 5 d'));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows[0]!.atMs).toBeGreaterThan(2 * day);
    expect(rows.at(-1)!.atMs).toBeLessThanOrEqual(7 * day);
    expect(rows.at(-1)!.phase).toBe('end');
    expect(rows.filter(({ phase }) => phase === 'begin')).toHaveLength(rows.length / 2);
  });

  it('what is broken when `for` is over ends right then', () => {
    const text = `  - { kind: random-failures, of: { kind: server-outage, server: B1 }, for: 10 d, meanTimeBetween: 1 ms, meanTimeToRepair: 3650 d }`;
    const rows = strikes(text);
    expect(rows.map(({ phase }) => phase)).toEqual(['begin', 'end']);
    expect(rows[1]!.atMs).toBe(10 * day);
  });

  it('any service is that of the servers that have it', () => {
    const fault = faultsOf(often('kind: service-outage, server: any, service: front-end'))[0];
    expect(fault).toMatchObject({ of: [{ kind: 'service-outage', server: 'A1', service: 'front-end' }] });
  });

  it.each([
    [
      'kind: database-move, database: DBB, to: B1',
      /^faults\.0\.of\.kind: expected a kind that lasts: one of/,
    ],
    [
      'kind: queue-resubmission, server: A1, database: DBB',
      /^faults\.0\.of\.kind: expected a kind that lasts/,
    ],
    ['kind: random-failures', /^faults\.0\.of\.kind: expected a kind that lasts/],
    ['kind: nonsense', /^faults\.0\.of\.kind: expected a kind that lasts: .*, got "nonsense"$/],
    ['kind: server-outage, server: Z9', /^faults\.0\.of\.server: there is no server "Z9"$/],
    ['kind: server-outage', /^faults\.0\.of\.server: "server" is missing/],
    ['kind: server-outage, server: A1, bogus: 1', /^faults\.0\.of\.bogus: unknown key "bogus"$/],
    ['kind: server-outage, server: A1, at: +1 h', /^faults\.0\.of\.at: `at` stands beside `of`/],
    ['kind: server-outage, server: A1, for: 1 h', /^faults\.0\.of\.for: `for` stands beside `of`/],
    ['kind: remote-domain-outage, domain: any', /^faults\.0\.of\.domain: expected a domain by its name/],
    ['server: A1', /^faults\.0\.of\.kind: "kind" is missing/],
  ])('%s is refused', (text, message) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });
});
