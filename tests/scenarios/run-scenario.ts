import { fileURLToPath } from 'node:url';
import { type ReplicationOutcome, runReplication } from '../../src/experiment/index.js';
import { type Cell, type TableName, tableColumns } from '../../src/measure/index.js';
import { compileRoutingTables } from '../../src/routing/index.js';
import { loadScenario } from '../../src/runner/index.js';
import { buildTopology } from '../../src/topology/index.js';

export type Row = Readonly<Record<string, Cell>>;

export interface ScenarioRun extends ReplicationOutcome {
  /** The rows of a table, by column name. */
  rows(table: TableName): readonly Row[];
}

/** Runs the first replication of a scenario of the project, changed by `set`, and keeps all rows. */
export async function runScenario(path: string, set: readonly string[] = []): Promise<ScenarioRun> {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const { scenario } = loadScenario(file, { set });
  const tables = compileRoutingTables(buildTopology(scenario.organization));
  const rows = new Map<TableName, Row[]>();
  const outcome = await runReplication(scenario, tables, 1, {
    sink: (table, cells) => {
      const row = Object.fromEntries(tableColumns[table].map((column, index) => [column, cells[index]!]));
      const known = rows.get(table);
      if (known === undefined) rows.set(table, [row]);
      else known.push(row);
    },
    recordMessages: true,
  });
  return { ...outcome, rows: (table) => rows.get(table) ?? [] };
}
