import { expect, it } from 'vitest';
import { decodeScenario } from '../scenario/index.js';
import { compileScenario } from './compile-scenario.js';
import { warnOfQueues } from './queue-names.js';

function warned(queues: readonly string[], faults = ''): string[] {
  const text = `mailflow: 1
duration: 1 h
organization:
  organization: contoso.com
  sites: [{ name: A }, { name: B }]
  siteLinks: [{ name: AB, sites: [A, B] }]
  servers: [{ name: A1, site: A }, { name: B1, site: B }, { name: B2, site: B }]
  dags: [{ name: DAG1, members: [B1, B2] }]
  databases: [{ name: DA, copies: [A1] }, { name: DB, copies: [B1, B2] }]
  connectors: [{ name: Out, kind: send, addressSpaces: ["*"], sourceServers: [A1] }]
thresholds: [${queues.map((queue) => `{ metric: 'queues."${queue}".maxLength', below: 5 }`).join()}]
faults: [${faults}]
`;
  const readFile = () => {
    throw new Error('no files');
  };
  const { scenario } = decodeScenario(text, 's.yaml', { readFile });
  return warnOfQueues(scenario, compileScenario(scenario), 's.yaml').map(
    ({ path, message, hint }) => `${path}: ${message} (${hint?.replace(/(known: A), .*/, '$1, …')})`,
  );
}

it('QU-04: a threshold on a queue that its server may have is taken', () => {
  const mayBe = [
    'A1',
    'A1/Submission',
    'a1/poison message',
    'A1/Unreachable Domain',
    'A1/da',
    'A1/DAG1',
    'B2/DB',
  ];
  expect(warned([...mayBe, 'B1/Site:A;Version:15', 'A1/Out', 'A1/partner.example', 'B1/FAX:*', '0'])).toEqual(
    [],
  );
});

it('QU-04: one that no server ever has is told, and one that only others have', () => {
  expect(warned(['A1/DX', 'A1/Site:C;Version:15', 'B1/Unreachable'])).toEqual([
    'thresholds.0.metric: the figures of a queue "DX", which no server ever has (known: A, …)',
    'thresholds.1.metric: the figures of a queue "Site:C;Version:15", which no server ever has (did you mean "Site:A;Version:15"?)',
    'thresholds.2.metric: the figures of a queue "Unreachable", which no server ever has (known: A, …)',
  ]);
  expect(warned(['A1/DB', 'B1/DA'])).toEqual([
    'thresholds.0.metric: the figures of a queue "DB", which A1 never has (mail for it goes to its queue "DAG1")',
    'thresholds.1.metric: the figures of a queue "DA", which B1 never has (mail for it goes to its queue "Site:A;Version:15")',
  ]);
});

it('QU-04: so with the resubmission of a queue, unless routing changes', () => {
  const resubmission = (queue: string) => `{ kind: queue-resubmission, server: A1, at: +1 min, ${queue} }`;
  expect(warned([], resubmission('database: DA'))).toEqual([]);
  expect(warned([], resubmission('nextHopDomain: DAG1'))).toEqual([]);
  expect(warned([], resubmission('database: DB'))).toEqual([
    'faults.0: a queue "DB", which A1 never has (mail for it goes to its queue "DAG1")',
  ]);
  expect(warned([], resubmission('nextHopDomain: Outt'))).toEqual([
    'faults.0: a queue "Outt", which no server ever has (did you mean "Out"?)',
  ]);
  const change = '{ kind: routing-change, at: +1 min, set: { siteLinks.AB.cost: 5 } }';
  expect(warned([], `${resubmission('database: DB')}, ${change}`)).toEqual([]);
});
