import { expect, test } from 'vitest';
import { type Delivery, DeliveryLog } from './delivery-log.js';

/** A delivery whose fields follow from its number: to one recipient, to several, with an envelope or without. */
function delivery(n: number, envelopes: readonly (readonly number[])[]): Delivery {
  return {
    message: n + 1,
    sender: (n % 7) - 1,
    sizeBytes: 3_000_000_000 + n,
    deliveredMs: n / 1_024,
    database: n % 5,
    primary: n % 3,
    shadow: (n % 4) - 1,
    hops: n % 500,
    priority: n % 3,
    recipients: Array.from({ length: n % 11 === 0 ? 4 : 1 }, (_, place) => n + place),
    envelope: n % 2 === 0 ? null : envelopes[n % envelopes.length]!,
  };
}

const envelopes = [[9], [1, 2, 3], Array.from({ length: 5_000 }, (_, n) => n), [2_000_000_000]];

function taken(log: DeliveryLog, database: number, afterMs: number, again = false): Delivery[] {
  const found: Delivery[] = [];
  log.take(database, afterMs, (each, isAgain) => {
    if (isAgain === again) found.push(each);
  });
  return found;
}

test.each([
  ['few', 4, 5],
  ['more than two bytes hold', 70_000, 70_000],
])(
  'what was noted is taken as it was, in order, and once: %s servers and databases',
  (_, servers, databases) => {
    const log = new DeliveryLog(servers, databases);
    log.keepFor(1_000_000);
    const all = Array.from({ length: 20_000 }, (__, n) => delivery(n, envelopes));
    for (const each of all) log.append(each);
    expect(log.length).toBe(20_000);
    const afterMs = 10_000 / 1_024;
    const window = all.filter(({ database, deliveredMs }) => database === 2 && deliveredMs > afterMs);
    expect(taken(log, 2, afterMs)).toEqual(window);
    expect(taken(log, 2, afterMs)).toEqual([]);
    expect(taken(log, 2, afterMs, true)).toEqual(window);
    const rest = all.filter((each) => each.database === 2 && !window.includes(each));
    expect(taken(log, 2, -1)).toEqual(rest);
    expect(taken(log, 3, -1)).toEqual(all.filter(({ database }) => database === 3));
  },
);

test('shadow copies that are made anew are noted as deliveries of the same at that time', () => {
  const log = new DeliveryLog(4, 5);
  log.keepFor(1_000_000);
  const all = Array.from({ length: 10_000 }, (_, n) => delivery(n, envelopes));
  for (const each of all) log.append(each);
  const to = new Map(all.filter(({ message }) => message % 2 === 0).map(({ message }) => [message, 3]));
  log.renewShadows(1, 2, to, 50);
  const anew = all.filter(
    ({ primary, shadow, message, database }) =>
      primary === 1 && shadow === 2 && message % 2 === 0 && database === 2,
  );
  expect(anew.length).toBeGreaterThan(10);
  expect(taken(log, 2, 20, true)).toEqual(anew.map((each) => ({ ...each, deliveredMs: 50, shadow: 3 })));
  expect(taken(log, 2, -1)).toEqual(all.filter(({ database }) => database === 2));
});

test('servers and databases may be any there are', () => {
  const log = new DeliveryLog(70_000, 80_000);
  const far = { ...delivery(1, envelopes), primary: 69_999, shadow: 69_998, database: 79_999 };
  log.append(far);
  expect(taken(log, 79_999, 0)).toEqual([far]);
});

test('what nobody may ask for any more goes, what somebody may stays', () => {
  const log = new DeliveryLog(4, 5);
  const keptMs = 10_000 / 1_024;
  log.keepFor(keptMs);
  for (let n = 0; n < 100_000; n++) log.append(delivery(n, envelopes));
  // In whole blocks: some more than are asked for.
  expect(log.length).toBeGreaterThan(10_000);
  expect(log.length).toBeLessThan(20_000);
  const lastMs = 99_999 / 1_024;
  expect(taken(log, 4, lastMs - keptMs)).toHaveLength(2_000);
});

test('another delivery of what is noted already is never taken as the first', () => {
  const log = new DeliveryLog(4, 5);
  log.append(delivery(2, envelopes));
  log.append(delivery(7, envelopes), true);
  const found: [number, boolean][] = [];
  log.take(2, -1, ({ message }, isAgain) => found.push([message, isAgain]));
  expect(found).toEqual([
    [3, false],
    [8, true],
  ]);
});
