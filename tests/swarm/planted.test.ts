import { afterEach, describe, expect, it } from 'vitest';
import { NamedCounts } from '../../src/measure/named-counts.js';
import { QueueGauges } from '../../src/measure/queue-gauges.js';
import { Station } from '../../src/sim/kernel/index.js';
import { DatabaseCopies } from '../../src/sim/model/database-copies.js';
import { DeliveryQueues } from '../../src/sim/model/delivery-queues.js';
import { MailboxSubmission } from '../../src/sim/model/mailbox-submission.js';
import { MessageStore, stageIndex } from '../../src/sim/model/message-store.js';
import { Network } from '../../src/sim/model/network.js';
import { QueueDatabases } from '../../src/sim/model/queue-databases.js';
import { RecipientLedger } from '../../src/sim/model/recipient-ledger.js';
import { ServiceTimes } from '../../src/sim/model/service-times.js';
import { drawScenario } from './random-scenario.js';
import { runSwarmScenario } from './swarm-run.js';

const scenarios = 60;

/** Puts the methods that a test has broken back. */
const repairs: (() => void)[] = [];
afterEach(() => {
  for (const repair of repairs.splice(0)) repair();
});

/** Replaces a method of a class until the end of the test; `own` is what it was. */
function plant<C, K extends keyof C>(prototype: C, method: K, broken: (own: C[K]) => C[K]): void {
  const own = prototype[method];
  prototype[method] = broken(own);
  repairs.push(() => {
    prototype[method] = own;
  });
}

/** The laws that the first scenario with a breach breaks. */
async function firstBreach(): Promise<string> {
  for (let number = 0; number < scenarios; number++) {
    const { broken } = await runSwarmScenario(drawScenario(number));
    if (broken.length > 0) return broken.join('\n');
  }
  return 'nothing was found';
}

/** True the `n`-th time it is asked. */
function nth(n: number): () => boolean {
  let asked = 0;
  return () => ++asked === n;
}

describe('the swarm finds a planted breach of each law', () => {
  it('conservation: a recipient that has ended and nobody noted it', async () => {
    const forgotten = nth(20);
    plant(RecipientLedger.prototype, 'end', (own) => {
      return function (this: RecipientLedger, serial, fate) {
        if (!forgotten()) own.call(this, serial, fate);
      };
    });
    expect(await firstBreach()).toMatch(/1 recipients are in no place/);
  });

  it('what a tier accepted has left it or is in it: a queue database that keeps what was handed on', async () => {
    const kept = nth(20);
    plant(QueueDatabases.prototype, 'release', (own) => {
      return function (this: QueueDatabases, copy) {
        if (!kept()) own.call(this, copy);
      };
    });
    expect(await firstBreach()).toMatch(
      /has accepted and not let go of \d+ bytes, but \d+ are in its queues/,
    );
  });

  it('nobody waits for who is idle: a categorizer that does not start again', async () => {
    plant(Station.prototype, 'start', () => () => {});
    expect(await firstBreach()).toMatch(
      /wait in the Submission queue of .*, its categorizer is idle|wait for the idle Mailbox Transport Submission/,
    );
  });

  it('nobody waits for who is idle: delivery queues that nobody tells that the service runs again', async () => {
    plant(DeliveryQueues.prototype, 'started', () => () => {});
    expect(await firstBreach()).toMatch(/has messages that wait, 0 sessions, and may open one/);
  });

  it('nobody waits for who is idle: outboxes that nobody opens when the database is mounted', async () => {
    plant(MailboxSubmission.prototype, 'release', () => () => {});
    expect(await firstBreach()).toMatch(/messages wait in outboxes of .*, which .* serves/);
  });

  it('stages add up: a wait that is booked 1 ms too long', async () => {
    const wrong = nth(20);
    plant(MessageStore.prototype, 'stageMs', (own) => {
      return function (this: MessageStore, copy) {
        const stageMs = own.call(this, copy);
        if (wrong()) stageMs[stageIndex.deliveryQueue]! += 1;
        return stageMs;
      };
    });
    expect(await firstBreach()).toMatch(/ms of deliveries are in no stage|its stages .* = /);
  });

  it("Little's law: a length that nobody was told of", async () => {
    const missed = nth(40);
    plant(QueueGauges.prototype, 'setLength', (own) => {
      return function (this: QueueGauges, id, atMs, length) {
        if (!missed()) own.call(this, id, atMs, length);
      };
    });
    expect(await firstBreach()).toMatch(/Little's law on/);
  });

  it('counts are rows: a row that is not counted', async () => {
    const missed = nth(10);
    plant(NamedCounts.prototype, 'add', (own) => {
      return function (this: NamedCounts, name, count) {
        if (!missed()) own.call(this, name, count);
      };
    });
    expect(await firstBreach()).toMatch(/: \d+ counted, \d+ in the table/);
  });

  it('nothing is stuck when all is repaired: a link that stays down', async () => {
    plant(Network.prototype, 'endLinkOutage', () => () => {});
    expect(await firstBreach()).toMatch(/long after all was repaired \d+ messages are in the queue/);
  });

  it('nothing is left over: a database that stays out', async () => {
    plant(DatabaseCopies.prototype, 'endOutage', () => () => {});
    expect(await firstBreach()).toMatch(/recipients are left over|long after all was repaired/);
  });

  it('the same seed gives the same bytes: service times that no stream draws', async () => {
    let draws = 0;
    plant(ServiceTimes.prototype, 'timeMs', () => () => draws++ % 7);
    // One in which something is sent.
    const scenario = Array.from({ length: scenarios }, (_, number) => drawScenario(number)).find(({ file }) =>
      file.includes('"arrivals"'),
    )!;
    const first = await runSwarmScenario(scenario);
    const second = await runSwarmScenario(scenario);
    expect(second.bytes).not.toBe(first.bytes);
  });
});
