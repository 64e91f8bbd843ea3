import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where the tests find a browser: `$CHROMIUM`, else where `npm run browser:install` puts it. */
export const browserPath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const isInstalled = existsSync(browserPath);

/** Whether to leave the tests out that need a browser: never in CI, where a missing one has to be noticed. */
export const skipWithoutBrowser = !isInstalled && process.env['CI'] !== 'true';

const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

export interface Look {
  readonly width: number;
  readonly height?: number;
  readonly colorScheme: 'light' | 'dark';
}

/** A page as it was opened, and what it did that it should not. */
export interface OpenedPage {
  readonly page: Page;
  /** Console errors and warnings, errors of scripts, dialogs, and requests other than that for the file itself. */
  readonly complaints: readonly string[];
}

/** A real browser without a past, for one test file. */
export class TestBrowser {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mailflow-browser-'));
  #context: BrowserContext | undefined;

  /** Opens a file as a look has it; what is scheduled when it loads is done. */
  async open(file: string, { width, height = 900, colorScheme }: Look): Promise<OpenedPage> {
    if (!isInstalled) {
      throw new Error(`no browser at ${browserPath}: npm run browser:install, or set CHROMIUM`);
    }
    this.#context ??= await chromium.launchPersistentContext(this.#folder, {
      executablePath: browserPath,
      headless: true,
      args: flags,
    });
    const page = await this.#context.newPage();
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    const address = `file://${file}`;
    page.on('request', (request) => {
      if (request.url() !== address) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    return { page, complaints };
  }

  async close(): Promise<void> {
    await this.#context?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
