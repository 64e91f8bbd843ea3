import { expect, test } from 'vitest';
import { counterStream, randomStreams } from './random-streams.js';

/** Critical values of chi-square at 99.9 %, printed: degrees of freedom 63 and 255. */
const chiSquare63 = 103.442;
const chiSquare255 = 330.52;

/** The chi-square statistic of counts that should be equal. */
function chiSquare(counts: ArrayLike<number>): number {
  const observed = Array.from(counts);
  const expected = observed.reduce((sum, count) => sum + count, 0) / observed.length;
  return observed.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Counts the values of `draw` in 64 cells, and the pairs of neighbouring values in 16 by 16. */
function countCells(draws: number, draw: (i: number) => number) {
  const cells = new Uint32Array(64);
  const pairs = new Uint32Array(256);
  let last = draw(0);
  for (let i = 1; i <= draws; i++) {
    const u = draw(i);
    cells[Math.floor(u * 64)]! += 1;
    pairs[Math.floor(last * 16) * 16 + Math.floor(u * 16)]! += 1;
    last = u;
  }
  return { cells, pairs };
}

test('a stream is made by seed, replication and name, and by nothing else', () => {
  const first = (seed: string, replication: number, name: string) => {
    const stream = randomStreams(seed, replication)(name);
    return [stream(), stream(), stream()];
  };
  expect(first('42', 0, 'arrivals')).toEqual(first('42', 0, 'arrivals'));
  const others = [first('42', 0, 'sizes'), first('42', 1, 'arrivals'), first('042', 0, 'arrivals')];
  for (const other of others) expect(other).not.toEqual(first('42', 0, 'arrivals'));
});

test('a stream does not depend on the draws of another', () => {
  const streams = randomStreams('42', 0);
  const alone = randomStreams('42', 0)('b');
  const a = streams('a');
  const b = streams('b');
  for (let i = 0; i < 100; i++) {
    a();
    expect(b()).toBe(alone());
  }
});

test('these are the numbers of seed 42, today and in every later version', () => {
  const stream = randomStreams('42', 0)('arrivals');
  expect([stream(), stream()]).toMatchInlineSnapshot(`
    [
      0.9948003242408744,
      0.048449204805196766,
    ]
  `);
  const service = counterStream('42', 0, 'service');
  expect([service(0, 0), service(1, 0), service(0, 1)]).toMatchInlineSnapshot(`
    [
      0.9877702312604689,
      0.46509619191628293,
      0.4610417334802791,
    ]
  `);
});

test('a stream is uniform, and so are its pairs of neighbours', () => {
  const stream = randomStreams('42', 0)('uniform');
  const { cells, pairs } = countCells(500_000, () => stream());
  expect(chiSquare(cells)).toBeLessThan(chiSquare63);
  expect(chiSquare(pairs)).toBeLessThan(chiSquare255);
});

test('the first draws of streams with neighbouring names and replications are uniform and independent', () => {
  const streams = randomStreams('42', 0);
  const byName = countCells(50_000, (i) => streams(`workload ${i}`)());
  const byReplication = countCells(50_000, (i) => randomStreams('42', i)('arrivals')());
  for (const { cells, pairs } of [byName, byReplication]) {
    expect(chiSquare(cells)).toBeLessThan(chiSquare63);
    expect(chiSquare(pairs)).toBeLessThan(chiSquare255);
  }
});

test('a counter stream has no memory: the same coordinates give the same number, in any order', () => {
  const draw = counterStream('42', 3, 'service');
  const forwards = Array.from({ length: 50 }, (_, i) => draw(i, i % 3));
  const backwards = Array.from({ length: 50 }, (_, i) => draw(49 - i, (49 - i) % 3)).reverse();
  expect(backwards).toEqual(forwards);
  expect(counterStream('42', 3, 'service')(7, 1)).toBe(draw(7, 1));
  expect(counterStream('42', 4, 'service')(7, 1)).not.toBe(draw(7, 1));
  expect(counterStream('42', 3, 'sizes')(7, 1)).not.toBe(draw(7, 1));
});

test.each<[string, (draw: (entity: number, stage: number) => number) => (i: number) => number]>([
  ['neighbouring entities', (draw) => (i) => draw(i, 0)],
  ['neighbouring stages', (draw) => (i) => draw(5, i)],
  ['the stages of neighbouring entities', (draw) => (i) => draw(i >> 3, i & 7)],
  ['entities in steps of a power of two', (draw) => (i) => draw(i * 4096, 1)],
])('a counter stream is uniform and independent over %s', (_, coordinates) => {
  const { cells, pairs } = countCells(500_000, coordinates(counterStream('42', 0, 'service')));
  expect(chiSquare(cells)).toBeLessThan(chiSquare63);
  expect(chiSquare(pairs)).toBeLessThan(chiSquare255);
});

test('the low digits of a counter stream are uniform too', () => {
  const draw = counterStream('42', 0, 'service');
  const { cells, pairs } = countCells(500_000, (i) => (draw(i, 0) * 2 ** 40) % 1);
  expect(chiSquare(cells)).toBeLessThan(chiSquare63);
  expect(chiSquare(pairs)).toBeLessThan(chiSquare255);
});

test('two streams, and two replications of one, are independent of each other', () => {
  const others = [counterStream('42', 0, 'sizes'), counterStream('42', 1, 'service')];
  const service = counterStream('42', 0, 'service');
  for (const other of others) {
    const { pairs } = countCells(500_000, (i) => (i % 2 === 0 ? service : other)(i >> 1, 0));
    expect(chiSquare(pairs)).toBeLessThan(chiSquare255);
  }
});

test('a counter stream stays strictly inside (0, 1), and flips half of its bits with one bit of a coordinate', () => {
  const draw = counterStream('42', 0, 'service');
  let flipped = 0;
  let bits = 0;
  for (let entity = 0; entity < 2000; entity++) {
    const u = draw(entity, 0);
    expect(u > 0 && u < 1).toBe(true);
    for (let bit = 0; bit < 31; bit++) {
      let difference = Math.trunc(u * 2 ** 32) ^ Math.trunc(draw(entity ^ (1 << bit), 0) * 2 ** 32);
      for (; difference !== 0; difference &= difference - 1) flipped += 1;
      bits += 32;
    }
  }
  // 1,984,000 fair coins: the share's standard deviation is 0.00035.
  expect(Math.abs(flipped / bits - 0.5)).toBeLessThan(0.002);
});
