import type { Topology } from '../../topology/index.js';
import { type EventHandle, noEvent, type Simulation } from '../kernel/index.js';
import { longerFloat64 } from './columns.js';
import { FlowGroup } from './flow-group.js';
import { HeapColumns, IndexedHeap } from './indexed-heap.js';
import type { Network } from './network.js';

/** Told what becomes of a flow, which is over by then. */
export interface FlowOwner {
  /** All its bytes have left the sender. */
  flowEnded(flow: number): void;
  /** Its sites were parted. */
  flowBroken(flow: number): void;
}

const bitsPerByteAndMsPerSecond = 8_000;
const ticksPerMs = 1_024;
/** A flow that rounding leaves so short of its last byte has ended: a quarter of a nanosecond. */
const toleranceTicks = 2 ** -12;
/** What would end later than this ends never: half the time that the clock can show. */
const neverMs = 2 ** 42;

/** The Mathis formula: a connection's rate is at most MSS / RTT * C / sqrt(p), with C = sqrt(3/2). */
const segmentBytes = 1_460;
const mathisConstant = Math.sqrt(1.5);

/**
 * Transfers over site links that have a bandwidth or lose packets. A flow crosses all links of the cheapest chain
 * that is up, at the rate of the smallest equal share of them: bandwidth by the flows on the link, both directions
 * together (assumption A-bandwidth-shares); what it cannot use of a larger share stays unused. Loss bounds the rate of
 * each flow by itself (assumption A-loss-mathis). A flow ends at the first tick at which all its bytes have crossed.
 *
 * Flows between the same two sites have the same rate at any time, whatever begins and ends: they are one group,
 * with one clock that counts the bytes each of them has been served, and a flow ends when that clock reaches a mark
 * that never moves. So no rounding adds up, and a change touches groups, not flows; one event stands for whatever
 * ends next.
 *
 * Flows may be many: they are entries of heaps with common columns (`IndexedHeap`), a heap a group, by their marks. Groups
 * are few, as many as pairs of sites that send: they are objects, and one more heap has them by when the first of each
 * ends. Links are columns. What a link has carried is not counted flow by flow, but reckoned from the clocks of its groups
 * when somebody asks.
 */
export class LinkFlows {
  readonly #simulation: Simulation;
  readonly #network: Network;
  readonly #wakeKind: number;
  #owner: FlowOwner | undefined;

  /** The flows' marks on their group's clock. */
  readonly #flows = new HeapColumns();
  /** By flow: its group, or null; the bytes it has to carry, and where the group's clock stood, when it came to its chain. */
  readonly #groupOf: (FlowGroup | null)[] = [];
  #bytes = new Float64Array(0);
  #startedAt = new Float64Array(0);
  #flowsBegun = 0;

  readonly #groups: FlowGroup[] = [];
  /** By the site at the one end, then by the one at the other. */
  readonly #groupOfPair: (FlowGroup | undefined)[][];
  /** Groups with flows, by when the next of each ends. */
  readonly #dueColumns = new HeapColumns();
  readonly #due = new IndexedHeap(this.#dueColumns);
  #wake: EventHandle = noEvent;
  #wakeAtMs = Number.POSITIVE_INFINITY;

  // By link.
  readonly #bytesPerMs: Float64Array;
  readonly #flowCount: Int32Array;
  /** Groups that have flows on it. */
  readonly #groupsOn: FlowGroup[][];
  /** Bytes of groups that have left it, and of those on it until they came to it. */
  readonly #bookedBytes: Float64Array;
  /** Busy time until the bandwidth last changed, and the bytes that had crossed then. */
  readonly #busyMs: Float64Array;
  readonly #bytesAtChange: Float64Array;

  /** Flows that have just ended; kept, lest each event make a list. */
  readonly #ended: number[] = [];

  constructor(simulation: Simulation, topology: Topology, network: Network) {
    this.#simulation = simulation;
    this.#network = network;
    this.#groupOfPair = topology.sites.map(() => []);
    const links = topology.siteLinks.length;
    this.#bytesPerMs = network.conditions.bandwidthBitsPerSecond.map(
      (bits) => bits / bitsPerByteAndMsPerSecond,
    );
    this.#flowCount = new Int32Array(links);
    this.#groupsOn = topology.siteLinks.map(() => []);
    this.#bookedBytes = new Float64Array(links);
    this.#busyMs = new Float64Array(links);
    this.#bytesAtChange = new Float64Array(links);
    this.#wakeKind = simulation.addKind(() => this.#nextEnds());
    network.onChange(() => this.#networkChanged());
  }

  /** Gives the one that is told what becomes of flows. */
  attach(owner: FlowOwner): void {
    this.#owner = owner;
  }

  /**
   * Begins to carry `bytes` between two sites, which are connected.
   * @param flow - the caller's number for it, small; of no flow that is under way
   */
  begin(flow: number, from: number, to: number, bytes: number): void {
    const group = this.#groupFor(from, to);
    if (group.flows.size === 0) this.#open(group);
    group.settle(this.#simulation.nowMs);
    this.#reserve(flow);
    this.#groupOf[flow] = group;
    this.#bytes[flow] = bytes;
    this.#startedAt[flow] = group.servedBytes;
    group.startedSum += group.servedBytes;
    group.flows.push(flow, group.servedBytes + bytes, this.#flowsBegun++);
    this.#addToLinks(group, 1);
    this.#setDue(group);
    this.#reschedule();
  }

  /** Gives up a flow that is under way; what it has carried stays counted. */
  giveUp(flow: number): void {
    const group = this.#groupOf[flow]!;
    group.settle(this.#simulation.nowMs);
    this.#forget(flow, group, false);
    group.flows.remove(flow);
    this.#leave(group, 1);
    this.#reschedule();
  }

  /** Bytes that have crossed a link until now, of flows that are under way, too. */
  carriedBytes(link: number): number {
    const { nowMs } = this.#simulation;
    let bytes = this.#bookedBytes[link]!;
    for (const group of this.#groupsOn[link]!) bytes += group.carriedBytes(nowMs);
    return bytes;
  }

  /** How long a link would have been busy until now had it always carried its full bandwidth; unlimited it is never. */
  busyMs(link: number): number {
    return (
      this.#busyMs[link]! + (this.carriedBytes(link) - this.#bytesAtChange[link]!) / this.#bytesPerMs[link]!
    );
  }

  #groupFor(from: number, to: number): FlowGroup {
    const groups = this.#groupOfPair[from]!;
    const known = groups[to];
    if (known !== undefined) return known;
    const group = new FlowGroup(this.#groups.length, from, to, this.#flows);
    this.#dueColumns.reserve(group.id);
    this.#groups.push(group);
    // Without holes, which would make a look-up a search.
    while (groups.length <= to) groups.push(undefined);
    groups[to] = group;
    return group;
  }

  /** A group gets its first flow. */
  #open(group: FlowGroup): void {
    group.reset(this.#simulation.nowMs);
    this.#enterChain(group);
    this.#due.push(group.id, Number.POSITIVE_INFINITY, group.id);
  }

  #enterChain(group: FlowGroup): void {
    group.links = this.#network.linksBetween(group.from, group.to);
    group.capBytesPerMs = this.#capOf(group);
    for (const link of group.links) this.#groupsOn[link]!.push(group);
  }

  /** Books what the group has carried to the links it leaves. */
  #leaveChain(group: FlowGroup): void {
    const carried = group.carriedBytes(this.#simulation.nowMs);
    for (const link of group.links) {
      this.#bookedBytes[link]! += carried;
      const groups = this.#groupsOn[link]!;
      const last = groups.pop()!;
      if (last !== group) groups[groups.indexOf(group)] = last;
    }
  }

  /** So many flows have left a group, whose clock stands at now: the others get more. */
  #leave(group: FlowGroup, flows: number): void {
    if (group.flows.size === 0) {
      this.#due.remove(group.id);
      this.#leaveChain(group);
    }
    this.#addToLinks(group, -flows);
    if (group.flows.size > 0) this.#setDue(group);
  }

  #addToLinks(group: FlowGroup, flows: number): void {
    for (const link of group.links) this.#flowCount[link]! += flows;
    this.#refresh(group);
    for (const link of group.links) {
      if (this.#bytesPerMs[link] === Number.POSITIVE_INFINITY) continue;
      for (const each of this.#groupsOn[link]!) if (each !== group) this.#refresh(each);
    }
  }

  /** Reckons the rate of a group's flows anew. */
  #refresh(group: FlowGroup): void {
    let bytesPerMs = group.capBytesPerMs;
    for (const link of group.links) {
      const share = this.#bytesPerMs[link]! / this.#flowCount[link]!;
      if (share < bytesPerMs) bytesPerMs = share;
    }
    if (bytesPerMs === group.bytesPerMs || group.flows.size === 0) return;
    group.settle(this.#simulation.nowMs);
    group.bytesPerMs = bytesPerMs;
    this.#setDue(group);
  }

  #setDue(group: FlowGroup): void {
    const dueMs = group.settledMs + this.#ticksLeft(group) / ticksPerMs;
    this.#due.update(group.id, dueMs < neverMs ? dueMs : Number.POSITIVE_INFINITY);
  }

  /** From where the group's clock stands to the end of its next flow; 0 or less: it has ended. */
  #ticksLeft(group: FlowGroup): number {
    if (group.bytesPerMs === Number.POSITIVE_INFINITY) return 0;
    const bytes = this.#flows.key[group.flows.first!]! - group.servedBytes;
    return Math.max(0, Math.ceil((bytes / group.bytesPerMs) * ticksPerMs - toleranceTicks));
  }

  #reschedule(): void {
    const next = this.#due.first;
    const atMs = next === undefined ? Number.POSITIVE_INFINITY : this.#dueColumns.key[next]!;
    if (atMs === this.#wakeAtMs) return;
    this.#simulation.cancel(this.#wake);
    this.#wakeAtMs = atMs;
    this.#wake =
      atMs === Number.POSITIVE_INFINITY
        ? noEvent
        : this.#simulation.scheduleAt(Math.max(atMs, this.#simulation.nowMs), this.#wakeKind, 0);
  }

  /** One or more flows have carried their last byte. */
  #nextEnds(): void {
    const { nowMs } = this.#simulation;
    const ended = this.#ended;
    let count = 0;
    this.#wake = noEvent;
    this.#wakeAtMs = Number.POSITIVE_INFINITY;
    for (;;) {
      const next = this.#due.first;
      if (next === undefined || this.#dueColumns.key[next]! > nowMs) break;
      const group = this.#groups[next]!;
      group.settle(nowMs);
      let left = 0;
      while (group.flows.size > 0 && this.#ticksLeft(group) === 0) {
        const flow = group.flows.first!;
        this.#forget(flow, group, true);
        group.flows.remove(flow);
        ended[count++] = flow;
        left++;
      }
      if (left > 0) this.#leave(group, left);
      else this.#setDue(group);
    }
    this.#reschedule();
    for (let place = 0; place < count; place++) this.#owner!.flowEnded(ended[place]!);
  }

  /** Books what a flow has carried, and forgets it; the caller takes it from the group's heap. */
  #forget(flow: number, group: FlowGroup, hasEnded: boolean): void {
    const bytes = this.#bytes[flow]!;
    const startedAt = this.#startedAt[flow]!;
    group.endedBytes += hasEnded ? bytes : Math.min(bytes, group.servedBytes - startedAt);
    group.startedSum -= startedAt;
    this.#groupOf[flow] = null;
  }

  #networkChanged(): void {
    const { nowMs } = this.#simulation;
    const broken: number[] = [];
    for (const group of this.#groups) if (group.flows.size > 0) group.settle(nowMs);
    this.#takeBandwidths();
    for (const group of this.#groups) {
      if (group.flows.size === 0) continue;
      if (!this.#network.connected(group.from, group.to)) this.#break(group, broken);
      else this.#follow(group);
    }
    for (const group of this.#groups) if (group.flows.size > 0) this.#refresh(group);
    this.#reschedule();
    for (const flow of broken) this.#owner!.flowBroken(flow);
  }

  #takeBandwidths(): void {
    const { bandwidthBitsPerSecond } = this.#network.conditions;
    for (let link = 0; link < bandwidthBitsPerSecond.length; link++) {
      const bytesPerMs = bandwidthBitsPerSecond[link]! / bitsPerByteAndMsPerSecond;
      if (bytesPerMs === this.#bytesPerMs[link]) continue;
      this.#busyMs[link] = this.busyMs(link);
      this.#bytesAtChange[link] = this.carriedBytes(link);
      this.#bytesPerMs[link] = bytesPerMs;
    }
  }

  #break(group: FlowGroup, broken: number[]): void {
    const flows = group.flows.entries.toSorted((a, b) => this.#flows.order[a]! - this.#flows.order[b]!);
    for (const flow of flows) {
      this.#forget(flow, group, false);
      broken.push(flow);
    }
    group.flows.clear();
    this.#due.remove(group.id);
    this.#leaveChain(group);
    for (const link of group.links) this.#flowCount[link]! -= flows.length;
  }

  /** Takes a group over to the chain that is the cheapest now, with what its flows have still to carry. */
  #follow(group: FlowGroup): void {
    const links = this.#network.linksBetween(group.from, group.to);
    const same =
      links.length === group.links.length && links.every((link, index) => link === group.links[index]);
    if (same) {
      group.capBytesPerMs = this.#capOf(group);
      return;
    }
    this.#leaveChain(group);
    for (const link of group.links) this.#flowCount[link]! -= group.flows.size;
    group.beginCount();
    for (const flow of group.flows.entries) {
      this.#bytes[flow]! -= group.servedBytes - this.#startedAt[flow]!;
      this.#startedAt[flow] = group.servedBytes;
    }
    this.#enterChain(group);
    for (const link of group.links) this.#flowCount[link]! += group.flows.size;
  }

  /** What loss leaves each flow of a group: packets get lost on one link or another of its chain. */
  #capOf(group: FlowGroup): number {
    const { loss } = this.#network.conditions;
    let arrives = 1;
    for (const link of group.links) arrives *= 1 - loss[link]!;
    if (arrives === 1) return Number.POSITIVE_INFINITY;
    const roundTripMs = 2 * this.#network.latencyMs(group.from, group.to);
    return ((segmentBytes / roundTripMs) * mathisConstant) / Math.sqrt(1 - arrives);
  }

  #reserve(flow: number): void {
    this.#flows.reserve(flow);
    while (this.#groupOf.length < this.#flows.key.length) this.#groupOf.push(null);
    if (this.#bytes.length === this.#flows.key.length) return;
    this.#bytes = longerFloat64(this.#bytes, this.#flows.key.length);
    this.#startedAt = longerFloat64(this.#startedAt, this.#flows.key.length);
  }
}
