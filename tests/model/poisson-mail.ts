import { expect } from 'vitest';
import { randomStreams } from '../../src/sim/kernel/index.js';
import {
  type SettingOverrides,
  type Stage,
  stages,
  type TransportObserver,
} from '../../src/sim/model/index.js';
import { batches, replications } from '../batch-means.js';
import { silent } from './silent-observer.js';
import { domain, run, type SmallOrganization } from './small-organization.js';

/** The mean service time by which closed forms count time. */
export const serviceMs = 1_000;

/** No work takes time, and no limit is met but those that a test sets. */
export const instant = {
  frontEndTime: 0,
  submissionTime: 0,
  connectTime: 0,
  commitTime: 0,
  shadowCopyTime: 0,
  shadowCopyTimeRemote: 0,
  categorizerTime: 0,
  mailboxDeliveryTime: 0,
  relayTime: 0,
  cpuPerMessage: 0,
};

/** Messages of one sender to one recipient, the arrivals a Poisson process. */
export interface MailFlow {
  readonly from: string;
  readonly to: string;
  /** Messages in a mean service time. */
  readonly rate: number;
}

export interface PoissonMail {
  readonly organization: SmallOrganization;
  readonly settings: SettingOverrides;
  readonly serverSettings?: Readonly<Record<string, SettingOverrides>>;
  readonly flows: readonly MailFlow[];
  /** The time measured of each delivery: the sum of these stages. */
  readonly measured: readonly Stage[];
  readonly messagesPerBatch: number;
  readonly seed: string;
}

/** Batch means, those of all replications behind one another; times are in mean service times. */
export interface MailMeasures {
  /** By flow: the measured time, and its square. */
  readonly times: readonly number[][];
  readonly squares: readonly number[][];
  /** By server: messages in its Submission queue and categorizer over time, and the time that each spends there. */
  readonly present: Readonly<Record<string, number[]>>;
  readonly sojourns: Readonly<Record<string, number[]>>;
  /** The part of the time in which no categorizer of any server has anything to do. */
  readonly allIdle: readonly number[];
}

/**
 * Runs the mail of all flows through a model, `replications` times, each with a batch's messages of warm-up first. Every
 * message must be delivered. Times come from the stages of deliveries and from the stamps on copies; numbers present
 * from what the model reports of its Submission queues, over time.
 */
export function sendPoissonMail(mail: PoissonMail): MailMeasures {
  const names = Object.keys(mail.organization.servers);
  const measures = {
    times: mail.flows.map((): number[] => []),
    squares: mail.flows.map((): number[] => []),
    present: Object.fromEntries(names.map((name): [string, number[]] => [name, []])),
    sojourns: Object.fromEntries(names.map((name): [string, number[]] => [name, []])),
    allIdle: [],
  };
  for (let replication = 0; replication < replications; replication++) {
    runReplication(mail, names, replication, measures);
  }
  return measures;
}

interface Sums {
  readonly count: Float64Array;
  readonly sum: Float64Array;
}

function runReplication(
  { organization, settings, serverSettings, flows, measured, messagesPerBatch, seed }: PoissonMail,
  names: readonly string[],
  replication: number,
  measures: MailMeasures & { readonly allIdle: number[] },
): void {
  // The first batch is warm-up.
  const messages = (1 + batches) * messagesPerBatch;
  const flowOf = new Uint8Array(messages);
  const sums = (): Sums => ({ count: new Float64Array(batches + 1), sum: new Float64Array(batches + 1) });
  const times = flows.map(sums);
  const squares = flows.map(() => new Float64Array(batches + 1));
  const sojourns = names.map(sums);
  const present = new Float64Array(names.length);
  const integrals = new Float64Array(names.length);
  const measuredStages = measured.map((stage) => stages.indexOf(stage));
  let sent = 0;
  let delivered = 0;
  let busyServers = 0;
  let idleMs = 0;
  let lastMs = 0;
  const integrate = (atMs: number) => {
    const passedMs = atMs - lastMs;
    lastMs = atMs;
    if (busyServers === 0) idleMs += passedMs;
    for (let server = 0; server < present.length; server++) integrals[server]! += present[server]! * passedMs;
  };
  const observer: TransportObserver = {
    ...silent,
    ended: (_atMs, end, { message }, _recipient, _server, _hops, stageMs, offset) => {
      if (end === 'delivered') delivered++;
      const flow = flowOf[message - 1]!;
      const batch = Math.floor((message - 1) / messagesPerBatch);
      let ms = 0;
      for (const stage of measuredStages) ms += stageMs[offset + stage]!;
      const { count, sum } = times[flow]!;
      count[batch]!++;
      sum[batch]! += ms / serviceMs;
      squares[flow]![batch]! += (ms / serviceMs) ** 2;
    },
    leftSubmissionQueue: (atMs, server, enteredMs) => {
      const batch = Math.floor((sent - 1) / messagesPerBatch);
      const { count, sum } = sojourns[server]!;
      count[batch]!++;
      sum[batch]! += (atMs - enteredMs) / serviceMs;
    },
    submissionQueueLength: (atMs, server, length) => {
      integrate(atMs);
      if (length === 0 && present[server]! > 0) busyServers--;
      if (length > 0 && present[server]! === 0) busyServers++;
      present[server] = length;
    },
  };
  const { simulation, model } = run(
    organization,
    settings,
    observer,
    serverSettings,
    `${seed} ${replication}`,
  );
  const streams = randomStreams(seed, replication);
  const between = streams('arrivals');
  const choice = streams('flows');
  const intern = (name: string) => model.addressBook.intern(name.includes('@') ? name : `${name}@${domain}`);
  const senders = flows.map(({ from }) => intern(from));
  const recipients = flows.map(({ to }) => Int32Array.of(intern(to)));
  const rate = flows.reduce((sum, flow) => sum + flow.rate, 0);
  /** At the beginning of each batch, and at the end: the time, then the integrals. */
  const marks: { readonly atMs: number; readonly idleMs: number; readonly integrals: Float64Array }[] = [];
  const mark = () => {
    integrate(simulation.nowMs);
    marks.push({ atMs: simulation.nowMs, idleMs, integrals: integrals.slice() });
  };
  const arrival = simulation.addKind(() => {
    if (sent % messagesPerBatch === 0) mark();
    if (sent === messages) return;
    let flow = 0;
    for (let left = choice() * rate - flows[0]!.rate; left >= 0 && flow < flows.length - 1; ) {
      flow++;
      left -= flows[flow]!.rate;
    }
    flowOf[sent++] = flow;
    model.submit(senders[flow]!, recipients[flow]!, 1, 1_024);
    simulation.schedule((-Math.log(1 - between()) * serviceMs) / rate, arrival, 0);
  });
  simulation.schedule(0, arrival, 0);
  simulation.runUntil(Number.POSITIVE_INFINITY);
  expect(delivered).toBe(messages);
  expect(model.audit().alive).toBe(0);

  for (let batch = 1; batch <= batches; batch++) {
    const from = marks[batch]!;
    const to = marks[batch + 1]!;
    const lastsMs = to.atMs - from.atMs;
    measures.allIdle.push((to.idleMs - from.idleMs) / lastsMs);
    for (const [flow, { count, sum }] of times.entries()) {
      measures.times[flow]!.push(sum[batch]! / count[batch]!);
      measures.squares[flow]!.push(squares[flow]![batch]! / count[batch]!);
    }
    for (const [server, name] of names.entries()) {
      const { count, sum } = sojourns[server]!;
      measures.present[name]!.push((to.integrals[server]! - from.integrals[server]!) / lastsMs);
      measures.sojourns[name]!.push(sum[batch]! / count[batch]!);
    }
  }
}
