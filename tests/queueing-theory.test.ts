import { expect, test } from 'vitest';
import {
  type Discipline,
  type Distribution,
  deterministic,
  exponential,
  lifo,
  nonPreemptivePriority,
  randomStreams,
  Simulation,
  Station,
} from '../src/sim/kernel/index.js';
import { batches, erlangC, expectAgreement, replications } from './batch-means.js';

/*
 * The kernel against closed forms. Time is counted in mean service times, each of `serviceMs`.
 *
 * Every figure is the mean of `replications` times `batches` batch means, with the confidence interval of Student's
 * t: 4 replications of 10 batches, each of 50,000 customers after 20,000 of warm-up, at 99 %. A batch is some 500
 * relaxation times long at utilization 0.8 (1 / (1 - sqrt 0.8)^2 = 90), so batch means are as good as independent.
 */
const seed = 'queueing-theory';
const serviceMs = 1000;
const customersPerBatch = 50_000;
const warmUpCustomers = 20_000;

interface Queue {
  readonly servers: number;
  /** Customers in a mean service time, all classes together. */
  readonly arrivalRate: number;
  readonly service: Distribution;
  readonly discipline?: Discipline;
  /** Classes, equally likely; the class is the priority. Default 1. */
  readonly classes?: number;
  /** The station breaks down after so many mean service times, and is repaired after so many; both exponential. */
  readonly breakdowns?: { readonly upMean: number; readonly downMean: number };
}

interface Outcome {
  /** By class, the batch means of the time waited until service first starts, in mean service times. */
  readonly waits: number[][];
  /** Batch means of the number waiting and of the number present, averaged over time. */
  readonly meanWaiting: number[];
  readonly meanPresent: number[];
  /** From the first customer to the last, nobody there before and after: both sides of L = lambda W, unscaled. */
  readonly littlesLaw: { readonly lengthIntegral: number; readonly waitSum: number }[];
}

/** Runs the queue. Waits come from stamps on customers, numbers present from the state over time. */
function simulate(queue: Queue): Outcome {
  const outcome: Outcome = {
    waits: Array.from({ length: queue.classes ?? 1 }, () => []),
    meanWaiting: [],
    meanPresent: [],
    littlesLaw: [],
  };
  for (let replication = 0; replication < replications; replication++) {
    simulateReplication(queue, replication, outcome);
  }
  return outcome;
}

function simulateReplication(queue: Queue, replication: number, outcome: Outcome): void {
  // The integrals take in the time up to each event, in the state in which the event finds the station.
  const simulation: Simulation = new Simulation({
    onEvent: (atMs) => {
      lengthIntegral += station.waiting * (atMs - lastMs);
      presentIntegral += present * (atMs - lastMs);
      lastMs = atMs;
    },
  });
  const streams = randomStreams(seed, replication);
  const arrivals = streams('arrivals');
  const services = streams('services');
  const classDraws = streams('classes');
  const failures = streams('failures');
  const between = exponential(serviceMs / queue.arrivalRate);
  const classes = queue.classes ?? 1;
  const customers = warmUpCustomers + batches * customersPerBatch;
  const arrivedMs = new Float64Array(customers);
  const classOf = new Uint8Array(customers);
  const waitMs = new Float64Array(customers).fill(-1);
  let arrived = 0;
  let present = 0;
  let waitSum = 0;
  let lengthIntegral = 0;
  let presentIntegral = 0;
  let lastMs = 0;
  /** [time, integral of the number waiting, of the number present] at the start of each batch, and at the end. */
  const marks: [number, number, number][] = [];

  const station: Station = new Station(simulation, {
    servers: queue.servers,
    ...(queue.discipline === undefined ? {} : { discipline: queue.discipline }),
    serviceTimeMs: (customer) => {
      // Asked when a service starts. After a breakdown it starts again: only the first counts as the wait.
      if (waitMs[customer]! < 0) {
        waitMs[customer] = simulation.nowMs - arrivedMs[customer]!;
        waitSum += waitMs[customer]!;
      }
      return queue.service.sample(services());
    },
    completed: () => {
      present -= 1;
    },
  });
  const arrive = simulation.addKind(() => {
    if (arrived >= warmUpCustomers && (arrived - warmUpCustomers) % customersPerBatch === 0) {
      marks.push([simulation.nowMs, lengthIntegral, presentIntegral]);
    }
    arrivedMs[arrived] = simulation.nowMs;
    classOf[arrived] = Math.floor(classDraws() * classes);
    present += 1;
    station.arrive(arrived, classOf[arrived]!);
    arrived += 1;
    if (arrived < customers) simulation.schedule(between.sample(arrivals()), arrive, 0);
    else marks.push([simulation.nowMs, lengthIntegral, presentIntegral]);
  });
  if (queue.breakdowns !== undefined) {
    const up = exponential(queue.breakdowns.upMean * serviceMs);
    const down = exponential(queue.breakdowns.downMean * serviceMs);
    const fail = simulation.addKind(() => {
      station.stop();
      simulation.schedule(down.sample(failures()), repair, 0);
    });
    const repair = simulation.addKind(() => {
      station.start();
      // Without customers the failures end too, so that the run does.
      if (arrived < customers || present > 0) simulation.schedule(up.sample(failures()), fail, 0);
    });
    simulation.schedule(up.sample(failures()), fail, 0);
  }
  simulation.schedule(between.sample(arrivals()), arrive, 0);
  simulation.runUntil(Number.POSITIVE_INFINITY);
  expect(present).toBe(0);

  outcome.littlesLaw.push({ lengthIntegral, waitSum });
  for (let batch = 0; batch < batches; batch++) {
    const [fromMs, fromLength, fromPresent] = marks[batch]!;
    const [toMs, toLength, toPresent] = marks[batch + 1]!;
    outcome.meanWaiting.push((toLength - fromLength) / (toMs - fromMs));
    outcome.meanPresent.push((toPresent - fromPresent) / (toMs - fromMs));
    const first = warmUpCustomers + batch * customersPerBatch;
    for (let kind = 0; kind < classes; kind++) {
      let sum = 0;
      let count = 0;
      for (let customer = first; customer < first + customersPerBatch; customer++) {
        if (classOf[customer] !== kind) continue;
        sum += waitMs[customer]!;
        count += 1;
      }
      outcome.waits[kind]!.push(sum / count / serviceMs);
    }
  }
}

/** L = lambda W holds on every path that ends empty, not only on average: both sides are sums of whole ticks. */
function expectLittlesLaw({ littlesLaw }: Outcome): void {
  expect(littlesLaw.length).toBe(replications);
  for (const { lengthIntegral, waitSum } of littlesLaw) {
    expect(lengthIntegral).toBeGreaterThan(0);
    expect(lengthIntegral).toBe(waitSum);
  }
}

test('M/M/1 at utilization 0.8: wait 4, waiting 3.2, present 4, as theory has it', () => {
  const rho = 0.8;
  const outcome = simulate({ servers: 1, arrivalRate: rho, service: exponential(serviceMs) });
  const wait = rho / (1 - rho);
  expectAgreement(outcome.waits[0]!, wait);
  expectAgreement(outcome.meanWaiting, rho * wait);
  expectAgreement(outcome.meanPresent, rho / (1 - rho));
  expectLittlesLaw(outcome);
});

test('M/M/4 at utilization 0.8: the wait of Erlang C, and L = lambda W', () => {
  const servers = 4;
  const load = 3.2;
  // Worked out apart: a^4/4! = 4.36907; the sum of a^k/k! to k = 3 is 14.78133; C = 21.84533 / 36.62667.
  expect(erlangC(servers, load)).toBeCloseTo(0.596432, 5);
  const outcome = simulate({ servers, arrivalRate: load, service: exponential(serviceMs) });
  const wait = erlangC(servers, load) / (servers - load);
  expectAgreement(outcome.waits[0]!, wait);
  expectAgreement(outcome.meanWaiting, load * wait);
  expectAgreement(outcome.meanPresent, load * wait + load);
  expectLittlesLaw(outcome);
});

test('M/D/1 at utilization 0.8: half the wait of M/M/1', () => {
  const rho = 0.8;
  const outcome = simulate({ servers: 1, arrivalRate: rho, service: deterministic(serviceMs) });
  // Pollaczek and Khinchine: lambda E[S^2] / (2 (1 - rho)), with E[S^2] = 1.
  expectAgreement(outcome.waits[0]!, rho / (2 * (1 - rho)));
  expectLittlesLaw(outcome);
});

test('M/M/1, last come first served: the mean wait is that of first come first served', () => {
  const rho = 0.8;
  const outcome = simulate({
    servers: 1,
    arrivalRate: rho,
    service: exponential(serviceMs),
    discipline: lifo,
  });
  expectAgreement(outcome.waits[0]!, rho / (1 - rho));
  expectLittlesLaw(outcome);
});

test('M/M/1 with non-preemptive priority: the waits of Cobham', () => {
  const rho = 0.8;
  const outcome = simulate({
    servers: 1,
    arrivalRate: rho,
    service: exponential(serviceMs),
    discipline: nonPreemptivePriority(2),
    classes: 2,
  });
  // The residual service met on arrival is lambda E[S^2] / 2 = 0.8 * 2 / 2; each class has half of the load.
  const residual = rho;
  expectAgreement(outcome.waits[0]!, residual / (1 - rho / 2));
  expectAgreement(outcome.waits[1]!, residual / ((1 - rho / 2) * (1 - rho)));
  expectLittlesLaw(outcome);
});

test('M/M/1 with breakdowns: the number present of White and Christie', () => {
  const [lambda, mu, failureRate, repairRate] = [0.5, 1, 0.02, 0.1];
  const outcome = simulate({
    servers: 1,
    arrivalRate: lambda,
    // Drawn anew when it starts again: with exponential services that is the same as to go on where it was.
    service: exponential(serviceMs),
    breakdowns: { upMean: 1 / failureRate, downMean: 1 / repairRate },
  });
  // Balance of the pairs (number present, up or down), by generating functions; mu / (mu - lambda) - 1 without
  // failures, and for a lone customer (lambda to 0) the wait for repair plus the service with its interruptions.
  const cycle = failureRate + repairRate;
  const present =
    (lambda * (cycle * cycle + mu * failureRate)) / (cycle * (mu * repairRate - lambda * cycle));
  expectAgreement(outcome.meanPresent, present);
});
