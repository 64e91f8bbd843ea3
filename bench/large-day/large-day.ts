import { type LargeOrganization, largeOrganization } from './large-organization.js';

/** Where the files stand, from the project's root. */
export const largeDayFiles = {
  scenario: 'bench/scenarios/large-day.yaml',
  organization: 'bench/scenarios/large-organization.yaml',
} as const;

const seed = '1';

/** WL-04: one production server had 4,000 probe messages a day; every 25 s makes 3,456. */
const secondsBetweenProbes = 25;

const generated = '# Written by `npm run bench:generate`: change bench/large-day/, not this file.';

/** The text of the scenario of the bench `model/large-day` and of its organization; always the same. */
export function largeDay(): Readonly<Record<keyof typeof largeDayFiles, string>> {
  const organization = largeOrganization(seed);
  return {
    scenario: scenarioText(organization),
    organization: `# The organization of large-day.yaml: 40 sites, 200 servers, 100,000 mailboxes.
${generated}
${organization.text}`,
  };
}

function scenarioText({ siteGroups, managementGroup, probes }: LargeOrganization): string {
  const arrivals = (name: string, from: string, to: string, rest: string) =>
    `  - { kind: arrivals, name: ${name}, from: ${from}, to: [${to}], ${rest} }\n`;
  const toGroups = siteGroups.map(({ address, writer }) =>
    arrivals(
      `to-${address.split('@')[0]}`,
      writer,
      address,
      'start: 06:00, end: "18:00", messagesPerSecond: 0.0005, size: typical',
    ),
  );
  const ofProbes = probes.map(({ server, mailbox }, index) => {
    // Not all in one instant.
    const start = `+${((index * secondsBetweenProbes) / probes.length).toFixed(3)} s`;
    return arrivals(
      `probe-${server}`,
      mailbox,
      mailbox,
      `start: ${start}, arrival: deterministic, messagesPerSecond: ${1 / secondsBetweenProbes}, size: { fixed: 2 KB }`,
    );
  });
  return `# A working day of a large organization: 40 sites, 200 servers, 100,000 mailboxes of profile 100 (WL-01), the day shape
# of WL-03, recipients as WL-05, sizes as WL-07, a quarter of the recipients outside, 1 % unknown (WL-06). On top, mail
# to the managers of each site, twice a day to all of them, and each server's own probes (WL-04). All is up, and every
# stage has more capacity than load. About 10 million deliveries.
${generated}
mailflow: 1
name: large-day
description: The bench \`model/large-day\`.
organization: ${largeDayFiles.organization.split('/').at(-1)}
seed: "${seed}"
start: 2024-04-02T00:00Z
duration: 24 h
drain: until-empty
workloads:
  - { kind: mailbox-users, name: people, mailboxes: all, profile: 100, externalShare: 0.25, shape: office-day }
${arrivals('to-management', siteGroups[0]!.writer, managementGroup, 'at: ["09:00", "15:00"], size: { fixed: 100 KB }')}${toGroups.join('')}${ofProbes.join('')}`;
}
