import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SimulateOptions, simulate, writeReport } from '../../src/runner/index.js';

/** Pages of runs that a test file asks for, in a folder of their own. */
export class TestReports {
  readonly folder = mkdtempSync(join(tmpdir(), 'mailflow-report-'));

  /**
   * @param scenario - the path of a file, or its text
   * @param change - what happens to the result before the page is made
   * @returns the path of the page
   */
  async make(
    name: string,
    scenario: string,
    options: Partial<SimulateOptions> = {},
    change?: (result: string) => void,
  ): Promise<string> {
    const path = scenario.endsWith('.yaml') ? scenario : join(this.folder, `${name}.yaml`);
    if (path !== scenario) writeFileSync(path, scenario);
    const ran = await simulate(path, { version: '0.0.0', out: join(this.folder, name), ...options });
    change?.(ran.folder);
    const { file } = await writeReport(ran.folder, { format: 'html' });
    return file!;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
