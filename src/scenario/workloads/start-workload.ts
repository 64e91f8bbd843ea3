import { exponential, type RandomStream } from '../../sim/kernel/index.js';
import type { TransportModel } from '../../sim/model/index.js';
import { compareNames, normalizeName } from '../../topology/index.js';
import type { ArrivalsWorkload } from './arrivals.js';
import { DailyArrivals } from './day-shape.js';
import type { InternetInboundWorkload } from './internet-inbound.js';
import type { Workload } from './kind.js';
import { MailGenerator } from './mail-generator.js';
import type { MailboxSelector, MailboxUsersWorkload } from './mailbox-users.js';
import { recipientCountDistribution, sizeDistribution } from './message-attributes.js';
import type { ReplayWorkload } from './replay.js';

const secondsPerDay = 86_400;

/** What a workload is started with. */
export interface WorkloadStart {
  readonly model: TransportModel;
  /** Simulated 0 in ms since 1970 UTC. */
  readonly startUtcMs: number;
  /** The random streams of this replication. */
  readonly streams: (name: string) => RandomStream;
}

/** Schedules a workload's messages; each is submitted to the model when its time has come. */
export function startWorkload(workload: Workload, start: WorkloadStart): void {
  switch (workload.kind) {
    case 'arrivals':
      startArrivals(workload, start);
      break;
    case 'mailbox-users':
      startMailboxUsers(workload, start);
      break;
    case 'internet-inbound':
      startInternetInbound(workload, start);
      break;
    case 'replay':
      startReplay(workload, start);
      break;
  }
}

function startArrivals(workload: ArrivalsWorkload, { model, streams }: WorkloadStart): void {
  const { simulation, addressBook } = model;
  const { arrival, startMs, endMs } = workload;
  const sender = addressBook.intern(workload.from);
  const recipients = Int32Array.from(workload.to, (address) => addressBook.intern(address));
  const sizes = sizeDistribution(workload.size);
  const sizeDraw = streams(`${workload.name}/sizes`);
  const arrivalDraw = streams(`${workload.name}/arrivals`);
  // Times are reckoned from the start, not from one another: rounding does not add up.
  const timeMs = arrivalTimes(arrival, startMs, arrivalDraw);
  let sent = 0;
  const kind = simulation.addKind(() => {
    model.submit(sender, recipients, recipients.length, Math.round(sizes.sample(sizeDraw())));
    scheduleNext();
  });
  const scheduleNext = () => {
    const atMs = timeMs(sent++);
    if (atMs !== null && atMs < endMs) simulation.scheduleAt(atMs, kind, 0);
  };
  scheduleNext();
}

/** The time of the n-th arrival, from 0, asked for in order; null after the last. */
function arrivalTimes(
  arrival: ArrivalsWorkload['arrival'],
  startMs: number,
  draw: RandomStream,
): (n: number) => number | null {
  switch (arrival.kind) {
    case 'at':
      return (n) => arrival.timesMs[n] ?? null;
    case 'deterministic':
      return (n) => startMs + (n * 1_000) / arrival.messagesPerSecond;
    case 'poisson': {
      const gaps = exponential(1_000 / arrival.messagesPerSecond);
      let atMs = startMs;
      return () => {
        atMs += gaps.sample(draw());
        return atMs;
      };
    }
  }
}

function startMailboxUsers(workload: MailboxUsersWorkload, start: WorkloadStart): void {
  const { model, startUtcMs, streams } = start;
  const mailboxes = selectMailboxes(workload.mailboxes, model);
  if (mailboxes.length === 0) return;
  const { shape, recipients, size, externalShare, unknownShare } = workload;
  const common = { window: workload, receivers: mailboxes, recipients, size };
  const sentPerDay = mailboxes.length * workload.sentPerDay;
  new MailGenerator(
    workload.name,
    {
      ...common,
      arrivals: new DailyArrivals(shape, startUtcMs, sentPerDay),
      senders: mailboxes,
      outsideShare: externalShare,
      unknownShare,
    },
    model,
    streams,
  );
  if (workload.receivedPerDay === null) return;
  // CAP-06: what its colleagues' mail does not bring to a mailbox comes from outside.
  const perMessage = recipientCountDistribution(recipients).mean;
  const insideShare = Math.max(0, 1 - externalShare - unknownShare);
  const fromColleagues = sentPerDay * perMessage * insideShare;
  const missing = mailboxes.length * workload.receivedPerDay - fromColleagues;
  const reachShare = 1 - unknownShare;
  if (missing <= 0 || reachShare <= 0) return;
  new MailGenerator(
    `${workload.name}/outside`,
    {
      ...common,
      arrivals: new DailyArrivals(shape, startUtcMs, missing / (perMessage * reachShare)),
      senders: new Int32Array(0),
      outsideShare: 0,
      unknownShare,
    },
    model,
    streams,
  );
}

function startInternetInbound(workload: InternetInboundWorkload, start: WorkloadStart): void {
  const { model, startUtcMs, streams } = start;
  const mailboxes = selectMailboxes('all', model);
  const { rate, shape, recipients, size, unknownShare } = workload;
  const perDay =
    rate.kind === 'total'
      ? rate.messagesPerSecond * secondsPerDay
      : rate.messagesPerMailboxPerDay * mailboxes.length;
  new MailGenerator(
    workload.name,
    {
      window: workload,
      arrivals: new DailyArrivals(shape, startUtcMs, perDay),
      senders: new Int32Array(0),
      receivers: mailboxes,
      outsideShare: 0,
      unknownShare,
      recipients,
      size,
    },
    model,
    streams,
  );
}

function startReplay(workload: ReplayWorkload, { model }: WorkloadStart): void {
  const { simulation, addressBook } = model;
  const { messages } = workload;
  let next = 0;
  const kind = simulation.addKind(() => {
    const { from, to, sizeBytes } = messages[next++]!;
    const recipients = Int32Array.from(to, (address) => addressBook.intern(address));
    model.submit(addressBook.intern(from), recipients, recipients.length, sizeBytes);
    scheduleNext();
  });
  const scheduleNext = () => {
    const message = messages[next];
    if (message !== undefined) simulation.scheduleAt(message.atMs, kind, 0);
  };
  scheduleNext();
}

/** The ids of the mailboxes that the selectors choose, ascending, each once. */
function selectMailboxes(
  selectors: 'all' | readonly MailboxSelector[],
  { topology }: TransportModel,
): Int32Array {
  const { recipients, databases, servers, sites } = topology;
  if (selectors === 'all') return Int32Array.from({ length: recipients.mailboxCount }, (_, id) => id);
  const chosen = new Uint8Array(recipients.mailboxCount);
  for (const { kind, name } of selectors) {
    if (kind === 'address') {
      chosen[recipients.find(name)] = 1;
      continue;
    }
    const matches = databases.map((database) => {
      const site = sites[servers[database.copies[0]!]!.site]!;
      return compareNames(kind === 'database' ? database.name : site.name, normalizeName(name)) === 0;
    });
    recipients.mailboxDatabase.forEach((database, id) => {
      if (matches[database]) chosen[id] = 1;
    });
  }
  const ids: number[] = [];
  chosen.forEach((is, id) => {
    if (is === 1) ids.push(id);
  });
  return Int32Array.from(ids);
}
