import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileScenario, runExperiment } from '../../src/experiment/index.js';
import { decodeScenario } from '../../src/scenario/index.js';

/** The file of WE-08, and a mailbox on S1 besides, so that mail starts in S1's own queue (RT-54). */
const example = readFileSync(new URL('../conformance/organizations/we-08.yaml', import.meta.url), 'utf8')
  .replace('databases:\n', 'databases:\n  - name: DBS\n    copies: [S1]\n')
  .replace('mailboxes:\n', 'mailboxes:\n  - address: s@contoso.com\n    database: DBS\n');

async function backoffRows(down: readonly string[]): Promise<readonly string[]> {
  const faults = down.map((server) => `  - { kind: server-outage, server: ${server}, at: +0 s }\n`).join('');
  const text = `mailflow: 1
name: we-08
organization: we-08.yaml
duration: 10 min
settings: { hardware: { distribution: deterministic } }
workloads:
  - { kind: arrivals, at: [+1 s], from: s@contoso.com, to: [u1@contoso.com, s@contoso.com] }
faults:
${faults}`;
  const readFile = (name: string) => ({ name, content: new TextEncoder().encode(example) });
  const { scenario } = decodeScenario(text, 'we-08-scenario.yaml', { readFile });
  const rows: string[] = [];
  await runExperiment(scenario, compileScenario(scenario), {
    version: 'test',
    sink: (table, cells) => {
      // Without the time: silent servers before it cost 21 s each.
      if (table === 'backoffs') rows.push([cells[0], ...cells.slice(2)].join(','));
    },
    recordMessages: false,
  });
  return rows;
}

describe('WE-08 from its file to backoffs.csv', () => {
  it.each([
    [['P1', 'P2', 'Q1'], '1,1,S1,DAG1,3,primary-site-servers,P,N1'],
    [['P1', 'P2', 'Q1', 'N1'], '1,1,S1,DAG1,4,backoff,X,X1'],
  ])('RT-40, RT-41: with %s down', async (down, row) => {
    expect(await backoffRows(down)).toEqual([row]);
  });

  it('RT-38: with P1 and P2 down Q1 accepts, as tier 2 of whoever asks', async () => {
    const rows = await backoffRows(['P1', 'P2']);
    expect(rows).toEqual(['1,1,S1,DAG1,2,other-group-servers,Q,Q1']);
  });

  it('RT-41: with all down nobody accepts', async () => {
    expect(await backoffRows(['P1', 'P2', 'Q1', 'N1', 'X1'])).toEqual([]);
  });
});
