import { expect, it } from 'vitest';
import { decodeScenario } from '../scenario/index.js';
import { compileScenario } from './compile-scenario.js';
import { warnOfPressure } from './pressure-at-rest.js';

function warned(server: string, settings = '', behavior = '2013'): string[] {
  const text = `mailflow: 1
duration: 1 h
organization:
  organization: contoso.com
  behavior: "${behavior}"
  sites: [{ name: A }]
  servers: [{ name: A1, site: A${server} }, { name: F1, site: A, roles: [client-access], queueDiskUsed: 1 }]
  databases: [{ name: DA, copies: [A1] }]
settings: {${settings}}
`;
  const readFile = () => {
    throw new Error('no files');
  };
  const { scenario } = decodeScenario(text, 's.yaml', { readFile });
  return warnOfPressure(scenario, compileScenario(scenario), 's.yaml').map(
    ({ path, message, hint }) => `${path}: ${message} (${hint})`,
  );
}

it('BP: by default nobody is under pressure at rest; a server without Transport never is', () => {
  expect(warned('')).toEqual([]);
  expect(warned('', '', '2016')).toEqual([]);
});

it('WE-18: a disk of 40 GB of which 97 % are used: Medium, and High for the logs', () => {
  const server = 'organization.servers.A1:';
  expect(warned(', queueDisk: 40 GB, queueDiskUsed: 0.97')).toEqual([
    `${server} queue-disk is at Medium before any mail has come: 97 % are used, Medium begins at 96 % (see \`queueDisk\` and \`queueDiskUsed\`)`,
    `${server} log-disk is at High before any mail has come: 97 % are used, High begins at 97 % (see \`queueDisk\` and \`queueDiskUsed\`)`,
  ]);
  expect(warned(', queueDisk: 40 GB, queueDiskUsed: 0.9')).toEqual([]);
  expect(warned(', queueDisk: 40 GB, queueDiskUsed: 0.9', '', '2016')).toHaveLength(1);
});

it('BP: too little memory, for the service or for all', () => {
  expect(warned(', memory: 1 GB')).toEqual([
    expect.stringContaining('process-memory is at High before any mail has come: 100 % are used'),
    expect.stringContaining('all-memory is at High before any mail has come: 120 % are used'),
  ]);
  expect(warned('', 'hardware: { otherMemory: 0.95 }')).toEqual([
    expect.stringContaining('all-memory is at High'),
  ]);
});

it('BP: thresholds that are met at rest; nobody is warned of what nobody watches', () => {
  const thresholds = 'transport: { percentageDatabaseDiskSpaceUsedMediumThreshold: 5 }';
  expect(warned(', queueDiskUsed: 0.1', thresholds)).toEqual([
    expect.stringContaining('Medium begins at 5 %'),
  ]);
  expect(warned(', queueDiskUsed: 1', 'transport: { enableResourceMonitoring: false }')).toEqual([]);
});
