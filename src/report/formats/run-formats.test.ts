import { describe, expect, test } from 'vitest';
import { scriptedReport } from '../../../tests/report/scripted-report.js';
import type { RunFacts, RunSummary, VerdictReason } from '../../measure/index.js';
import type { RunReport } from '../run-report.js';
import { formatHtml } from './html.js';
import { formatJunit } from './junit.js';
import { formatMarkdown, mostMarkdownBytes } from './markdown.js';

const assets = { chartScript: 'var uPlot;', chartStyle: '', pageScript: 'void 0;', pageStyle: 'p{}' };
const formats: Readonly<Record<string, (report: RunReport) => string | Promise<string>>> = {
  html: (report) => formatHtml(report, assets),
  markdown: formatMarkdown,
  junit: formatJunit,
};

function threshold(
  metric: string,
  limit: 'below' | 'at-most',
  value: number,
): RunFacts['thresholds'][number] {
  return { metric, metricPath: metric.split('.'), limit, value, text: `${limit} ${value}` };
}
const thresholds = [
  threshold('recipients.lost', 'at-most', 5),
  threshold('recipients.delivered', 'below', 2),
];

const nasty =
  '<script>alert(1)</script>]]>-->"\'`|@all [x](http://evil.example) www.evil.example \u0000\u001b[31m\u202e\ud800';

function hostileReport(): RunReport {
  const { summary, outline, figures } = scriptedReport(thresholds);
  const change = <T extends object>(each: T, key: keyof T) => ({ ...each, [key]: nasty });
  const changed: RunSummary = {
    ...summary,
    scenario: { name: nasty, sha256: nasty },
    version: nasty,
    seed: nasty,
    fingerprint: nasty,
    ndrs: { total: 2, byCode: { [nasty]: 2 } },
    lost: { total: 1, byCause: { [nasty]: 1 } },
    backoffs: { total: 1, bySite: { [nasty]: 1 } },
    queues: summary.queues.map((each) => change(each, 'nextHopDomain')),
    servers: summary.servers.map((each) => change(each, 'server')),
    links: summary.links.map((each) => change(each, 'link')),
    thresholds: summary.thresholds.map((each) => ({ ...each, metric: nasty, limit: nasty })),
  };
  const faults = [{ timeMs: 0, kind: nasty, subject: nasty, phase: 'begin' }];
  return {
    summary: changed,
    outline: {
      ...outline!,
      sites: outline!.sites.map((each) => change(each, 'name')),
      siteLinks: [{ name: nasty, sites: [nasty, nasty], cost: 1 }],
      servers: [{ name: nasty, site: nasty, edge: true }],
    },
    figures: { ...figures, faults },
  };
}

describe.each(Object.entries(formats))('%s', (_name, format) => {
  test('says that a run is incomplete, and says it of no other', async () => {
    expect(await format(scriptedReport(thresholds, { incomplete: true }))).toMatch(/stopped before its end/);
    expect(await format(scriptedReport(thresholds))).not.toMatch(/stopped before its end/);
  });

  test('has each threshold with its value', async () => {
    const text = await format(scriptedReport(thresholds));
    expect(text.replaceAll('<wbr>', '')).toContain('recipients.delivered');
    expect(text.replaceAll('<wbr>', '')).toContain('recipients.lost');
  });

  test.each([
    ['no-samples', 'fail', 'nothing was measured', '–'],
    ['pending', 'fail', 'mail still pending at the end could break the limit', '1 min 16 s'],
    ['largest', 'fail', 'a replication broke the limit', '1 min 16 s [55 s, 1 min 15 s]'],
    ['interval', 'fail', 'all of the interval breaks the limit', '1 min 16 s [55 s, 1 min 15 s]'],
    ['interval', 'undecided', 'the limit lies in the interval', '1 min 16 s [55 s, 1 min 15 s]'],
    ['pooled', 'undecided', 'all replications together break the limit', '1 min 16 s [55 s, 1 min 15 s]'],
    ['incomplete', 'undecided', 'the run was stopped before its end', '1 min 16 s'],
  ] as const)('says why: %s, %s', async (reason, verdict, why, figure) => {
    const metric = 'deliveryLatency.maxMs';
    const judged = {
      metric,
      limit: 'below 1 min',
      value: reason === 'no-samples' ? 0 : 75_500,
      verdict,
      reason,
    };
    const text = await format(
      scriptedReport([], {
        thresholds: [judged],
        intervals: figure.includes('[')
          ? { [metric]: { mean: 65_000, halfWidth: 10_000, confidence: 0.95 } }
          : {},
      }),
    );
    expect(text).toContain(why);
    expect(text).toContain(figure);
    if (reason === 'no-samples') expect(text).not.toMatch(/\b0 ms, /);
    expect(/the limit lies in the interval/.test(text)).toBe(
      reason === 'interval' && verdict === 'undecided',
    );
  });

  test('shows hostile text as text', async () => {
    const text = await format(hostileReport());
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('alert');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(text).not.toContain(']]>');
  });

  test('is the same for the same result', async () => {
    expect(await format(scriptedReport(thresholds))).toBe(await format(scriptedReport(thresholds)));
  });
});

describe.each(['html', 'markdown'])('%s', (name) => {
  const format = formats[name]!;

  test('counts add up: recipients by expansion and of notifications are told where there are any', async () => {
    const { recipients, resubmissions } = scriptedReport().summary;
    const of = async (expanded: number, generated: number, safetyNet = 0) =>
      (
        await format(
          scriptedReport([], {
            recipients: { ...recipients, expanded, generated },
            resubmissions: { ...resubmissions, safetyNet },
          }),
        )
      ).replaceAll(/<[^>]*>|\|/g, ' ');
    const both = await of(1_234, 2_379);
    expect(both).toMatch(/by expansion +1,234|1,234 +by expansion/);
    expect(both).toMatch(/of notifications +2,379|2,379 +of notifications/);
    expect(await of(0, 7, 1)).toMatch(
      /of notifications and lost mailboxes +7|7 +of notifications and lost mailboxes/,
    );
    expect(await of(0, 0)).not.toMatch(/by expansion|\d +of notifications|of notifications +\d/);
  });

  const warmUp = (found: boolean) =>
    ({ warmUp: { method: 'MSER-5', pilots: 5, found }, warmUpMs: 60_000 }) as const;

  test('says that no steady state was found, and says it of no other run', async () => {
    const unsteady = await format(scriptedReport([], warmUp(false)));
    expect(unsteady).toContain('No steady state was found');
    expect(unsteady).toContain('after a warm-up of 1 min (NO steady state found)');
    const steady = await format(scriptedReport([], warmUp(true)));
    expect(steady).toContain('after a warm-up of 1 min (found)');
    for (const text of [steady, await format(scriptedReport())]) expect(text).not.toMatch(/no steady state/i);
  });

  test('latencies have the figure of all replications, and the interval of their mean beside it', async () => {
    const text = await format(
      scriptedReport([], {
        intervals: { 'deliveryLatency.p95Ms': { mean: 70_000, halfWidth: 5_000, confidence: 0.95 } },
      }),
    );
    expect(text).toMatch(/1 min 20 s( |<\/td><td class="soft">)\[1 min 5 s, 1 min 15 s\]/);
    expect(text).not.toContain('±');
  });
});

describe('html', () => {
  test('one recipient is no recipients', async () => {
    const { deliveryLatency } = scriptedReport().summary;
    const text = await formatHtml(
      scriptedReport([], { deliveryLatency: { ...deliveryLatency, count: 1 } }),
      assets,
    );
    expect(text).toContain('of 1 recipient whose mail');
  });

  test('says what stands in brackets, and that more replications would tell, where they would', async () => {
    const of = (verdict: 'fail' | 'undecided', reason: VerdictReason) =>
      formatHtml(
        scriptedReport([], {
          thresholds: [{ metric: 'recipients.lost', limit: 'below 2', value: 3, verdict, reason }],
        }),
        assets,
      );
    const note = 'More replications would decide what is undecided by it.';
    expect(await of('undecided', 'interval')).toContain(note);
    expect(await of('undecided', 'unequal')).not.toContain(note);
    expect(await of('fail', 'interval')).not.toContain(note);
  });

  test('asks for nothing, and lets only its own scripts and styles in', async () => {
    const text = await formatHtml(hostileReport(), assets);
    expect(text).not.toMatch(/\b(src|action|data|poster)=|url\(|@import|https?:\/\/(?!evil)/);
    expect(text).toMatch(
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/,
    );
    expect(text).not.toContain('unsafe');
    expect(text.match(/<script/g)).toHaveLength(3);
    expect(text).not.toMatch(/ style="| on[a-z]+="/);
  });
});

describe('junit', () => {
  const counts = (text: string) => /<testsuite [^>]*/.exec(text)?.[0];

  test('is well-formed, with a case a threshold; a failure has value and limit', () => {
    const text = formatJunit(scriptedReport(thresholds));
    expect(elementsOf(text).filter((each) => each === 'testcase')).toHaveLength(2);
    expect(counts(text)).toContain('tests="2" failures="1" errors="0" skipped="0"');
    expect(text).toContain('<failure message="3, but the limit is: below 2" type="threshold"/>');
    expect(elementsOf(formatJunit(hostileReport()))).toContain('failure');
  });

  test('a figure that breaks its limit stands before a but, whatever else is said', () => {
    const messageOf = (verdict: 'fail' | 'undecided', reason: VerdictReason) =>
      /message="([^"]*)"/.exec(
        formatJunit(
          scriptedReport([], {
            thresholds: [{ metric: 'recipients.lost', limit: 'below 2', value: 3, verdict, reason }],
          }),
        ),
      )![1];
    expect(messageOf('fail', 'largest')).toMatch(/: 3, but the limit is: below 2$/);
    expect(messageOf('fail', 'interval')).toMatch(/: 3, but the limit is: below 2$/);
    expect(messageOf('fail', 'pending')).toMatch(/: 3, the limit is: below 2$/);
    expect(messageOf('undecided', 'interval')).toMatch(/: 3, the limit is: below 2$/);
  });

  test('an undecided threshold is skipped, with a message', () => {
    const text = formatJunit(
      scriptedReport([], {
        intervals: { 'deliveryLatency.meanMs': { mean: 75_500, halfWidth: 6_000, confidence: 0.95 } },
        thresholds: [
          {
            ...{ metric: 'deliveryLatency.meanMs', limit: 'below 75500', value: 75_500 },
            ...{ verdict: 'undecided', reason: 'interval' },
          },
        ],
      }),
    );
    expect(counts(text)).toContain('failures="0" errors="0" skipped="1"');
    expect(text).toContain(
      '<skipped message="undecided: the limit lies in the interval: 1 min 16 s [1 min 10 s, 1 min 22 s], the limit is: below 75500"/>',
    );
  });

  test('an incomplete run is an error of its own', () => {
    const text = formatJunit(scriptedReport(thresholds, { incomplete: true }));
    expect(counts(text)).toContain('tests="3" failures="1" errors="1"');
  });
});

describe('markdown', () => {
  test('is cut to what a step page takes, with a note, the worst on top', () => {
    const many = Array.from({ length: 30_000 }, (_, index) => threshold(`recipients.lost`, 'at-most', index));
    const text = formatMarkdown(scriptedReport([...many, threshold('recipients.delivered', 'below', 2)]));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostMarkdownBytes);
    expect(Buffer.byteLength(text)).toBeGreaterThan(mostMarkdownBytes - 1_000);
    expect(text).toMatch(/Cut here: a step page takes no more\._\n$/);
    expect(text.slice(0, 800)).toContain('recipients.delivered');
  });

  test('names no address and nobody', () => {
    const text = formatMarkdown(hostileReport());
    expect(text).not.toMatch(/@all|www\.evil|http:\/\/|\]\(/);
  });
});

/** The names of the elements in order of their ends. @throws Error where a document is not well-formed */
function elementsOf(xml: string): string[] {
  const open: string[] = [];
  const closed: string[] = [];
  const rest = xml
    .replace(/^<\?xml [^>]*\?>/, '')
    .replace(
      /<(\/?)([a-z]+)((?: [a-z]+="[^"<>]*")*)(\/?)>/g,
      (_tag, end: string, name: string, _attributes, empty: string) => {
        if (empty === '/') closed.push(name);
        else if (end === '') open.push(name);
        else if (open.pop() === name) closed.push(name);
        else throw new Error(`${name} is not open`);
        return '';
      },
    );
  if (rest.trim() !== '' || open.length > 0) throw new Error(`not well-formed: ${rest.trim().slice(0, 100)}`);
  return closed;
}
