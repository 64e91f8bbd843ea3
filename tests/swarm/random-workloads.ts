import { hasService } from '../../src/scenario/server-services.js';
import type { Organization } from '../../src/topology/index.js';
import type { Dice } from '../oracle/dice.js';
import { strangers } from '../oracle/random-recipients.js';

export type WorkloadFile = Readonly<Record<string, unknown>>;

const secondsPerDay = 86_400;

/** Draws one to four workloads of every kind, of up to some hundred messages each. */
export function drawWorkloads(dice: Dice, organization: Organization, durationMs: number): WorkloadFile[] {
  const { mailboxes, distributionGroups, contacts, databases, sites } = organization;
  const withTransport = organization.servers.filter((server) => hasService(server, 'transport'));
  const insiders = mailboxes.filter(({ count }) => count === undefined).map(({ address }) => address);
  const seconds = durationMs / 1_000;
  const mailboxCount = mailboxes.reduce((sum, { count = 1 }) => sum + count, 0);
  const groups = distributionGroups.map(({ address }) => address);
  const everybody = [
    ...insiders,
    ...groups,
    ...groups,
    ...contacts.map(({ address }) => address),
    ...strangers.filter((each) => /[:@]/.test(each)),
  ];
  const senders = [
    ...insiders,
    ...insiders,
    ...groups.slice(0, 1),
    ...['sender@elsewhere.net', 'Boss@elsewhere.net'],
  ];
  const at = () => `+${dice.below(durationMs)} ms`;
  const size = () =>
    dice.pick<unknown>([
      'typical',
      { fixed: '20 KB' },
      { fixed: '300 KB' },
      { lognormal: { median: '20 KB', p95: '200 KB' } },
      // More than any server takes (SZ).
      ...(dice.chance(0.1) ? [{ fixed: '11 MB' }] : []),
    ]);
  const window = () => {
    if (dice.chance(0.7)) return {};
    const startMs = dice.below(durationMs - 1);
    return { start: `+${startMs} ms`, end: `+${dice.between(startMs + 1, durationMs)} ms` };
  };
  const to = () => (dice.chance(0.2) ? dice.pick(everybody) : dice.some(everybody, 1, 5));
  const shape = () => dice.pick(['flat', 'flat', 'office-day', 'two-humps']);
  const recipients = () => dice.pick<unknown>(['typical', { fixed: 1 }, { fixed: 3 }]);
  const unknownShare = () => dice.pick([0, 0.01, 0.3]);
  const places = [...insiders, ...[...databases, ...sites].map(({ name }) => name)];

  const one = (): WorkloadFile => {
    const messages = dice.between(10, 250);
    switch (dice.below(mailboxCount === 0 ? 3 : 9)) {
      case 0:
        return { kind: 'replay', file: 'replay.csv', ...window() };
      case 1:
      case 2:
        return {
          kind: 'arrivals',
          ...(dice.chance(0.7)
            ? {
                arrival: dice.pick(['poisson', 'deterministic']),
                messagesPerSecond: messages / seconds,
                ...window(),
              }
            : { at: Array.from({ length: dice.between(1, 5) }, at) }),
          from: dice.pick(senders),
          to: to(),
          size: size(),
          ...(dice.chance(0.5) ? { priority: dice.pick(['low', 'normal', 'high']) } : {}),
        };
      case 3:
      case 4: {
        const perDay = Math.min(50_000, (messages * secondsPerDay) / (seconds * mailboxCount));
        return {
          kind: 'mailbox-users',
          ...(dice.chance(0.7) ? {} : { mailboxes: dice.some(places, 1, 3) }),
          ...(dice.chance(0.5) ? { profile: perDay } : { sentPerDay: perDay }),
          externalShare: dice.pick([0, 0.25, 0.6, 1]),
          ...window(),
          shape: shape(),
          recipients: recipients(),
          unknownShare: unknownShare(),
          size: size(),
        };
      }
      case 5:
        return {
          kind: 'internet-inbound',
          ...(dice.chance(0.6)
            ? { messagesPerSecond: messages / seconds }
            : { perMailboxPerDay: Math.min(50_000, (messages * secondsPerDay) / (seconds * mailboxCount)) }),
          ...window(),
          shape: shape(),
          recipients: recipients(),
          unknownShare: unknownShare(),
          size: size(),
        };
      case 6:
        return {
          kind: 'storm',
          at: at(),
          ...window(),
          sender: dice.pick(senders),
          to: groups.length > 0 && dice.chance(0.8) ? dice.pick(groups) : dice.pick(everybody),
          size: size(),
          ...(dice.chance(0.7)
            ? { replyAll: { share: dice.pick([0.1, 0.5, 1]), within: `${dice.between(1, 600)} s` } }
            : {}),
        };
      case 7:
        return {
          kind: 'pickup',
          at: at(),
          ...window(),
          server: dice.pick(withTransport).name,
          messages,
          ...(dice.chance(0.5) ? { perMinute: dice.pick([7, 60, 1_000]) } : {}),
          ...(dice.chance(0.3) ? { exported: true } : {}),
          from: dice.pick(senders),
          to: to(),
          size: size(),
        };
      default:
        return {
          kind: 'ndr-loop',
          at: at(),
          ...window(),
          sender: dice.pick(insiders),
          messages: dice.between(1, 12),
          domain: dice.pick(['broken.example', 'partner.example']),
        };
    }
  };
  return Array.from({ length: dice.between(1, 4) }, (_, number) => ({ name: `w${number}`, ...one() }));
}

/** The file of `replay` workloads: some messages, several at one instant. */
export function drawReplay(dice: Dice, { mailboxes }: Organization, durationMs: number): string {
  const smtp = (addresses: readonly string[]) => addresses.filter((each) => /^[^: ]+@[^: ]+$/.test(each));
  const insiders = mailboxes.filter(({ count }) => count === undefined).map(({ address }) => address);
  const people = [...insiders, ...insiders, ...smtp(strangers)];
  const times = Array.from({ length: dice.between(1, 20) }, () => dice.below(durationMs));
  const rows = Array.from({ length: dice.between(1, 60) }, () => {
    const to = [...new Set(dice.some(people, 1, 6))].join(' ');
    return [dice.pick(times), dice.pick(people), to, dice.between(1, 2_000_000)].join(',');
  });
  return ['time,from,to,size_bytes', ...rows, ''].join('\n');
}
