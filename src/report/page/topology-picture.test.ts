import { expect, test } from 'vitest';
import { scriptedReport } from '../../../tests/report/scripted-report.js';
import type { Outline } from '../outline.js';
import { drawTopology } from './topology-picture.js';

function outline(sites: number, serversPerSite: number, links: Outline['siteLinks']): Outline {
  const names = Array.from({ length: sites }, (_, index) => `S${index}`);
  return {
    mailflow: 'outline/1',
    startUtcMs: 0,
    durationMs: 1,
    sampleEveryMs: 1,
    sites: names.map((name) => ({ name, hub: false })),
    siteLinks: links,
    servers: names.flatMap((site) =>
      Array.from({ length: serversPerSite }, (_, index) => ({ name: `${site}-${index}`, site, edge: false })),
    ),
  };
}

/** The rectangles of the sites. */
function boxes(svg: string) {
  return [
    ...svg.matchAll(
      /<g class="site[^"]*" transform="translate\((-?\d+) (-?\d+)\)">.*?\n<rect width="(\d+)" height="(\d+)"/g,
    ),
  ].map(([, x, y, width, height]) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    height: Number(height),
  }));
}

const star = (sites: number) =>
  Array.from({ length: sites - 1 }, (_, index) => ({
    name: `L${index + 1}`,
    sites: ['S0', `S${index + 1}`],
    cost: 10,
  }));

test.each([1, 2, 7, 8, 40])('of %i sites none covers another, and all are in the picture', async (sites) => {
  const { markup } = await drawTopology(outline(sites, 3, star(sites)), scriptedReport().summary);
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(markup)!.map(Number);
  const placed = boxes(markup);
  expect(placed).toHaveLength(sites);
  placed.forEach((a, index) => {
    expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width! && a.y + a.height <= height!).toBe(true);
    for (const b of placed.slice(index + 1)) {
      const apart =
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      expect(apart, JSON.stringify([a, b])).toBe(true);
    }
  });
});

/** What is written at the links, as boxes of two lines; of letters that are wide. */
function labels(svg: string) {
  return [
    ...svg.matchAll(
      /<g class="label( busy)?">.*?<text x="(-?\d+)" y="(-?\d+)">([^<]*)<\/text><text [^>]*>([^<]*)</g,
    ),
  ].map(([, busy, x, y, name, figure]) => {
    const width = Math.max(name!.length * (busy === undefined ? 6.6 : 7.2), figure!.length * 6);
    return { text: name!, x: Number(x) - width / 2, y: Number(y) - 12, width, height: 40 };
  });
}

type Rectangle = ReturnType<typeof boxes>[number];

const overlap = (a: Rectangle, b: Rectangle) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const ring = (sites: number) =>
  Array.from({ length: sites }, (_, index) => ({
    name: `Ring-of-${index + 1}-and-next`,
    sites: [`S${index}`, `S${(index + 1) % sites}`],
    cost: 10,
  }));

const triangle = [
  { name: 'Berlin-Frankfurt', sites: ['S0', 'S2'], cost: 10 },
  { name: 'Berlin-Cologne', sites: ['S0', 'S1'], cost: 30 },
  { name: 'Cologne-Frankfurt', sites: ['S1', 'S2'], cost: 10 },
];

test.each([
  ['the template two-site-dag', 3, triangle, [2, 1, 2]],
  ['a ring of six sites', 6, ring(6), undefined],
  ['a ring of eight sites', 8, ring(8), undefined],
  ['a star of seven sites', 7, star(7), undefined],
  ['a link of three sites', 3, [{ name: 'Of all three', sites: ['S0', 'S1', 'S2'], cost: 5 }], undefined],
] as const)('in %s no name of a link covers another or a site', async (_what, sites, links, servers) => {
  const { summary } = scriptedReport();
  const plan = outline(sites, 2, links);
  const shown =
    servers === undefined
      ? plan.servers
      : plan.servers.filter(({ name }) => {
          const [, site, index] = /S(\d)-(\d)/.exec(name)!.map(Number);
          return index! < servers[site!]!;
        });
  const traffic = links.map(({ name }, index) => ({
    link: name,
    bytes: 432 * 1_048_576 - index,
    utilization: 0.002,
  }));
  const { markup } = await drawTopology({ ...plan, servers: shown }, { ...summary, links: traffic });
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(markup)!.map(Number);
  const named = labels(markup);
  expect(named).toHaveLength(links.length);
  named.forEach((label, index) => {
    const others = [...boxes(markup), ...named.slice(index + 1)];
    expect(others.filter((other) => overlap(label, other))).toEqual([]);
    const isInside =
      label.x >= 0 && label.y >= 0 && label.x + label.width <= width! && label.y + label.height <= height!;
    expect(isInside, label.text).toBe(true);
  });
});

test('long names of servers that begin alike keep their ends', async () => {
  const plan = outline(1, 0, []);
  const servers = ['Duesseldorf-MBX01', 'Duesseldorf-MBX02', 'Short'].map((name) => ({
    name,
    site: 'S0',
    edge: false,
  }));
  const edge = { name: 'Duesseldorf-EDGE01', site: 'S0', edge: true };
  const { markup } = await drawTopology({ ...plan, servers: [...servers, edge] }, scriptedReport().summary);
  const written = [...markup.matchAll(/<text x="6" y="15">([^<]*)</g)].map(([, name]) => name);
  expect(written).toEqual(['Duesse…-MBX01', 'Duesse…-MBX02', 'Short', 'Due…GE01 · Edge']);
});

test('AS-01: a link of three sites meets in a point', async () => {
  const links = [{ name: 'L', sites: ['S0', 'S1', 'S2'], cost: 5 }];
  const { markup } = await drawTopology(outline(3, 1, links), scriptedReport().summary);
  expect(markup.match(/class="joint"/g)).toHaveLength(1);
  expect(markup.match(/<line /g)).toHaveLength(3);
});

test('a picture that would be too full shows the busiest sites and no servers, and says so', async () => {
  const { summary } = scriptedReport();
  const queue = { ...summary.queues[0]!, server: 'S77-1', maxLength: 999 };
  const { markup } = await drawTopology(outline(80, 3, star(80)), { ...summary, queues: [queue] });
  expect(boxes(markup)).toHaveLength(60);
  expect(markup).toContain('>S77<');
  expect(markup).toContain('3 servers');
  // The longest queue is found without its server, too.
  expect(markup).toMatch(/<g class="site load\d marked"[^>]*>.*?\n.*?\n.*>S77<.*\n\n.*>max 999 at S77-1</);
  expect(markup.match(/ marked"/g)).toHaveLength(1);
  expect(markup).not.toContain('class="server');
  expect(markup).toContain('The 60 busiest of 80 sites.');
});

test('a picture that is too wide for a sheet of paper upright wants one across', async () => {
  const of = async (sites: number) => {
    const { markup } = await drawTopology(outline(sites, 3, star(sites)), scriptedReport().summary);
    const [, name, width] = /<svg class="([^"]*)" viewBox="0 0 (\d+) /.exec(markup)!;
    return { name, width: Number(width) };
  };
  const [small, large] = [await of(2), await of(40)];
  expect(small.width).toBeLessThan(900);
  expect(large.width).toBeGreaterThan(900);
  expect([small.name, large.name]).toEqual(['topology', 'topology wide']);
});

test('a picture of 40 sites and 200 servers is wider than high, and its text stays legible in a window of 1280 and on A4', async () => {
  // Three regions, each with a ring of its sites around a hub, and further links across.
  const links = Array.from({ length: 60 }, (_, index) => {
    const from = index % 39 === 0 ? 1 : index % 39;
    const to = index < 39 ? (index % 3) * 13 : (index * 7) % 40;
    return { name: `L${index}`, sites: [`S${from}`, `S${from === to ? (to + 1) % 40 : to}`], cost: 10 };
  });
  const { summary } = scriptedReport();
  const traffic = [3, 17, 42].map((index) => ({ link: `L${index}`, bytes: 9_000 - index, utilization: 0.1 }));
  const { markup } = await drawTopology(outline(40, 5, links), { ...summary, links: traffic });
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(markup)!.map(Number) as [number, number, number];
  expect(width / height).toBeGreaterThan(1.1);
  // The page has 1,200 pixels for it, a sheet across 269 by 126 mm, 96 pixels being 25.4 mm; figures have 11.
  expect(11 * Math.min(1, 1_200 / width)).toBeGreaterThan(9);
  expect(11 * Math.min(1, 1_016 / width, 476 / height)).toBeGreaterThan(7);
  expect(markup.match(/class="rank"/g)).toHaveLength(3);
  expect(markup).toMatch(/<ol><li>L3, S3 – S0: cost 10 · 10 % · 8.79 KB<\/li>/);
  expect(markup).toMatch(/aria-label="40 sites, 60 site links, 200 servers. Busiest links: L3, cost 10/);
});

test('without sites there is nothing to draw', async () => {
  expect((await drawTopology(outline(0, 0, []), scriptedReport().summary)).markup).toBe('');
});
