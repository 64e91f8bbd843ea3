import { expect, it } from 'vitest';
import { decodeScenario } from '../scenario/index.js';
import { compileScenario } from './compile-scenario.js';
import { warnOfLossyFailovers } from './lossy-failovers.js';

function warned(fault: string, more = 'drain: 4 h'): string[] {
  const text = `mailflow: 1
duration: 4 d
${more}
organization:
  organization: contoso.com
  sites: [{ name: A }]
  servers: [{ name: A1, site: A }, { name: A2, site: A }, { name: H1, site: A, version: "2010" }]
  dags: [{ name: D, members: [A1, A2] }]
  databases: [{ name: DA, copies: [A1, A2] }, { name: DH, copies: [H1] }]
faults: [{ kind: database-failover, ${fault} }]
`;
  const readFile = () => {
    throw new Error('no files');
  };
  const { scenario } = decodeScenario(text, 's.yaml', { readFile });
  return warnOfLossyFailovers(scenario, compileScenario(scenario), 's.yaml').map(
    ({ path, message }) => `${path}: ${message}`,
  );
}

const longer = (hours: number) =>
  `faults.0.lostWindow: mail that was delivered ${hours} h and more before is lost: no Safety Net keeps it for longer`;

it('SN-01, SN-02: a failover loses what no Safety Net of the boundary keeps for so long', () => {
  const ofDag = (lostWindow: string) => `database: DA, to: A2, at: +3 d, lostWindow: ${lostWindow}`;
  expect(warned(ofDag('47 h'))).toEqual([]);
  // While the old copy is dismounted mail may be written, too.
  expect(warned(ofDag('48 h'))).toEqual([longer(48)]);
  expect(warned(ofDag('60 h'), 'settings: { transport: { safetyNetHoldTime: 3 d } }')).toEqual([]);
  expect(warned(ofDag('7 h'), 'settings: { transport: { safetyNetHoldTime: 6 h } }')).toEqual([longer(6)]);
});

it('SN-01: what is older than the scenario is no mail', () => {
  expect(warned('database: DA, to: A2, at: +47 h, lostWindow: 14 d')).toEqual([]);
});

it('SH-10: a database of 2010 has no Safety Net', () => {
  expect(warned('database: DH, to: H1, at: +1 h, lostWindow: 1 min')).toEqual([longer(0)]);
});

it('A-drain-limit: a failover after the last new mail may never come', () => {
  const after = (at: string) => `database: DA, to: A2, at: ${at}, lostWindow: 1 h`;
  expect(warned(after('+4 d'))).toEqual([]);
  expect(warned(after('+95 h'), 'drain: until-empty')).toEqual([]);
  expect(warned(after('+4 d'), 'drain: until-empty')).toEqual([
    'faults.0.at: the run may be over by then: it ends when all mail has arrived',
  ]);
});
