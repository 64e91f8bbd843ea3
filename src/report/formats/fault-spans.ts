/** A row of `faults.csv`. */
export interface FaultRow {
  readonly timeMs: number;
  readonly kind: string;
  readonly subject: string;
  readonly phase: string;
}

/** A fault from its beginning to its end. */
export interface FaultSpan {
  readonly kind: string;
  readonly subject: string;
  readonly fromMs: number;
  /** Undefined: it lasts to the end of the run. */
  readonly toMs: number | undefined;
}

/** The faults among rows in order of time, in the order in which they begin. */
export function faultSpans(faults: readonly FaultRow[]): readonly FaultSpan[] {
  const spans: { kind: string; subject: string; fromMs: number; toMs: number | undefined }[] = [];
  for (const { timeMs, kind, subject, phase } of faults) {
    if (phase === 'begin') {
      spans.push({ kind, subject, fromMs: timeMs, toMs: undefined });
    } else if (phase === 'end') {
      const open = spans.find(
        (each) => each.toMs === undefined && each.kind === kind && each.subject === subject,
      );
      if (open !== undefined) open.toMs = timeMs;
    }
  }
  return spans;
}
