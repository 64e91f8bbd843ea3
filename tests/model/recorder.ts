import type {
  AttemptOutcome,
  EndKind,
  FaultPhase,
  LossCause,
  MessageFacts,
  MessageKind,
  NdrReason,
  PressureLevel,
  PressureResource,
  QueueStatus,
  RedirectCause,
  RetryStage,
  TransportObserver,
} from '../../src/sim/model/index.js';
import { stages } from '../../src/sim/model/index.js';

export interface EndedRow {
  readonly atMs: number;
  readonly end: EndKind;
  readonly message: number;
  readonly kind: MessageKind;
  readonly submittedMs: number;
  readonly recipient: number;
  readonly server: number;
  readonly hops: number;
  readonly stageMs: Readonly<Record<string, number>>;
  readonly code: string | null;
  readonly text: string | null;
  readonly rule: string | null;
}

/** Keeps every fact of a run, for tests of small ones. */
export class Recorder implements TransportObserver {
  readonly ended_: EndedRow[] = [];
  readonly submitted_: { atMs: number; message: number; kind: MessageKind; recipients: number }[] = [];
  readonly redirects: { atMs: number; message: number; server: number; believed: number; active: number }[] =
    [];
  readonly fallbacks: {
    atMs: number;
    message: number;
    server: number;
    tier: number;
    reason: string;
    site: number;
    acceptedBy: number;
  }[] = [];
  readonly attempts: {
    startMs: number;
    queue: number;
    attempt: number;
    stage: RetryStage;
    outcome: AttemptOutcome;
    durationMs: number;
  }[] = [];
  readonly delayNotices: { atMs: number; message: number }[] = [];
  readonly resubmissions: { atMs: number; queue: number; cause: string; messages: number }[] = [];
  readonly statuses: { atMs: number; queue: number; status: QueueStatus }[] = [];
  readonly linkBytes = new Map<number, number>();
  relays = 0;
  readonly hops: { atMs: number; from: number; to: number }[] = [];
  expandedNet = 0;
  categorized_ = 0;

  submitted(atMs: number, { message, kind }: MessageFacts, recipients: number): void {
    this.submitted_.push({ atMs, message, kind, recipients });
  }
  expanded(_atMs: number, _message: MessageFacts, net: number): void {
    this.expandedNet += net;
  }
  ended(
    atMs: number,
    end: EndKind,
    { message, kind, submittedMs }: MessageFacts,
    recipient: number,
    server: number,
    hops: number,
    stageMs: Float64Array,
    offset: number,
    reason: NdrReason | null,
  ): void {
    const split = Object.fromEntries(stages.map((stage, index) => [stage, stageMs[offset + index]!]));
    this.ended_.push({
      atMs,
      end,
      message,
      kind,
      submittedMs,
      recipient,
      server,
      hops,
      stageMs: split,
      code: reason?.code ?? null,
      text: reason?.text ?? null,
      rule: reason?.rule ?? null,
    });
  }
  readonly duplicates: { atMs: number; message: number; recipient: number; isDropped: boolean }[] = [];
  readonly losses: { atMs: number; message: number; recipient: number; cause: LossCause }[] = [];
  readonly acceptances: { atMs: number; server: number; hasShadow: boolean }[] = [];
  readonly shadowEnds: { atMs: number; server: number; isPromoted: boolean }[] = [];
  duplicated(atMs: number, { message }: MessageFacts, recipient: number, isDropped: boolean): void {
    this.duplicates.push({ atMs, message, recipient, isDropped });
  }
  lost(atMs: number, { message }: MessageFacts, recipient: number, cause: LossCause): void {
    this.losses.push({ atMs, message, recipient, cause });
  }
  /** What a server has acknowledged, or promoted, and nobody else has a copy of. */
  readonly unshadowed: { atMs: number; server: number; message: number }[] = [];
  shadowed(atMs: number, server: number, hasShadow: boolean, message: number, isPromoted: boolean): void {
    if (!hasShadow) this.unshadowed.push({ atMs, server, message });
    if (!isPromoted) this.acceptances.push({ atMs, server, hasShadow });
  }
  readonly unshadowedRefusals: { atMs: number; server: number }[] = [];
  refusedUnshadowed(atMs: number, server: number): void {
    this.unshadowedRefusals.push({ atMs, server });
  }
  shadowEnded(atMs: number, server: number, isPromoted: boolean): void {
    this.shadowEnds.push({ atMs, server, isPromoted });
  }
  categorized(): void {
    this.categorized_++;
  }
  relayed(atMs: number, from: number, to: number): void {
    this.relays++;
    this.hops.push({ atMs, from, to });
  }
  delayNotice(atMs: number, { message }: MessageFacts): void {
    this.delayNotices.push({ atMs, message });
  }
  redirected(
    atMs: number,
    { message }: MessageFacts,
    _recipient: number,
    server: number,
    _database: number,
    believed: number,
    active: number,
    _cause: RedirectCause,
  ): void {
    this.redirects.push({ atMs, message, server, believed, active });
  }
  fallenBack(
    atMs: number,
    { message }: MessageFacts,
    server: number,
    _nextHopDomain: string,
    tier: number,
    reason: string,
    site: number,
    acceptedBy: number,
  ): void {
    this.fallbacks.push({ atMs, message, server, tier, reason, site, acceptedBy });
  }
  attempted(
    startMs: number,
    queue: number,
    attempt: number,
    stage: RetryStage,
    outcome: AttemptOutcome,
    durationMs: number,
  ): void {
    this.attempts.push({ startMs, queue, attempt, stage, outcome, durationMs });
  }
  resubmitted(atMs: number, queue: number, cause: string, messages: number): void {
    this.resubmissions.push({ atMs, queue, cause, messages });
  }
  readonly databaseBytes = new Map<number, number>();
  queueDatabaseBytes(_atMs: number, server: number, bytes: number): void {
    this.databaseBytes.set(server, bytes);
  }
  leftQueue(): void {}
  leftSubmissionQueue(): void {}
  queueLength(): void {}
  queueStatus(atMs: number, queue: number, status: QueueStatus): void {
    this.statuses.push({ atMs, queue, status });
  }
  submissionQueueLength(): void {}
  readonly shadowQueueLengths = new Map<number, number>();
  shadowQueueLength(_atMs: number, queue: number, length: number): void {
    this.shadowQueueLengths.set(queue, length);
  }
  linkUsed(_atMs: number, link: number, bytes: number): void {
    this.linkBytes.set(link, (this.linkBytes.get(link) ?? 0) + bytes);
  }
  readonly faults: { atMs: number; kind: string; subject: string; phase: FaultPhase }[] = [];
  readonly refusals: { atMs: number; server: number }[] = [];
  readonly tarpits: { atMs: number; server: number; waitMs: number }[] = [];
  readonly pressures: { atMs: number; server: number; resource: PressureResource; level: PressureLevel }[] =
    [];
  refused(atMs: number, server: number): void {
    this.refusals.push({ atMs, server });
  }
  tarpitted(atMs: number, server: number, waitMs: number): void {
    this.tarpits.push({ atMs, server, waitMs });
  }
  pressure(atMs: number, server: number, resource: PressureResource, level: PressureLevel): void {
    this.pressures.push({ atMs, server, resource, level });
  }
  fault(atMs: number, kind: string, subject: string, phase: FaultPhase): void {
    this.faults.push({ atMs, kind, subject, phase });
  }
}
