import { tickMs } from '../kernel/index.js';
import { chain, grown, longerFloat64, longerUint16 } from './columns.js';
import { stages } from './observer.js';

/** The last stage has no column: it is what the others leave of the time until the present stage began. */
const lastStage = stages.length - 1;

/*
 * A record of 17 half words. Times of 32 bits, the lower half first: when the present stage began, when the copy was
 * queued, and the stages in which messages wait for long. Then the stages that last seconds, of 24 bits: their lower
 * halves, then the upper bytes, two in a half word.
 */
const queuedAt = 2;
const longStagesAt = 4;
const longStages: readonly number[] = [stages.indexOf('deliveryQueue'), stages.indexOf('retryWait')];
const shortStages: readonly number[] = stages.flatMap((_, stage) =>
  stage === lastStage || longStages.includes(stage) ? [] : [stage],
);
const lowAt = longStagesAt + 2 * longStages.length;
const highAt = lowAt + shortStages.length;
const recordLength = highAt + Math.ceil(shortStages.length / 2);
/** By stage: where it stands in a record. */
const placeOf = Int32Array.from(stages, (_, stage) =>
  longStages.includes(stage)
    ? longStagesAt + 2 * longStages.indexOf(stage)
    : lowAt + shortStages.indexOf(stage),
);

const halfWord = 2 ** 16;
/** The upper half of the first time in a record whose times stand in a long one, which the second has the number of. */
const isElsewhere = halfWord - 1;
/** A time that a record does not hold. */
const tooLong = isElsewhere * halfWord;
/** A stage of some seconds that it does not hold. */
const tooLongForShort = 2 ** 24;

// A long record, of doubles: the first two times, then all stages but the last.
const longQueuedAt = 1;
const longStageAt = 2;
const longLength = longStageAt + lastStage;

/**
 * The times of copies, exact: when the present stage began, when the copy entered the queue that holds it, and how long it has
 * been in each stage. All count in whole ticks of the clock (`tickMs`) from the submission of its message: a time is
 * smaller than the message is old. While that is younger than 69 minutes, and no stage but those of waiting in delivery queues
 * has lasted for 16 s, a copy takes 34 bytes; what becomes older has a long record, of doubles, from then on. Copies
 * are slots, as in `MessageStore`.
 */
export class CopyTimes {
  #records = new Uint16Array(0);
  #long = new Float64Array(0);
  #freeLong = -1;

  /** Makes room for `size` copies. */
  grow(size: number): void {
    this.#records = longerUint16(this.#records, size * recordLength);
  }

  /** A copy begins, with nothing booked; it has been queued now, too. */
  begin(copy: number, atTicks: number): void {
    const at = copy * recordLength;
    const records = this.#records;
    for (let place = 0; place < recordLength; place++) records[at + place] = 0;
    // Nearly always: a message's first copy begins with it.
    if (atTicks === 0) return;
    this.setQueued(copy, atTicks);
    if (this.#isLong(at)) this.#long[this.#longAt(at)] = atTicks;
    else this.#write(at, atTicks);
  }

  /** Gives a copy, which has begun, the times of another. */
  takeOver(copy: number, from: number): void {
    const records = this.#records;
    const at = copy * recordLength;
    const fromAt = from * recordLength;
    this.free(copy);
    for (let place = 0; place < recordLength; place++) records[at + place] = records[fromAt + place]!;
    if (!this.#isLong(fromAt)) return;
    const slot = this.#takeLong();
    const fromLong = this.#longAt(fromAt);
    this.#long.copyWithin(slot * longLength, fromLong, fromLong + longLength);
    this.#write(at + queuedAt, slot);
  }

  /** A copy has ended. */
  free(copy: number): void {
    const at = copy * recordLength;
    if (!this.#isLong(at)) return;
    const slot = this.#read(at + queuedAt);
    this.#long[slot * longLength] = this.#freeLong;
    this.#freeLong = slot;
    this.#write(at, 0);
  }

  /** When the present stage began. */
  entered(copy: number): number {
    const at = copy * recordLength;
    return this.#isLong(at) ? this.#long[this.#longAt(at)]! : this.#read(at);
  }

  /** When the copy was queued. */
  queued(copy: number): number {
    const at = copy * recordLength;
    return this.#isLong(at) ? this.#long[this.#longAt(at) + longQueuedAt]! : this.#read(at + queuedAt);
  }

  /** The copy is queued now, at `nowTicks`. */
  setQueued(copy: number, nowTicks: number): void {
    const at = copy * recordLength;
    if (nowTicks >= tooLong) this.#lengthen(at);
    if (this.#isLong(at)) this.#long[this.#longAt(at) + longQueuedAt] = nowTicks;
    else this.#write(at + queuedAt, nowTicks);
  }

  /** Books the time from the beginning of the present stage to `untilTicks` under `stage`; the next begins there. */
  charge(copy: number, stage: number, untilTicks: number): void {
    const records = this.#records;
    const at = copy * recordLength;
    const high = records[at + 1]!;
    if (untilTicks >= tooLong || high === isElsewhere) {
      this.#chargeLong(at, stage, untilTicks);
      return;
    }
    const ticks = untilTicks - (records[at]! + high * halfWord);
    if (stage !== lastStage) {
      const place = placeOf[stage]!;
      if (place < lowAt) {
        this.#write(at + place, this.#read(at + place) + ticks);
      } else if (ticks >= tooLongForShort || !this.#addShort(at, place - lowAt, ticks | 0)) {
        this.#chargeLong(at, stage, untilTicks);
        return;
      }
    }
    const until = untilTicks >>> 0;
    records[at] = until;
    records[at + 1] = until >>> 16;
  }

  /** Writes the time in each stage, in ms, to the beginning of `stageMs`. */
  read(copy: number, stageMs: Float64Array): void {
    const at = copy * recordLength;
    if (this.#isLong(at)) {
      this.#readLong(at, stageMs);
      return;
    }
    let last = this.#read(at);
    for (let stage = 0; stage < lastStage; stage++) {
      const place = placeOf[stage]!;
      const ticks = place < lowAt ? this.#read(at + place) : this.#short(at, place - lowAt);
      stageMs[stage] = ticks * tickMs;
      last -= ticks;
    }
    stageMs[lastStage] = last * tickMs;
  }

  #readLong(at: number, stageMs: Float64Array): void {
    const longAt = this.#longAt(at);
    let last = this.#long[longAt]!;
    for (let stage = 0; stage < lastStage; stage++) {
      const ticks = this.#long[longAt + longStageAt + stage]!;
      stageMs[stage] = ticks * tickMs;
      last -= ticks;
    }
    stageMs[lastStage] = last * tickMs;
  }

  #isLong(at: number): boolean {
    return this.#records[at + 1] === isElsewhere;
  }

  /** A time of 32 bits. */
  #read(place: number): number {
    return this.#records[place]! + this.#records[place + 1]! * halfWord;
  }

  #write(place: number, ticks: number): void {
    const word = ticks >>> 0;
    this.#records[place] = word;
    this.#records[place + 1] = word >>> 16;
  }

  /** A stage of the record at `at`, which is no long one. */
  #stage(at: number, stage: number): number {
    const place = placeOf[stage]!;
    return place < lowAt ? this.#read(at + place) : this.#short(at, place - lowAt);
  }

  /** A stage of 24 bits, by its place among them. */
  #short(at: number, short: number): number {
    const highs = this.#records[at + highAt + (short >> 1)]!;
    return this.#records[at + lowAt + short]! | (((highs >> ((short & 1) << 3)) & 0xff) << 16);
  }

  /** Adds to a stage of 24 bits; false, and nothing is changed, if they do not hold the sum. */
  #addShort(at: number, short: number, ticks: number): boolean {
    const records = this.#records;
    const highPlace = at + highAt + (short >> 1);
    const highs = records[highPlace]!;
    const shift = (short & 1) << 3;
    const sum = (records[at + lowAt + short]! | (((highs >> shift) & 0xff) << 16)) + ticks;
    if (sum >= tooLongForShort) return false;
    records[at + lowAt + short] = sum;
    records[highPlace] = (highs & (0xff00 >> shift)) | ((sum >> 16) << shift);
    return true;
  }

  #chargeLong(at: number, stage: number, untilTicks: number): void {
    this.#lengthen(at);
    const long = this.#long;
    const longAt = this.#longAt(at);
    if (stage !== lastStage) long[longAt + longStageAt + stage]! += untilTicks - long[longAt]!;
    long[longAt] = untilTicks;
  }

  #longAt(at: number): number {
    return this.#read(at + queuedAt) * longLength;
  }

  /** Gives the record at `at` a long one with the same times, if it has none. */
  #lengthen(at: number): void {
    if (this.#isLong(at)) return;
    const slot = this.#takeLong();
    const long = this.#long;
    const longAt = slot * longLength;
    long[longAt] = this.#read(at);
    long[longAt + longQueuedAt] = this.#read(at + queuedAt);
    for (let stage = 0; stage < lastStage; stage++)
      long[longAt + longStageAt + stage] = this.#stage(at, stage);
    this.#write(at, tooLong);
    this.#write(at + queuedAt, slot);
  }

  #takeLong(): number {
    if (this.#freeLong < 0) {
      const old = this.#long.length / longLength;
      const size = grown(old);
      this.#long = longerFloat64(this.#long, size * longLength);
      this.#freeLong = chain(this.#long, old, size, longLength);
    }
    const slot = this.#freeLong;
    this.#freeLong = this.#long[slot * longLength]!;
    return slot;
  }
}
