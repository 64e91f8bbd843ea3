import { describe, expect, it } from 'vitest';
import { decodeOrganization } from './decode-organization.js';
import { decodeScenario } from './decode-scenario.js';
import { ScenarioError } from './problem.js';

const organization = (settings: string, ofM1 = '', behavior = '2013') => `
organization: contoso.com
behavior: "${behavior}"
sites: [{ name: A }]
servers: [{ name: M1, site: A${ofM1 === '' ? '' : `, settings: { transport: ${ofM1} }`} }, { name: M2, site: A }]
settings: { transport: ${settings} }
`;

/** Every problem, in one line each. */
function problemsOf(decode: () => unknown): string[] {
  try {
    decode();
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.message.split('\n');
  }
}
const ofOrganization = (text: string) => problemsOf(() => decodeOrganization(text, 'o.yaml'));
const ofScenario = (settings: string, text: string, ...set: string[]) =>
  problemsOf(() =>
    decodeScenario(
      `mailflow: 1\nduration: 1 h\nsettings: { transport: ${settings} }\norganization: o.yaml\n`,
      's.yaml',
      {
        readFile: () => ({ name: 'o.yaml', content: new TextEncoder().encode(text) }),
        set,
      },
    ),
  );

describe('thresholds of back pressure stand in order: Normal, Medium, High (BP)', () => {
  it('BP: what is set for the organization is held against the defaults', () => {
    expect(ofOrganization(organization('{ submissionQueueMedium: 1000 }'))).toEqual([
      'o.yaml:6:49 settings.transport.submissionQueueMedium: expected at least submissionQueueNormal, which is 2000 for M1 (BP): set that, too',
    ]);
    expect(
      ofOrganization(organization('{ submissionQueueMedium: 1000, submissionQueueNormal: 500 }')),
    ).toEqual([]);
    expect(ofOrganization(organization('{ submissionQueueMedium: 2000 }'))).toEqual([]);
  });

  it('BP: where both stand together the lower one is named, each threshold of each resource', () => {
    const names = [
      'submissionQueueMedium',
      'versionBucketsMediumThreshold',
      'batchPointMediumThreshold',
      'jetSessionsMedium',
      'checkpointDepthMedium',
      'percentageDatabaseDiskSpaceUsedMediumThreshold',
      'percentageDatabaseLoggingDiskSpaceUsedMediumThreshold',
      'percentagePrivateBytesUsedMediumThreshold',
    ];
    for (const medium of names) {
      const high = medium.replace('Medium', 'High');
      const normal = medium.replace('Medium', 'Normal');
      const problems = ofOrganization(organization(`{ ${normal}: 50, ${medium}: 40, ${high}: 30 }`));
      expect(problems).toHaveLength(2);
      expect(problems[0]).toContain(`.${normal}: expected at most ${medium}, which is 40 for M1 (BP)`);
      expect(problems[1]).toContain(`.${medium}: expected at most ${high}, which is 30 for M1 (BP)`);
      expect(ofOrganization(organization(`{ ${normal}: 30, ${medium}: 30, ${high}: 30 }`))).toEqual([]);
    }
    // Of all memory there is no Medium in 2013.
    const normal = 'percentagePhysicalMemoryUsedNormalThreshold';
    expect(ofOrganization(organization(`{ ${normal}: 95 }`))).toEqual([
      `o.yaml:6:71 settings.transport.${normal}: expected at most percentagePhysicalMemoryUsedLimit, which is 94 for M1 (BP): set that, too`,
    ]);
  });

  it("BP: a server's own are held against the organization's, a scenario's against both", () => {
    const own = organization('{ submissionQueueHigh: 5000 }', '{ submissionQueueMedium: 6000 }');
    const ofM1 =
      'o.yaml:5:80 servers.M1.settings.transport.submissionQueueMedium: expected at most submissionQueueHigh, which is 5000 for M1 (BP): set that, too';
    expect(ofOrganization(own)).toEqual([ofM1]);
    expect(ofScenario('{ connectTimeout: 1 s }', own)).toEqual([
      ofM1.replace('servers', 'organization.servers'),
    ]);
    expect(ofScenario('{ submissionQueueHigh: 6000 }', own)).toEqual([]);
    expect(ofScenario('{ submissionQueueHigh: 4500 }', own)).toEqual([
      's.yaml:3:47 settings.transport.submissionQueueHigh: expected at least submissionQueueMedium, which is 6000 for M1 (BP): set that, too',
    ]);
    expect(
      ofScenario('{ connectTimeout: 1 s }', own, 'settings.transport.submissionQueueNormal=7000'),
    ).toEqual([
      ofM1.replace('servers', 'organization.servers'),
      '--set:1:42 settings.transport.submissionQueueNormal: expected at most submissionQueueMedium, which is 6000 for M1 (BP): set that, too',
    ]);
  });

  it('BP, WE-18: what is set beside a formula is held against what the formula gives for the server', () => {
    // 500 MB of 10 GB are left: 95 %.
    const text = organization('{ percentageDatabaseDiskSpaceUsedMediumThreshold: 97 }');
    expect(ofOrganization(text)).toEqual([]);
    expect(ofOrganization(text.replace('name: M2,', 'name: M2, queueDisk: 10 GB,'))).toEqual([
      'o.yaml:6:74 settings.transport.percentageDatabaseDiskSpaceUsedMediumThreshold: expected at most percentageDatabaseDiskSpaceUsedHighThreshold, which is 95 for M2 (BP): set that, too',
    ]);
  });

  it('BP-06: the same with the defaults of 2016, and where a profile has none', () => {
    expect(ofOrganization(organization('{ jetSessionsHigh: 900 }'))).toEqual([
      'o.yaml:6:43 settings.transport.jetSessionsHigh: expected at least jetSessionsMedium, which is unlimited for M1 (BP): set that, too',
    ]);
    expect(ofOrganization(organization('{ jetSessionsHigh: 900 }', '', '2016'))).toEqual([
      'o.yaml:6:43 settings.transport.jetSessionsHigh: expected at least jetSessionsMedium, which is 1000 for M1 (BP): set that, too',
    ]);
    expect(ofOrganization(organization('{ jetSessionsHigh: 1000 }', '', '2016'))).toEqual([]);
  });

  it('BP-06: batch points can be unlimited, as in 2016, where 2013 has thresholds: from High downwards', () => {
    const unlimited = (...levels: readonly string[]) =>
      `{ ${levels.map((level) => `batchPoint${level}Threshold: unlimited`).join(', ')} }`;
    expect(ofOrganization(organization(unlimited('High')))).toEqual([]);
    expect(ofOrganization(organization(unlimited('Normal', 'Medium', 'High')))).toEqual([]);
    expect(ofOrganization(organization(unlimited('Medium')))).toEqual([
      'o.yaml:6:53 settings.transport.batchPointMediumThreshold: expected at most batchPointHighThreshold, which is 4000 for M1 (BP): set that, too',
    ]);
  });
});
