/** Of the doubles of an event's record: the number that orders it among those of its instant. The first is the time. */
export const orderNumber = 1;

/** A row of buckets of the ladder. The bucket of an event is (its time - start) * scale, if that is a number. */
export class LadderRung {
  startMs = 0.5;
  /** Buckets per ms; Infinity in a rung of one instant, for which that expression is none at the instant itself … */
  scale = 0.5;
  /** … where it is (its order number - orderStart) * orderScale. */
  orderStart = 0.5;
  orderScale = 0.5;
  /** Its buckets lie in the row of all buckets from `first` to before `end`; those before `next` have been taken. */
  first = 0;
  next = 0;
  end = 0;

  /**
   * The expression that the order of all events hangs on: never falls as they come later. What is later than the rung
   * gets its last bucket, what is earlier the one before its first.
   * @param numbers - the doubles of all records, four each
   */
  bucketOf(slot: number, atMs: number, numbers: Float64Array): number {
    let position = (atMs - this.startMs) * this.scale;
    if (!(position >= 0)) {
      if (position < 0) return this.first - 1;
      position = (numbers[(slot << 2) + orderNumber]! - this.orderStart) * this.orderScale;
      if (position < 0) return this.first - 1;
    }
    return position < this.end - this.first ? this.first + (position | 0) : this.end - 1;
  }
}
