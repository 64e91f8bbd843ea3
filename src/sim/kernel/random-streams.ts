import seedrandom from 'seedrandom';

const rounds = 4;

/** Uniform random numbers in [0, 1), 53 bits each. */
export type RandomStream = () => number;

/**
 * Random numbers by coordinates instead of in a row: the number of (entity, stage) is the same whenever and however
 * often it is asked for. So whatever else changes, an entity keeps its draws.
 * @param entity - a whole number of 32 bits
 * @param stage - a whole number of 32 bits: which of the entity's draws
 * @returns uniform in (0, 1), both excluded, 52 bits
 */
export type CounterStream = (entity: number, stage: number) => number;

/**
 * The random streams of one replication, by name: each its own generator, so a new consumer never shifts another's
 * draws. Asking twice for a name gives two generators with the same numbers.
 * @param seed - any text; `1` and `01` are two seeds
 */
export function randomStreams(seed: string, replication: number): (name: string) => RandomStream {
  return (name) => generator(seed, replication, name).double;
}

/**
 * The counter stream of a name: a Feistel cipher of four rounds over (entity, stage), its keys drawn from the
 * stream of that name. Being a permutation it gives no two coordinates the same 64 bits; the round function is
 * Wellons' `lowbias32`. Holds no state but the keys.
 */
export function counterStream(seed: string, replication: number, name: string): CounterStream {
  const prng = generator(seed, replication, name);
  const keys = Int32Array.from({ length: rounds }, () => prng.int32());
  return (entity, stage) => {
    let left = entity | 0;
    let right = stage | 0;
    for (let round = 0; round < rounds; round++) {
      let x = right ^ keys[round]!;
      x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
      x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
      x ^= left ^ (x >>> 16);
      left = right;
      right = x;
    }
    // 52 bits and a half: a 53rd would let the largest round up to 1.
    return ((left >>> 6) * 2 ** 26 + (right >>> 6) + 0.5) * 2 ** -52;
  };
}

function generator(seed: string, replication: number, name: string): seedrandom.PRNG {
  return seedrandom.alea(`${seed}/${replication}/${name}`);
}
