import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenedPage, skipWithoutBrowser, TestBrowser } from './open-browser.js';
import { hostile, hostileScenario, hubAndSpoke } from './report-scenarios.js';
import { TestReports } from './test-reports.js';
import { addAllColours, worstContrasts } from './text-contrast.js';

const reports = new TestReports();
const browser = new TestBrowser();
const twoSites = join(import.meta.dirname, '../../scenarios/two-site-morning/scenario.yaml');

const looks = [
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 400, colorScheme: 'light' },
  { width: 400, colorScheme: 'dark' },
] as const;

/** What is asked of a canvas, in the page. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray };
  };
}

/** How many pixels of a chart's canvas have been drawn on. */
function inked({ page }: OpenedPage): Promise<number[]> {
  return page.$$eval('.plot canvas', (canvases) =>
    canvases.map((canvas) => {
      const drawing = canvas as unknown as Canvas;
      const { data } = drawing.getContext('2d').getImageData(0, 0, drawing.width, drawing.height);
      let count = 0;
      for (let alpha = 3; alpha < data.length; alpha += 4) if (data[alpha]! > 0) count++;
      return count;
    }),
  );
}

/** Whether something of the page is wider than the window. */
const sticksOut = 'document.documentElement.scrollWidth > innerWidth';

afterAll(async () => {
  await browser.close();
  reports.remove();
});

describe.skipIf(skipWithoutBrowser)('the report of two-site-morning in a browser', () => {
  let file: string;
  beforeAll(async () => {
    file = await reports.make('two-sites', twoSites);
  }, 60_000);

  test.each(looks)(
    'opens silently at $width in $colorScheme, all charts drawn, nothing sticking out',
    async (look) => {
      const opened = await browser.open(file, look);
      expect(await opened.page.locator('html').getAttribute('data-drawn')).toBe('7');
      const ink = await inked(opened);
      expect(ink).toHaveLength(7);
      expect(Math.min(...ink)).toBeGreaterThan(1_000);
      expect(await opened.page.evaluate(sticksOut)).toBe(false);
      expect(opened.complaints).toEqual([]);
      await opened.page.close();
    },
  );

  test('the verdicts come first, and the picture has every site, server and link', async () => {
    const { page } = await browser.open(file, looks[0]);
    expect(await page.locator('main > section').first().getAttribute('id')).toBe('verdicts');
    expect(await page.locator('#verdicts tbody tr').count()).toBe(4);
    const picture = page.locator('svg.topology');
    expect(await picture.locator('.site .name').allTextContents()).toEqual(['Berlin', 'Frankfurt']);
    expect(await picture.locator('.server').count()).toBe(5);
    expect(await picture.locator('.server.marked').count()).toBeGreaterThan(0);
    expect(await picture.locator('.link.busy').count()).toBe(1);
    expect(await picture.locator('.label.busy').textContent()).toContain('1. Berlin-Frankfurt');
    await page.close();
  });

  test('a click on a head sorts figures from the top, a second from below; names from the beginning', async () => {
    const { page, complaints } = await browser.open(file, looks[0]);
    const table = page.locator('#tables table').first();
    const column = async (index: number) =>
      (await table.locator(`tbody tr td:nth-child(${index})`).allTextContents()).map((each) => each.trim());
    const lengths = async () => (await column(4)).map((each) => Number(each.replaceAll(',', '')));
    const button = table.locator('thead button', { hasText: 'mean length' });
    await button.click();
    const descending = await lengths();
    expect(descending).toEqual([...descending].sort((a, b) => b - a));
    expect(new Set(descending).size).toBeGreaterThan(5);
    await button.click();
    expect(await lengths()).toEqual([...descending].sort((a, b) => a - b));
    await table.locator('thead button', { hasText: 'server' }).click();
    const names = await column(1);
    expect(names).toEqual([...names].sort());
    // A time is sorted by its length, not by its letters.
    await table.locator('thead button', { hasText: 'oldest message' }).click();
    const spans = await column(6);
    expect(spans[0]).toMatch(/^1 h/);
    expect(spans.at(-1)).toMatch(/^\d\.\d+ s$/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a head sorts by keys, too, and says so; the next key goes to the next head', async () => {
    const { page, complaints } = await browser.open(file, looks[0]);
    const table = page.getByRole('region', { name: 'Queues', exact: true }).locator('table');
    const most = table.locator('th', { hasText: 'most' });
    const lengths = async () =>
      (await table.locator('tbody td:nth-child(5)').allTextContents()).map((each) =>
        Number(each.replaceAll(',', '')),
      );
    expect(await most.getAttribute('aria-sort')).toBe('descending');
    await most.locator('button').focus();
    await page.keyboard.press('Enter');
    expect(await most.getAttribute('aria-sort')).toBe('ascending');
    expect((await lengths())[0]).toBe(1);
    await page.keyboard.press('Space');
    expect(await most.getAttribute('aria-sort')).toBe('descending');
    expect((await lengths())[0]).toBe(174);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('oldest message');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('charts and the picture are there in words; what scrolls can be reached and has a name', async () => {
    const { page } = await browser.open(file, looks[0]);
    const charts = await page.locator('.plot canvas').all();
    expect(charts).toHaveLength(7);
    for (const chart of charts) {
      expect(await chart.getAttribute('role')).toBe('img');
      expect(await chart.getAttribute('aria-label')).toMatch(/^[A-Z][a-z ]+\. .*: at most .+, at \d\d:\d\d/);
    }
    const latency = page.getByRole('img', { name: 'Latency of deliveries.' });
    expect(await latency.getAttribute('aria-label')).toContain('longest: at most 1 h 7 min, at 10:3');
    const picture = page.getByRole('img', { name: '2 sites, 1 site link, 5 servers.' });
    expect(await picture.getAttribute('aria-label')).toContain('Busiest links: Berlin-Frankfurt, cost 10');
    const nameless = await page
      .locator('.scroll')
      .evaluateAll(
        (all) =>
          all.filter((each) => !each.hasAttribute('tabindex') || !each.hasAttribute('aria-label')).length,
      );
    expect(nameless).toBe(0);
    await page.close();
  });

  test.each(looks.slice(0, 2))('text has a contrast of 4.5 to 1 or more, in $colorScheme', async (look) => {
    const { page } = await browser.open(file, look);
    await page.evaluate(addAllColours);
    const worst = (await page.evaluate(worstContrasts)) as string[];
    const ratios = worst.map((each) => Number(/[\d.]+$/.exec(each)![0]));
    expect(Math.min(...ratios), worst.join('\n')).toBeGreaterThanOrEqual(4.5);
    await page.close();
  });

  test('times are those of the scenario: of faults, in tables, at the pointer', async () => {
    const { page } = await browser.open(file, looks[0]);
    expect(await page.locator('header').textContent()).toContain('from 2024-04-02 06:00 UTC');
    expect(await page.locator('#time .time').allTextContents()).toEqual([
      ...['at 09:30', 'for 1 h', 'at 11:00', 'for 30 s', 'at 11:30', 'at once'],
    ]);
    for (const cell of await page.locator('#losses tbody td:nth-child(5)').allTextContents())
      expect(cell).toMatch(/^(0[6-9]|1[01]):\d\d:\d\d$/);
    const area = page.locator('#chart-oldest .u-over');
    await area.scrollIntoViewIfNeeded();
    const box = (await area.boundingBox())!;
    // In the middle of six hours from 6 o'clock.
    await page.mouse.move(box.x + box.width / 2, box.y + 20);
    expect(await page.locator('#chart-oldest .u-legend .u-value').first().textContent()).toMatch(
      /^(08:59|09:0[01])$/,
    );
    // A closer look and back.
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(box.x + 2, box.y + 20);
    expect(await page.locator('#chart-oldest .u-legend .u-value').first().textContent()).toMatch(
      /^(08:59|09:0[01])$/,
    );
    await page.mouse.dblclick(box.x + 2, box.y + 20);
    await page.mouse.move(box.x + 2, box.y + 30);
    expect(await page.locator('#chart-oldest .u-legend .u-value').first().textContent()).toMatch(/^06:0/);
    await page.close();
  });

  test.each(looks)('no figure breaks into lines at $width in $colorScheme', async (look) => {
    const { page } = await browser.open(file, look);
    const broken = await page
      .locator('table:not(.verdicts) td.n, #protection td:nth-child(2)')
      .evaluateAll((cells) =>
        cells.flatMap((cell) => {
          const range = cell.ownerDocument.createRange();
          range.selectNodeContents(cell);
          const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
          return lines.size > 1 ? [cell.textContent] : [];
        }),
      );
    expect(broken).toEqual([]);
    await page.close();
  });

  test('the charts take the colours of the other scheme when it changes, and fit another width', async () => {
    const opened = await browser.open(file, looks[0]);
    const { page } = opened;
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    const picture = () => page.locator('#chart-queues canvas').screenshot();
    const before = await picture();
    const marker = () =>
      page.evaluate(
        "getComputedStyle(document.querySelectorAll('#chart-queues .u-marker')[1]).borderTopColor",
      );
    const markerBefore = await marker();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(100);
    expect(await background()).not.toBe(light);
    expect((await picture()).equals(before)).toBe(false);
    expect(await marker()).not.toBe(markerBefore);
    await page.setViewportSize({ width: 500, height: 800 });
    await page.waitForTimeout(100);
    expect(await page.evaluate(sticksOut)).toBe(false);
    expect(Math.min(...(await inked(opened)))).toBeGreaterThan(1_000);
    expect(opened.complaints).toEqual([]);
    await page.close();
  });

  test('on paper it is light, has all rows, and no chart is wider than the sheet', async () => {
    const { page, complaints } = await browser.open(file, looks[1]);
    const pdf = await page.pdf({ format: 'A4', printBackground: true });
    expect(pdf.length).toBeGreaterThan(20_000);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter((each) => each.clientHeight < each.scrollHeight - 1).length",
      ),
    ).toBe(0);
    expect(
      await page.evaluate(
        "Math.max(...[...document.querySelectorAll('.plot canvas')].map((each) => each.clientWidth))",
      ),
    ).toBeLessThanOrEqual(660);
    // Chromium leaves a button out of the heads that it repeats on further sheets.
    expect(await page.evaluate("getComputedStyle(document.querySelector('thead button')).display")).toBe(
      'contents',
    );
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe.skipIf(skipWithoutBrowser)('two replications, in a browser', () => {
  test('a name in a legend takes its line away, by keys, too, and its band with it', async () => {
    const file = await reports.make('two-replications', `${hubAndSpoke(3, 1, 1)}replications: 2\n`);
    const { page } = await browser.open(file, looks[0]);
    const name = page.locator('#chart-latency').getByRole('button', { name: 'half of a sample' });
    const greens = () =>
      page.locator('#chart-latency canvas').evaluate((canvas) => {
        const { width, height, getContext } = canvas as unknown as Canvas;
        const { data } = getContext.call(canvas, '2d').getImageData(0, 0, width, height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
          const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
          if (data[at + 3]! > 0 && green > red + 30 && green > blue + 30) count++;
        }
        return count;
      });
    const before = await greens();
    expect(before).toBeGreaterThan(1_000);
    await name.focus();
    await page.keyboard.press('Enter');
    expect(await name.getAttribute('aria-pressed')).toBe('false');
    await page.waitForTimeout(50);
    expect(await greens()).toBe(0);
    await page.keyboard.press('Space');
    expect(await name.getAttribute('aria-pressed')).toBe('true');
    await page.waitForTimeout(50);
    expect(await greens()).toBeGreaterThan(before / 2);
    await page.close();
  });
});

describe.skipIf(skipWithoutBrowser)('faults at about one time, in a browser', () => {
  test('none lacks its number', async () => {
    const faults = [5, 5, 5, 5, 12].map(
      (minutes, index) =>
        `  - { kind: site-link-outage, link: Hub-${index + 1}, at: +${minutes} min, for: 5 min }`,
    );
    const scenario = hubAndSpoke(6, 1, 1).replace(/^faults:\n.*\n.*$/m, `faults:\n${faults.join('\n')}`);
    const file = await reports.make('faults', scenario);
    const { page } = await browser.open(file, looks[0]);
    const marks = await page
      .locator('.uplot')
      .evaluateAll((plots) => plots.map((each) => each.dataset['marks']));
    expect(new Set(marks)).toEqual(new Set(['1–4 5']));
    await page.close();
  });
});

describe.skipIf(skipWithoutBrowser)('names that mean something elsewhere, in a browser', () => {
  test('do nothing in the page, and are shown as they are', async () => {
    const file = await reports.make('hostile', hostileScenario());
    const { page, complaints } = await browser.open(file, looks[0]);
    await page.mouse.move(600, 400);
    for (const button of await page.locator('thead button').all()) await button.click();
    expect(complaints).toEqual([]);
    expect(await page.locator('img, iframe, object, embed, link, base, form').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(3);
    expect(
      await page.locator('svg svg, svg script, svg a, [onload], [onerror], [style*="url"]').count(),
    ).toBe(0);
    const hrefs = await page.$$eval('[href]', (all) => all.map((each) => each.getAttribute('href')));
    expect(hrefs.every((each) => /^#[a-z]+$/.test(each ?? ''))).toBe(true);
    const servers = page
      .locator('#tables h3', { hasText: 'Servers' })
      .locator('+ .scroll tbody td:first-child');
    expect((await servers.allTextContents()).sort()).toEqual([hostile.script, hostile.formula].sort());
    expect(await page.locator('h1').textContent()).toBe(hostile.scenario);
    const legend = await page.locator('#chart-links .u-legend').textContent();
    expect(legend).toContain(hostile.link);
    await page.close();
  });

  test('the policy lets nothing run that is not ours', async () => {
    const file = await reports.make('policy', hostileScenario());
    const text = readFileSync(file, 'utf8');
    const planted = join(reports.folder, 'planted.html');
    writeFileSync(
      planted,
      text.replace(
        '<main>',
        '<main><script>document.title = "planted"</script><img src="http://127.0.0.1:9/x.png">',
      ),
    );
    const { page, complaints } = await browser.open(planted, looks[0]);
    expect(await page.title()).not.toBe('planted');
    expect(complaints.filter((each) => each.startsWith('console error')).length).toBeGreaterThanOrEqual(2);
    await page.close();
  });
});

describe.skipIf(skipWithoutBrowser)('few points, in a browser', () => {
  test.each([
    [[191], ['100 ms', '200 ms', '500 ms']],
    [
      [200, 600],
      ['200 ms', '500 ms', '1 s'],
    ],
    [
      [5_000, 9_000],
      ['5 s', '10 s'],
    ],
    [
      [1, 90_000],
      ['1 ms', '10 ms', '100 ms', '1 s', '10 s', '1 min'],
    ],
  ])('the axis of latencies of %j ms has labels', async (latencies, labels) => {
    const file = await reports.make('few-latencies', hostileScenario(), { untilMs: 30_000 });
    const text = readFileSync(file, 'utf8');
    const changed = join(reports.folder, 'changed.html');
    writeFileSync(
      changed,
      text.replace(
        /(id="report-data">)(.*?)(<\/script>)/s,
        (_all, before: string, json: string, after: string) => {
          const data = JSON.parse(json) as { charts: { id: string; x: number[]; lines: object[] }[] };
          const chart = data.charts.find(({ id }) => id === 'latency')!;
          chart.x = latencies.map((_, index) => (index + 1) * 10);
          chart.lines = [{ label: 'longest', y: latencies }];
          return `${before}${JSON.stringify(data).replaceAll('<', '\\u003c')}${after}`;
        },
      ),
    );
    const { page } = await browser.open(changed, looks[0]);
    const drawn = await page.locator('#chart-latency .uplot').getAttribute('data-labels');
    expect(drawn?.split(' | ')).toEqual(labels);
    await page.close();
  });

  test.each([0, 1])('%i points', async (points) => {
    const file = await reports.make(
      `points-${points}`,
      hostileScenario(),
      points === 1 ? { untilMs: 30_000 } : { maxEvents: 1 },
      points === 1 ? undefined : withoutRows,
    );
    for (const look of looks) {
      const opened = await browser.open(file, look);
      const { page } = opened;
      expect(opened.complaints).toEqual([]);
      expect(await page.evaluate(sticksOut)).toBe(false);
      const ink = await inked(opened);
      if (points === 0) {
        expect(ink).toEqual([]);
        expect(await page.locator('#time').textContent()).toContain('no samples in which anything happened');
        expect(await page.locator('#latency').textContent()).toContain('Nothing was delivered');
        expect(await page.locator('header .warning').textContent()).toContain('Incomplete');
      } else {
        expect(ink.length).toBeGreaterThan(2);
        expect(Math.min(...ink)).toBeGreaterThan(300);
        expect(await page.locator('header .warning').count()).toBe(0);
        // The only sample is at the end of the run, and so is its point.
        const area = page.locator('#chart-flow .u-over');
        await area.hover();
        const [plot, point] = [
          (await area.boundingBox())!,
          (await area.locator('.u-cursor-pt').first().boundingBox())!,
        ];
        expect(point.x + point.width / 2).toBeGreaterThan(plot.x + plot.width * 0.95);
      }
      await page.close();
    }
  });
});

/** Leaves only the heads of the tables. */
function withoutRows(result: string): void {
  for (const name of readdirSync(result).filter((each) => each.endsWith('.csv'))) {
    const path = join(result, name);
    writeFileSync(path, readFileSync(path, 'utf8').split('\n', 1)[0]!.concat('\n'));
  }
}

test('a day of 50 servers makes a page below 500 KB, hardly larger than that of half a day', async () => {
  const sizes: number[] = [];
  for (const hours of [12, 24]) {
    const file = await reports.make(`hub-${hours}`, hubAndSpoke(10, 5, hours));
    sizes.push(statSync(file).size);
    if (hours === 24 && !skipWithoutBrowser) {
      const { page, complaints } = await browser.open(file, looks[0]);
      expect(complaints).toEqual([]);
      expect(await page.locator('svg.topology .server').count()).toBe(50);
      await page.close();
    }
  }
  expect(sizes[1]!).toBeLessThan(500_000);
  expect(sizes[1]! / sizes[0]!).toBeLessThan(1.15);
}, 180_000);
