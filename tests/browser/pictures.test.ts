import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { TestBrowser } from './open-browser.js';
import { TestReports } from './test-reports.js';

const root = join(import.meta.dirname, '../..');
const browser = new TestBrowser();
const reports = new TestReports();
const wanted = process.env['MAILFLOW_UPDATE'] === 'pictures';

afterAll(async () => {
  await browser.close();
  reports.remove();
});

/** Runs in a page: a picture as WebP, which is half as large as PNG, and text in it as legible. */
const toWebp = `async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.6 });
  const file = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(file, (each) => String.fromCharCode(each)).join(''));
}`;

async function keep(page: Page, name: string, picture: Buffer): Promise<void> {
  const webp = await page.evaluate(`(${toWebp})(${JSON.stringify(picture.toString('base64'))})`);
  writeFileSync(join(root, 'docs/report', `${name}.webp`), Buffer.from(String(webp), 'base64'));
}

test.runIf(wanted)('pictures of whole pages for docs/report, and of what stands at their top', async () => {
  const file = await reports.make('two-sites', join(root, 'scenarios/two-site-morning/scenario.yaml'));
  for (const width of [1280, 400])
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await browser.open(file, { width, colorScheme });
      await keep(page, `${width}-${colorScheme}`, await page.screenshot({ fullPage: true }));
      if (width === 1280 && colorScheme === 'light') {
        const clip = { x: 0, y: 0, width, height: 1_830 };
        await keep(page, 'top', await page.screenshot({ fullPage: true, clip }));
      }
      await page.close();
    }
});

test.runIf(wanted)(
  'the topology of 40 sites and 200 servers for docs/report',
  async () => {
    const file = await reports.make('large', join(root, 'bench/scenarios/large-day.yaml'), {
      set: ['start=2024-04-02T05:55Z'],
      untilMs: 30 * 60_000,
    });
    const { page } = await browser.open(file, { width: 1280, colorScheme: 'light' });
    expect(await page.locator('svg.topology .site').count()).toBe(40);
    await keep(page, 'forty-sites', await page.locator('#topology').screenshot());
    await page.close();
  },
  300_000,
);
