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
      /<g class="site" transform="translate\((-?\d+) (-?\d+)\)">.*?\n<rect width="(\d+)" height="(\d+)"/g,
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
  expect(markup).not.toContain('class="server');
  expect(markup).toContain('The 60 busiest of 80 sites.');
  expect(markup).toContain('Only the busiest links are named.');
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

test('without sites there is nothing to draw', async () => {
  expect((await drawTopology(outline(0, 0, []), scriptedReport().summary)).markup).toBe('');
});
