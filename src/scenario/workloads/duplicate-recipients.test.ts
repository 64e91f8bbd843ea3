import { expect, test } from 'vitest';
import { smallScenario } from '../../../tests/measure/small-scenario.js';
import { runReplication } from '../../experiment/index.js';
import { compileRoutingTables } from '../../routing/index.js';
import { buildTopology } from '../../topology/index.js';
import { decodeScenario } from '../decode-scenario.js';

const table =
  'time,from,to,size_bytes\n1000,a@contoso.com,b@contoso.com x@contoso.com B@CONTOSO.com X@contoso.com,9\n';

test.each([
  {
    kind: 'arrivals',
    at: ['+1 s'],
    from: 'a@contoso.com',
    to: ['b@contoso.com', 'x@contoso.com', 'B@CONTOSO.com', 'SMTP:b@contoso.com', 'X@contoso.com'],
  },
  { kind: 'replay', file: 'day.csv' },
])('UN-02: $kind: an address that is there twice, whatever its case, is one recipient', async (workload) => {
  const readFile = (name: string) => ({ name, content: new TextEncoder().encode(table) });
  const text = smallScenario({ workloads: [workload], faults: [], thresholds: [] });
  const { scenario } = decodeScenario(text, 's.json', { readFile });
  const tables = compileRoutingTables(buildTopology(scenario.organization));
  const { result } = await runReplication(scenario, tables, 1, { sink: () => {}, recordMessages: false });
  expect(result.recipients).toMatchObject({ submitted: 2, delivered: 1 + result.recipients.generated });
});
