import { tickMs } from '../kernel/index.js';
import { chain, grown, longerFloat64, longerUint32 } from './columns.js';
import { stages } from './observer.js';

/** The last stage has no column: it is what the others leave of the time until the present stage began. */
const lastStage = stages.length - 1;
// A record: when the present stage began, when the copy was queued, and the stages but the last.
const queuedAt = 1;
const stagesAt = 2;
const recordLength = stagesAt + lastStage;
/** A time that 32 bits do not hold; in the first place of a record: the second has the number of a long record. */
const tooLong = 2 ** 32 - 1;

/**
 * The times of copies, exact: when the present stage began, when the copy entered the queue that holds it, and how long it has
 * been in each stage. All count in whole ticks of the clock (`tickMs`) from the submission of its message, in 32 bits: so a
 * time is smaller than the message is old, and all fit while it is younger than 70 minutes. What becomes older has a long
 * record, of doubles, from then on. Copies are slots, as in `MessageStore`.
 */
export class CopyTimes {
  #records = new Uint32Array(0);
  #long = new Float64Array(0);
  #freeLong = -1;

  /** Makes room for `size` copies. */
  grow(size: number): void {
    this.#records = longerUint32(this.#records, size * recordLength);
  }

  /** A copy begins, with nothing booked; it has been queued now, too. */
  begin(copy: number, atTicks: number): void {
    const at = copy * recordLength;
    const records = this.#records;
    for (let place = 0; place < recordLength; place++) records[at + place] = 0;
    // Nearly always: a message's first copy begins with it.
    if (atTicks === 0) return;
    this.setQueued(copy, atTicks);
    this.#setEntered(at, atTicks);
  }

  /** Gives a copy, which has begun, the times of another. */
  takeOver(copy: number, from: number): void {
    const records = this.#records;
    const at = copy * recordLength;
    const fromAt = from * recordLength;
    this.free(copy);
    for (let place = 0; place < recordLength; place++) records[at + place] = records[fromAt + place]!;
    if (records[fromAt] !== tooLong) return;
    const slot = this.#takeLong();
    const fromLong = records[fromAt + 1]! * recordLength;
    this.#long.copyWithin(slot * recordLength, fromLong, fromLong + recordLength);
    records[at + 1] = slot;
  }

  /** A copy has ended. */
  free(copy: number): void {
    const at = copy * recordLength;
    if (this.#records[at] !== tooLong) return;
    const slot = this.#records[at + 1]!;
    this.#long[slot * recordLength] = this.#freeLong;
    this.#freeLong = slot;
    this.#records[at] = 0;
  }

  /** When the present stage began. */
  entered(copy: number): number {
    const at = copy * recordLength;
    const ticks = this.#records[at]!;
    return ticks === tooLong ? this.#long[this.#longAt(at)]! : ticks;
  }

  /** When the copy was queued. */
  queued(copy: number): number {
    const at = copy * recordLength;
    const records = this.#records;
    return records[at] === tooLong ? this.#long[this.#longAt(at) + queuedAt]! : records[at + queuedAt]!;
  }

  /** The copy is queued now, at `nowTicks`. */
  setQueued(copy: number, nowTicks: number): void {
    const at = copy * recordLength;
    if (nowTicks >= tooLong) this.#lengthen(at);
    if (this.#records[at] === tooLong) this.#long[this.#longAt(at) + queuedAt] = nowTicks;
    else this.#records[at + queuedAt] = nowTicks;
  }

  /** Books the time from the beginning of the present stage to `untilTicks` under `stage`; the next begins there. */
  charge(copy: number, stage: number, untilTicks: number): void {
    const records = this.#records;
    const at = copy * recordLength;
    const entered = records[at]!;
    if (untilTicks >= tooLong || entered === tooLong) {
      this.#chargeLong(at, stage, untilTicks);
      return;
    }
    if (stage !== lastStage) records[at + stagesAt + stage]! += untilTicks - entered;
    records[at] = untilTicks;
  }

  /** Writes the time in each stage, in ms, to the beginning of `stageMs`. */
  read(copy: number, stageMs: Float64Array): void {
    const at = copy * recordLength;
    const isLong = this.#records[at] === tooLong;
    const times = isLong ? this.#long : this.#records;
    const timesAt = isLong ? this.#longAt(at) : at;
    let last = times[timesAt]!;
    for (let stage = 0; stage < lastStage; stage++) {
      const ticks = times[timesAt + stagesAt + stage]!;
      stageMs[stage] = ticks * tickMs;
      last -= ticks;
    }
    stageMs[lastStage] = last * tickMs;
  }

  #chargeLong(at: number, stage: number, untilTicks: number): void {
    this.#lengthen(at);
    const long = this.#long;
    const longAt = this.#longAt(at);
    if (stage !== lastStage) long[longAt + stagesAt + stage]! += untilTicks - long[longAt]!;
    long[longAt] = untilTicks;
  }

  #setEntered(at: number, ticks: number): void {
    if (this.#records[at] === tooLong) this.#long[this.#longAt(at)] = ticks;
    else this.#records[at] = ticks;
  }

  #longAt(at: number): number {
    return this.#records[at + 1]! * recordLength;
  }

  /** Gives the record at `at` a long one with the same times, if it has none. */
  #lengthen(at: number): void {
    const records = this.#records;
    if (records[at] === tooLong) return;
    const slot = this.#takeLong();
    const long = this.#long;
    for (let place = 0; place < recordLength; place++)
      long[slot * recordLength + place] = records[at + place]!;
    records[at] = tooLong;
    records[at + 1] = slot;
  }

  #takeLong(): number {
    if (this.#freeLong < 0) {
      const old = this.#long.length / recordLength;
      const size = grown(old);
      this.#long = longerFloat64(this.#long, size * recordLength);
      this.#freeLong = chain(this.#long, old, size, recordLength);
    }
    const slot = this.#freeLong;
    this.#freeLong = this.#long[slot * recordLength]!;
    return slot;
  }
}
