import { describe, expect, it } from 'vitest';
import { compileScenario, runReplication } from '../../src/experiment/index.js';
import type { ReplicationResult } from '../../src/measure/index.js';
import { decodeScenario } from '../../src/scenario/index.js';

interface LinkRow {
  readonly timeMs: number;
  readonly link: string;
  readonly bytes: number;
  readonly utilization: number;
}

/** Runs a scenario file's text; gives the rows of `links.csv`. */
async function linkRows(
  text: string,
): Promise<{ readonly rows: LinkRow[]; readonly result: ReplicationResult }> {
  const readFile = () => {
    throw new Error('there is no other file');
  };
  const { scenario } = decodeScenario(text, 'links.yaml', { readFile });
  const rows: LinkRow[] = [];
  const { result } = await runReplication(scenario, compileScenario(scenario), 1, {
    sink: (table, cells) => {
      if (table !== 'links') return;
      const [, timeMs, link, bytes, utilization] = cells;
      rows.push({
        timeMs: Number(timeMs),
        link: String(link),
        bytes: Number(bytes),
        utilization: Number(utilization),
      });
    },
    recordMessages: false,
  });
  return { rows, result };
}

/** Three sites in a row, two more behind the last; A-H is shared by all that leaves A. */
const organization = (hub: boolean, bandwidth: string) => `
organization:
  organization: contoso.com
  sites: [{ name: A }, { name: H, hub: ${hub} }, { name: D }, { name: E }]
  siteLinks:
    - { name: A-H, sites: [A, H], cost: 10, latency: 10 ms, bandwidth: ${bandwidth} }
    - { name: D-H, sites: [D, H], cost: 10, latency: 10 ms }
    - { name: E-H, sites: [E, H], cost: 10, latency: 10 ms }
  servers: [{ name: A1, site: A }, { name: H1, site: H }, { name: D1, site: D }, { name: E1, site: E }]
  databases: [{ name: DBA, copies: [A1] }, { name: DBD, copies: [D1] }, { name: DBE, copies: [E1] }]
  mailboxes:
    - { address: a@contoso.com, database: DBA }
    - { address: "d{n}@contoso.com", count: 20, database: DBD }
    - { address: "e{n}@contoso.com", count: 20, database: DBE }
`;

describe('delayed fan-out in links.csv', () => {
  /** 200 KB from A to D and to E. */
  const scenario = (hub: boolean) => `mailflow: 1
name: fan-out
duration: 1 min
drain: 4 min
settings: { hardware: { distribution: deterministic }, mailboxTransport: { submissionReach: own-site } }
workloads:
  - { kind: arrivals, at: [+1 s], from: a@contoso.com, to: [d1@contoso.com, e1@contoso.com], size: { fixed: 200 KB } }
${organization(hub, '1 Mbit/s')}`;
  const bytes = 200 * 1_024;
  const total = (rows: readonly LinkRow[], link: string) =>
    rows.filter((row) => row.link === link).reduce((sum, row) => sum + row.bytes, 0);

  it('RT-24: with the hub as next hop of both, one copy crosses the shared link; without it, two', async () => {
    for (const [hub, copies] of [
      [true, 1],
      [false, 2],
    ] as const) {
      const { rows, result } = await linkRows(scenario(hub));
      expect(total(rows, 'A-H')).toBe(copies * bytes);
      expect([total(rows, 'D-H'), total(rows, 'E-H')]).toEqual([bytes, bytes]);
      // All within the first minute; at 1 Mbit/s the link is busy 8 bits a microsecond and byte.
      expect(rows.find(({ link }) => link === 'A-H')!.utilization).toBeCloseTo(
        (copies * bytes * 8) / 60e6,
        9,
      );
      expect(result.links.find(({ link }) => link === 'A-H')).toMatchObject({ bytes: copies * bytes });
      expect(rows.filter(({ link }) => link !== 'A-H').every(({ utilization }) => utilization === 0)).toBe(
        true,
      );
      expect(result.recipients).toMatchObject({ delivered: 2, pending: 0 });
    }
  });
});

describe('a link under more than it can carry', () => {
  const scenario = (fault: string) => `mailflow: 1
name: busy
seed: "7"
settings: { transport: { connectionTimeout: 1 d }, mailboxTransport: { submissionReach: own-site } }
duration: 20 min
drain: until-empty
sampleEvery: 7 s
workloads:
  - { kind: arrivals, messagesPerSecond: 0.75, from: a@contoso.com, to: [d1@contoso.com, e1@contoso.com],
      size: { lognormal: { median: 30 KB, p95: 400 KB } } }
faults: [${fault}]
${organization(false, '1 Mbit/s')}`;

  it('is used in full while mail waits, never above, and every byte counts once', async () => {
    const { rows, result } = await linkRows(scenario(''));
    const own = rows.filter(({ link }) => link === 'A-H');
    expect(Math.max(...own.map(({ utilization }) => utilization))).toBeLessThanOrEqual(1 + 1e-9);
    // Utilization is bytes by bandwidth and interval, but for the whole bytes that rows have.
    own.forEach((row, index) => {
      const intervalMs = row.timeMs - (index === 0 ? 0 : own[index - 1]!.timeMs);
      expect(Math.abs(row.utilization * 125 * intervalMs - row.bytes)).toBeLessThanOrEqual(1);
    });
    expect(own.filter(({ utilization }) => utilization > 0.999).length).toBeGreaterThan(100);
    // No transfer broke: what crossed the shared link went on over one of the others.
    const bytesOf = (name: string) => result.links.find(({ link }) => link === name)!.bytes;
    expect(bytesOf('A-H')).toBe(bytesOf('D-H') + bytesOf('E-H'));
    expect(result.recipients.pending).toBe(0);
  });

  it('never above either while it flaps and is slowed down', async () => {
    const flaps = Array.from(
      { length: 20 },
      (_, times) => `{ kind: site-link-outage, link: A-H, at: +${times * 60 + 30} s, for: 30 s }`,
    );
    const slow =
      '{ kind: site-link-slowdown, link: A-H, at: +5 min, for: 5 min, bandwidth: 500 kbit/s, loss: 0.01 }';
    const { rows, result } = await linkRows(scenario([...flaps, slow].join(', ')));
    const own = rows.filter(({ link }) => link === 'A-H');
    expect(Math.max(...own.map(({ utilization }) => utilization))).toBeLessThanOrEqual(1 + 1e-9);
    expect(result.recipients.pending).toBe(0);
  });
});
