import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { silent } from './silent-observer.js';
import { deterministicHardware, run } from './small-organization.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/**
 * JavaScript heap and typed arrays; the ledger's byte a recipient is in the latter. What a collection frees besides it may
 * be counted only by a later one: it takes several, with turns of the event loop between them, until nothing goes any more.
 */
async function usedBytes(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let unchanged = 0; unchanged < 3; ) {
    collectGarbage();
    await setImmediate();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    if (heapUsed + arrayBuffers < least) {
      least = heapUsed + arrayBuffers;
      unchanged = 0;
    } else unchanged++;
  }
  return least;
}

describe('the model in a steady state', () => {
  it('allocates next to nothing: the heap grows by less than 1 MB over a million events', async () => {
    const { simulation, model } = run(
      {
        links: { 'A-B': { cost: 10, latencyMs: 5 } },
        servers: { A1: 'A', A2: 'A', B1: 'B' },
        dags: { DAG1: ['A1', 'A2'] },
        databases: { DB1: ['A1', 'A2'], DB2: ['B1'] },
        mailboxes: { a: 'DB1', b: 'DB2' },
        connectors: [{ name: 'Internet', sourceServers: ['B1'] }],
      },
      deterministicHardware,
      silent,
    );
    const a = model.addressBook.intern('a@contoso.com');
    const b = model.addressBook.intern('b@contoso.com');
    const outside = model.addressBook.intern('x@out.example');
    const recipients = Int32Array.of(a, b, outside);
    // 10 messages a second of three recipients each, of which a mailbox can take 12.5; about 27 events a message.
    const kind = simulation.addKind((turn) => {
      model.submit(turn % 2 === 0 ? a : outside, recipients, 3, 50_000);
      simulation.schedule(100, kind, turn ^ 1);
    });
    simulation.schedule(0, kind, 0);
    const runEvents = (events: number) => {
      const until = simulation.eventsExecuted + events;
      while (simulation.eventsExecuted < until) simulation.runUntil(simulation.nowMs + 10_000);
    };
    runEvents(500_000);
    const before = await usedBytes();
    runEvents(1_000_000);
    const grownBytes = (await usedBytes()) - before;
    expect(model.audit().alive).toBeLessThan(500);
    expect(grownBytes).toBeLessThan(1_048_576);
  });
});
