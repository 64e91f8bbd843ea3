import { describe, expect, test } from 'vitest';
import { compileScenario, runReplication } from '../../experiment/index.js';
import { decodeScenario } from '../decode-scenario.js';
import { expectedMail } from './expected-mail.js';

const readFile = () => {
  throw new Error('no files');
};

const day = 86_400;

function scenarioOf(mailboxes: number, workload: string, duration = '10 min') {
  const text = `mailflow: 1
seed: "7"
duration: ${duration}
organization:
  organization: contoso.com
  sites: [{ name: A }]
  servers: [{ name: A1, site: A }]
  databases: [{ name: DB1, copies: [A1] }]
  connectors: [{ name: Out, kind: send, addressSpaces: ["*"], sourceServers: [A1] }]
  mailboxes: [{ address: "u{n}@contoso.com", count: ${mailboxes}, database: DB1 }]
settings:
  hardware: { cpuPerMessage: 0 ms }
  transport: { maxConnectionRatePerMinute: 100000 }
workloads:
  - { ${workload} }
`;
  return decodeScenario(text, 's.yaml', { readFile }).scenario;
}

/** What a workload sends: the recipients of each message, in the order of messages. */
async function sent(mailboxes: number, workload: string, duration?: string) {
  const scenario = scenarioOf(mailboxes, workload, duration);
  const messages = new Map<number, string[]>();
  await runReplication(scenario, compileScenario(scenario), 1, {
    sink: (table, cells) => {
      if (table !== 'messages') return;
      const [, message, recipient] = cells;
      const recipients = messages.get(Number(message)) ?? [];
      messages.set(Number(message), recipients);
      recipients.push(String(recipient));
    },
    recordMessages: true,
  });
  return [...messages].sort(([a], [b]) => a - b).map(([, recipients]) => recipients);
}

const isOutside = (address: string) => address.endsWith('.example');
const isUnknown = (address: string) => address.startsWith('nobody-');

/** Within so many standard deviations a share is as it should be: one in two million is not. */
const deviations = 5;

function expectShare(count: number, of: number, share: number): void {
  const deviation = Math.sqrt(of * share * (1 - share));
  expect(Math.abs(count - of * share)).toBeLessThanOrEqual(deviations * deviation);
}

const rate = (messagesPerSecond: number, mailboxes: number) => (messagesPerSecond * day) / mailboxes;

describe('the recipients of drawn messages', () => {
  test('WL-05: so many as asked for, each once, with the shares asked for', async () => {
    const mailboxes = 3_000;
    const messages = await sent(
      mailboxes,
      `kind: mailbox-users, sentPerDay: ${rate(1, mailboxes)}, recipients: { fixed: 50 }, externalShare: 0.5, unknownShare: 0, size: { fixed: 1 KB }`,
    );
    expect(messages.length).toBeGreaterThan(500);
    for (const recipients of messages) {
      expect(recipients).toHaveLength(50);
      expect(new Set(recipients).size).toBe(50);
    }
    const all = messages.flat();
    const outside = all.filter(isOutside);
    expectShare(outside.length, all.length, 0.5);
    expect(all.filter(isUnknown)).toEqual([]);
    // A-outside-domains: ten domains, evenly, of many people.
    const domains = new Map<string, number>();
    for (const address of outside) {
      const domain = address.slice(address.indexOf('@'));
      domains.set(domain, (domains.get(domain) ?? 0) + 1);
    }
    expect(domains.size).toBe(10);
    for (const count of domains.values()) expectShare(count, outside.length, 0.1);
    expect(new Set(outside).size).toBeGreaterThan(7_000);
    expect(new Set(outside).size).toBeLessThanOrEqual(10_000);
  });

  test('WL-05: by default a quarter outside, and 2.65 in the mean', async () => {
    const mailboxes = 3_000;
    // No report to senders of unknown recipients is to be among the messages.
    const messages = await sent(
      mailboxes,
      `kind: mailbox-users, sentPerDay: ${rate(10, mailboxes)}, unknownShare: 0, size: { fixed: 1 KB }`,
    );
    const all = messages.flat();
    expectShare(all.filter(isOutside).length, all.length, 0.25);
    expectShare(messages.filter(({ length }) => length === 1).length, messages.length, 0.82);
    const ofMany = messages.filter(({ length }) => length >= 20);
    expectShare(ofMany.length, messages.length, 0.018);
    const mean = 0.82 + 0.162 * 3.5 + 0.018 * 70;
    // The standard deviation of one is 10.
    expect(Math.abs(all.length / messages.length - mean)).toBeLessThan(
      (deviations * 10) / Math.sqrt(messages.length),
    );
  });

  test('where a kind has fewer people than asked, the rest is left out, and the others stay as many', async () => {
    const workload = `kind: mailbox-users, sentPerDay: ${rate(1, 3)}, recipients: { fixed: 50 }, externalShare: 0.5, unknownShare: 0, size: { fixed: 1 KB }`;
    const messages = await sent(3, workload);
    let outside = 0;
    for (const recipients of messages) {
      expect(new Set(recipients).size).toBe(recipients.length);
      // Of 25 draws in the mean, three find somebody.
      expect(recipients.filter((each) => !isOutside(each)).sort()).toEqual(
        ['u1', 'u2', 'u3'].map((name) => `${name}@contoso.com`),
      );
      outside += recipients.length - 3;
    }
    expectShare(outside, 50 * messages.length, 0.5);
    expect(await sent(3, workload)).toEqual(messages);
  });

  test('a fifth nobody: as many as asked, and each another address', async () => {
    const mailboxes = 500;
    const messages = await sent(
      mailboxes,
      'kind: internet-inbound, messagesPerSecond: 1, recipients: { fixed: 40 }, unknownShare: 0.2, size: { fixed: 1 KB }',
    );
    const own = messages.filter(({ length }) => length > 1);
    for (const recipients of own) {
      expect(recipients).toHaveLength(40);
      expect(new Set(recipients).size).toBe(40);
    }
    const all = own.flat();
    expectShare(all.filter(isUnknown).length, all.length, 0.2);
    expect(all.some(isOutside)).toBe(false);
  });

  test('everybody inside is as likely as any other', async () => {
    const messages = await sent(
      40,
      'kind: internet-inbound, messagesPerSecond: 4, recipients: { fixed: 10 }, unknownShare: 0, size: { fixed: 1 KB }',
    );
    const counts = new Map<string, number>();
    for (const recipient of messages.flat()) counts.set(recipient, (counts.get(recipient) ?? 0) + 1);
    expect(counts.size).toBe(40);
    for (const count of counts.values()) expectShare(count, messages.length, 1 / 4);
  });
});

describe('how much a mailbox receives', () => {
  const expectation = (mailboxes: number, workload: string) => {
    const scenario = scenarioOf(mailboxes, workload, '24 h');
    const { topology } = compileScenario(scenario);
    return expectedMail(scenario.workloads[0]!, { topology, startUtcMs: scenario.startUtcMs })!;
  };
  /** Deliveries a mailbox and day that the expectation holds. */
  const receivedPerDay = (mailboxes: number, workload: string) =>
    expectation(mailboxes, workload).reduce((sum, mail) => {
      if (mail.message.kind !== 'drawn') throw new Error('expected drawn mail');
      const { outsideDomains, outsideDomainShare, unknownShare, recipientCounts } = mail.message;
      const inside = 1 - outsideDomainShare * outsideDomains.length - unknownShare;
      const recipients = [...recipientCounts].reduce((total, [count, likely]) => total + count * likely, 0);
      return sum + (mail.messagesBetween(0, day * 1_000) * recipients * inside) / mailboxes;
    }, 0);

  test.each([1, 3, 30, 3_000])('CAP-06: by a profile of 100, eighty a day, of %i mailboxes', (mailboxes) => {
    expect(receivedPerDay(mailboxes, 'kind: mailbox-users, profile: 100')).toBeCloseTo(80, 6);
  });

  test.each(['typical', '{ fixed: 1 }', '{ fixed: 50 }'])(
    'perMailboxPerDay counts what is delivered, not what is sent, of %s recipients',
    async (recipients) => {
      const workload = `kind: internet-inbound, perMailboxPerDay: 60, recipients: ${recipients}, unknownShare: 0.2`;
      for (const mailboxes of [3, 30, 300]) {
        expect(receivedPerDay(mailboxes, workload)).toBeCloseTo(60, 6);
      }
    },
  );

  test.each([3, 300])('so much is simulated, of %i mailboxes', async (mailboxes) => {
    const perDay = (144 * 1_500) / mailboxes;
    const messages = await sent(
      mailboxes,
      `kind: internet-inbound, perMailboxPerDay: ${perDay}, recipients: { fixed: 5 }, unknownShare: 0.5, size: { fixed: 1 KB }`,
    );
    const delivered = messages.flat().filter((address) => /^u\d/.test(address)).length;
    // In ten minutes 1,500; five to a message at most, so that the variance is at most five times a Poisson number's.
    const expected = 1_500;
    expect(Math.abs(delivered - expected)).toBeLessThan(deviations * Math.sqrt(5 * expected));
  });
});
