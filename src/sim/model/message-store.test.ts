import { describe, expect, it } from 'vitest';
import { noEvent, randomStreams, tickMs } from '../kernel/index.js';
import { copyFlags, MessageStore, none, stageIndex } from './message-store.js';
import { type Stage, stages } from './observer.js';

type Draw = () => number;

/** A copy as one would write it down: a field for everything, times in doubles. */
interface ClearCopy {
  readonly message: number;
  readonly stageMs: number[];
  enteredMs: number;
  queuedMs: number;
  holder: number;
  attempts: number;
  crashes: number;
  timer: number;
  rows: number;
}

const fields = [
  'message',
  'enteredMs',
  'queuedMs',
  'holder',
  'attempts',
  'crashes',
  'timer',
  'rows',
] as const;
const dayMs = 86_400_000;
/** How much time passes from one thing to the next. */
const steps: Readonly<Record<string, (draw: Draw) => number>> = {
  'of milliseconds': (draw) => 20 * draw(),
  'of seconds': (draw) => 3_000 * draw(),
  'of milliseconds, and now and then of hours': (draw) => (draw() < 0.9 ? 5 * draw() : dayMs * draw() ** 3),
  'of days': (draw) => (draw() < 0.3 ? 0 : 3 * dayMs * draw()),
};

const onTick = (ms: number) => Math.round(ms / tickMs) * tickMs;

/** Holds all that a store says of a copy against the clear one. */
function compare(store: MessageStore, copy: number, clear: ClearCopy, submittedMs: number): void {
  const stageMs = store.stageMs(copy);
  const said = {
    message: store.copyMessage[copy]!,
    enteredMs: store.enteredMs(copy),
    queuedMs: store.queuedMs(copy),
    holder: store.holder(copy),
    attempts: store.attempts(copy),
    crashes: store.crashes(copy),
    timer: store.timer(copy),
    rows: store.rowCount(copy),
  };
  let restMs = said.enteredMs - submittedMs;
  let isSame = true;
  for (const [stage, ms] of clear.stageMs.entries()) {
    isSame &&= stageMs[stage] === ms;
    restMs -= ms;
  }
  for (const field of fields) isSame &&= said[field] === clear[field];
  // All is equal, and the law holds: no remainder.
  if (!isSame || restMs !== 0)
    expect({ ...said, stageMs: [...stageMs], restMs }).toEqual({ ...clear, restMs: 0 });
}

/** What a random history has met; a test that meets none of it would say little. */
interface Met {
  old: number;
  forks: number;
  oldForks: number;
  reused: number;
}

/** Does at random what the model does with copies, in a store and with clear copies, and compares them. */
function liveThrough(name: string, mostCopies: number, count: number): Met {
  const draw = randomStreams('message store', mostCopies)(name);
  const below = (limit: number) => Math.floor(draw() * limit);
  const store = new MessageStore(2);
  const copies: { readonly copy: number; readonly clear: ClearCopy }[] = [];
  const submittedMs = new Map<number, number>();
  const priorHops = new Map<number, number>();
  const seen = new Set<number>();
  const met: Met = { old: 0, forks: 0, oldForks: 0, reused: 0 };
  let nowMs = 0;
  const isOld = ({ message, enteredMs }: ClearCopy) => enteredMs - submittedMs.get(message)! > 4_194_304;
  const add = (copy: number, clear: ClearCopy) => {
    if (seen.has(copy)) met.reused++;
    seen.add(copy);
    copies.push({ copy, clear });
  };
  for (let step = 0; step < count; step++) {
    nowMs += onTick(steps[name]!(draw));
    const isRising = Math.floor(step / mostCopies / 10) % 2 === 0;
    const what = draw();
    const index = below(copies.length);
    const present = copies[index];
    if (present === undefined || (what < 0.1 && isRising && copies.length < mostCopies)) {
      const message = store.makeMessage('mail', 7, 2 ** 31, nowMs);
      submittedMs.set(message, nowMs);
      expect(store.facts(message)).toMatchObject({ submittedMs: nowMs, sizeBytes: 2 ** 31 });
      expect(store.priorHops(message)).toBe(0);
      priorHops.set(message, below(3));
      store.setPriorHops(message, priorHops.get(message)!);
      const usual = { holder: none, attempts: 0, crashes: 0, timer: noEvent, rows: 0 };
      const stageMs = Array.from({ length: stageIndex.count }, () => 0);
      const clear = { message, stageMs, enteredMs: nowMs, queuedMs: nowMs, ...usual };
      add(store.makeCopy(message, nowMs), clear);
      continue;
    }
    const { copy, clear } = present;
    if (isOld(clear)) met.old++;
    if (what < 0.15) {
      store.copyFlags[copy]! |= copyFlags.rerouted;
      const { stageMs, ...same } = clear;
      // A fork has no list, no rows and no event, and is queued when it is.
      const own = { holder: none, attempts: 0, crashes: 0, timer: noEvent, rows: 0 };
      met.forks++;
      if (isOld(clear)) met.oldForks++;
      const fork = store.forkCopy(copy);
      store.setQueued(fork, nowMs);
      add(fork, { ...same, ...own, stageMs: [...stageMs], queuedMs: nowMs });
    } else if (what < (isRising ? 0.2 : 0.4)) {
      compare(store, copy, clear, submittedMs.get(clear.message)!);
      store.setTimer(copy, noEvent);
      const { message } = clear;
      expect(store.hops(copy)).toBe(priorHops.get(message));
      for (let row = store.takeRows(copy); row !== none; ) {
        const next = store.rowNext[row]!;
        store.freeRow(row);
        row = next;
      }
      store.freeCopy(copy);
      copies[index] = copies[copies.length - 1]!;
      copies.pop();
      continue;
    } else if (what < 0.7) {
      const stage = below(stageIndex.count);
      clear.stageMs[stage]! += nowMs - clear.enteredMs;
      clear.enteredMs = nowMs;
      store.charge(copy, stage, nowMs);
    } else if (what < 0.8) {
      const stage = below(stageIndex.count);
      const partMs = onTick((nowMs - clear.enteredMs) * draw());
      clear.stageMs[stage]! += partMs;
      clear.enteredMs += partMs;
      store.chargePart(copy, stage, partMs);
    } else if (what < 0.88) {
      clear.queuedMs = nowMs;
      store.setQueued(copy, nowMs);
    } else if (what < 0.92) {
      clear.holder = below(4) + none;
      store.setHolder(copy, clear.holder);
      clear.timer = draw() < 0.5 ? noEvent : below(2 ** 52);
      store.setTimer(copy, clear.timer);
    } else if (what < 0.96) {
      clear.attempts = draw() < 0.5 ? 0 : clear.attempts + 1;
      store.setAttempts(copy, clear.attempts);
      clear.crashes = draw() < 0.5 ? 0 : clear.crashes + 1;
      store.setCrashes(copy, clear.crashes);
    } else {
      const rows = draw() < 0.9 ? 1 : 300;
      clear.rows += rows;
      for (let row = 0; row < rows; row++) store.linkRow(copy, store.makeRow(row));
    }
    compare(store, copy, clear, submittedMs.get(clear.message)!);
  }
  for (const { copy, clear } of copies) compare(store, copy, clear, submittedMs.get(clear.message)!);
  expect(store.copiesAlive).toBe(copies.length);
  expect(store.messagesAlive).toBe(new Set(copies.map(({ clear }) => clear.message)).size);
  return met;
}

describe.each(Object.keys(steps))('times against nine doubles a copy, steps %s', (name) => {
  it.each([3, 50, 2_000])('at most %d copies', (mostCopies) => {
    const met = liveThrough(name, mostCopies, 20_000);
    expect(met.forks).toBeGreaterThan(100);
    expect(met.reused).toBeGreaterThan(100);
    if (/hours|days/.test(name)) expect(Math.min(met.old, met.oldForks)).toBeGreaterThan(50);
  });
});

describe('times of messages at the ends of what a record holds', () => {
  const aboutTicks = (ticks: number) => [ticks - 2, ticks - 1, ticks, ticks + 1];
  const bordersTicks = [2 ** 16, 2 ** 24, 2 ** 32 - 2 ** 16, 2 ** 32].flatMap(aboutTicks);
  it.each(bordersTicks)('%d ticks since the submission, whole and in parts', (ticks) => {
    const store = new MessageStore(2);
    const startMs = 5 * dayMs + 3 * tickMs;
    const message = store.makeMessage('mail', 0, 1, startMs);
    const copy = store.makeCopy(message, startMs);
    const other = store.makeCopy(message, startMs + ticks * tickMs);
    store.charge(copy, stageIndex.retryWait, startMs + (ticks - 1) * tickMs);
    store.chargePart(copy, stageIndex.mailboxDelivery, tickMs);
    store.setQueued(copy, startMs + ticks * tickMs);
    for (const each of [copy, store.forkCopy(copy), other]) {
      expect(store.enteredMs(each)).toBe(startMs + ticks * tickMs);
    }
    expect(store.queuedMs(copy)).toBe(startMs + ticks * tickMs);
    expect([...store.stageMs(copy)]).toEqual([0, 0, 0, 0, 0, (ticks - 1) * tickMs, 0, 0, tickMs]);
  });
});

it.each(stages)('%s beside all other stages, at each length that ends a part of its place', (stage) => {
  for (const ticks of [1, 255, 256, 2 ** 16 - 1, 2 ** 16, 2 ** 24 - 1, 2 ** 24, 2 ** 25]) {
    const store = new MessageStore(2);
    const copy = store.makeCopy(store.makeMessage('mail', 0, 1, 0), 0);
    let nowTicks = 0;
    const charge = (each: Stage, by: number) => {
      nowTicks += by;
      store.charge(copy, stageIndex[each], nowTicks * tickMs);
    };
    for (const [place, each] of stages.entries()) if (each !== stage) charge(each, 40_000 + place);
    // By two steps, the second to the end.
    charge(stage, ticks - 1);
    charge(stage, 1);
    const expected = stages.map((each, place) => (each === stage ? ticks : 40_000 + place));
    expect([...store.stageMs(copy)].map((ms) => ms / tickMs)).toEqual(expected);
    expect(store.enteredMs(copy)).toBe(nowTicks * tickMs);
  }
});

it.each([32_768, 32_769])('holds the last of %d servers, however many copies there are', (servers) => {
  const store = new MessageStore(servers);
  const message = store.makeMessage('mail', 0, 1, 0);
  const copies = Array.from({ length: 3_000 }, () => store.makeCopy(message, 0));
  expect(store.copyServer[copies[2_999]!]).toBe(none);
  for (const copy of copies) store.copyServer[copy] = servers - 1;
  store.copyServer[store.forkCopy(copies[0]!)] = 0;
  expect(new Set(copies.map((copy) => store.copyServer[copy]))).toEqual(new Set([servers - 1]));
});

it('a message is kept until as many have let it go as keep it', () => {
  const store = new MessageStore(2);
  const [message, other] = [store.makeMessage('mail', 0, 1, 0), store.makeMessage('mail', 0, 1, 0)];
  const keepers = 2 ** 16 + 10;
  for (let n = 0; n < keepers; n++) store.keep(message);
  store.keep(other);
  for (let n = 0; n < 2_000; n++) store.makeMessage('mail', 0, 1, 0);
  for (let n = 1; n < keepers; n++) store.letGo(message);
  expect(store.makeMessage('mail', 0, 1, 0)).not.toBe(message);
  store.letGo(message);
  expect(store.makeMessage('mail', 0, 1, 0)).toBe(message);
  store.letGo(other);
  expect(store.makeMessage('mail', 0, 1, 0)).toBe(other);
});

it('large columns grow by a thirty-second, and keep what they have', () => {
  const store = new MessageStore(2);
  const message = store.makeMessage('mail', 0, 1, 0);
  const slots = 2 ** 16 + 1;
  for (let copy = 0; copy < slots; copy++) {
    store.charge(store.makeCopy(message, 0), stageIndex.accept, copy * tickMs);
  }
  expect(store.copyMessage.length).toBe(2 ** 16 * 1.03125);
  for (const copy of [0, 1, 1_023, 1_024, slots - 1]) {
    expect(store.stageMs(copy)[stageIndex.accept]).toBe(copy * tickMs);
  }
});
