import { describe, expect, it } from 'vitest';
import { compileRoutingTables } from '../../src/routing/index.js';
import { randomStreams, Simulation, tickMs } from '../../src/sim/kernel/index.js';
import { LinkFlows } from '../../src/sim/model/link-flows.js';
import { Network } from '../../src/sim/model/network.js';
import { buildTopology, findByName } from '../../src/topology/index.js';
import { organization, type SmallOrganization } from './small-organization.js';

/*
 * Flows over links against a fluid that is reckoned by hand: all flows one by one at every instant at which anything
 * changes, in whole numbers without rounding.
 */

/** Costs are powers of two, so that no two chains are equally cheap. */
const costs: Readonly<Record<string, number>> = {
  'A-B': 1,
  'B-C': 2,
  'A-C': 4,
  'C-D': 8,
  'B-D': 16,
  'D-E': 32,
};
const links = Object.keys(costs).sort();
const sites = ['A', 'B', 'C', 'D', 'E'];
const kilobits = [64, 100, 250, 512, 1_000];

/** The rates are whole numbers for up to 12 flows on a link; a byte is so many units of a rate for a tick. */
const flowNumbers = 27_720n;
const unitsPerByte = 8_000n * 1_024n * flowNumbers;

type Change =
  | { readonly kind: 'flow'; readonly from: number; readonly to: number; readonly bytes: number }
  | { readonly kind: 'cut' | 'mend'; readonly link: number }
  | { readonly kind: 'slow' | 'quick'; readonly link: number; readonly bits: number }
  | { readonly kind: 'give-up'; readonly flow: number }
  | { readonly kind: 'look' };
type TimedChange = Change & { readonly atTick: number };

interface Outcome {
  /** By flow: the tick it ended at, negative where it broke or was given up. */
  readonly ends: Map<number, number>;
  /** At each look, the bytes that have crossed each link. */
  readonly looks: number[][];
}

interface Fluid {
  readonly flow: number;
  readonly from: number;
  readonly to: number;
  left: bigint;
  chain: readonly number[];
}

function fluidByHand(own: readonly number[], changes: readonly TimedChange[]): Outcome {
  const ends = new Map<number, number>();
  const looks: number[][] = [];
  const cuts = links.map(() => 0);
  const slowed: number[][] = links.map(() => []);
  const crossed = links.map(() => 0n);
  let flows: Fluid[] = [];
  let now = 0;
  let begun = 0;
  const bits = (link: number) => (slowed[link]!.length > 0 ? Math.min(...slowed[link]!) : own[link]!);
  const rate = (fluid: Fluid) => {
    const shares = fluid.chain.map(
      (link) =>
        (BigInt(bits(link)) * flowNumbers) / BigInt(flows.filter(({ chain }) => chain.includes(link)).length),
    );
    return shares.sort((a, b) => Number(a - b))[0]!;
  };
  const pass = (toTick: number) => {
    const rates = flows.map(rate);
    const ticks = BigInt(toTick - now);
    flows.forEach((fluid, index) => {
      const units = rates[index]! * ticks;
      for (const link of fluid.chain) crossed[link]! += units < fluid.left ? units : fluid.left;
      fluid.left = units < fluid.left ? fluid.left - units : 0n;
    });
    now = toTick;
  };
  const finish = () => {
    for (const { flow, left } of flows) if (left === 0n) ends.set(flow, now);
    flows = flows.filter(({ left }) => left > 0n);
  };
  const runTo = (tick: number, doEnd: boolean) => {
    for (;;) {
      const next = Math.min(
        ...flows.map((fluid) => now + Number((fluid.left + rate(fluid) - 1n) / rate(fluid))),
      );
      // What changes at the instant of a last byte comes first.
      if (next > tick || (next === tick && !doEnd)) break;
      pass(next);
      finish();
    }
    pass(tick);
  };
  const reroute = () => {
    for (const fluid of flows) {
      const chain = cheapest(fluid.from, fluid.to, cuts);
      if (chain === null) ends.set(fluid.flow, -now);
      else fluid.chain = chain;
    }
    flows = flows.filter(({ flow }) => !ends.has(flow));
  };
  for (const change of changes) {
    runTo(change.atTick, change.kind === 'look');
    switch (change.kind) {
      case 'flow': {
        const chain = cheapest(change.from, change.to, cuts);
        const flow = begun++;
        if (chain !== null) {
          const left = BigInt(change.bytes) * unitsPerByte;
          flows.push({ flow, from: change.from, to: change.to, left, chain });
        }
        break;
      }
      case 'cut':
        cuts[change.link]!++;
        reroute();
        break;
      case 'mend':
        cuts[change.link]!--;
        reroute();
        break;
      case 'slow':
        slowed[change.link]!.push(change.bits);
        break;
      case 'quick':
        slowed[change.link]!.splice(slowed[change.link]!.indexOf(change.bits), 1);
        break;
      case 'give-up':
        if (flows.some(({ flow }) => flow === change.flow)) {
          ends.set(change.flow, -now);
          flows = flows.filter(({ flow }) => flow !== change.flow);
        }
        break;
      case 'look':
        looks.push(crossed.map((units) => Number((units * 1_000n) / unitsPerByte) / 1_000));
    }
  }
  return { ends, looks };
}

/** The cheapest chain of links that are not cut, by trying all; null if there is none. */
function cheapest(from: number, to: number, cuts: readonly number[]): readonly number[] | null {
  let best: readonly number[] | null = null;
  const costOf = (chain: readonly number[]) => chain.reduce((sum, link) => sum + costs[links[link]!]!, 0);
  const walk = (site: number, seen: readonly number[], chain: readonly number[]): void => {
    if (site === to) {
      if (best === null || costOf(chain) < costOf(best)) best = chain;
      return;
    }
    links.forEach((name, link) => {
      const ends = name.split('-').map((each) => sites.indexOf(each));
      const next = ends[0] === site ? ends[1]! : ends[1] === site ? ends[0]! : -1;
      if (next >= 0 && cuts[link] === 0 && !seen.includes(next))
        walk(next, [...seen, next], [...chain, link]);
    });
  };
  walk(from, [from], []);
  return best;
}

function fluidByModel(
  own: readonly number[],
  changes: readonly TimedChange[],
): Outcome & { readonly events: number } {
  const described: SmallOrganization['links'] = Object.fromEntries(
    links.map((name, link) => [name, { cost: costs[name]!, bandwidthBitsPerSecond: own[link]! }]),
  );
  const topology = buildTopology(organization({ links: described, servers: { S: 'A' }, databases: {} }));
  const simulation = new Simulation();
  const network = new Network(topology, compileRoutingTables(topology));
  const flows = new LinkFlows(simulation, topology, network);
  const ends = new Map<number, number>();
  const looks: number[][] = [];
  const nowTick = () => simulation.nowMs / tickMs;
  flows.attach({
    flowEnded: (flow) => ends.set(flow, nowTick()),
    flowBroken: (flow) => ends.set(flow, -nowTick()),
  });
  const indexes = links.map((name) => findByName(topology.siteLinks, name));
  const slowdowns = new Map<string, { readonly bandwidthBitsPerSecond: number }[]>();
  const alive = (flow: number) => begunFlows.has(flow) && !ends.has(flow);
  const begunFlows = new Set<number>();
  let begun = 0;
  for (const change of changes) {
    // As faults do, changes come before the last bytes of their instant; looks after.
    const kind = simulation.addKind(() => {
      switch (change.kind) {
        case 'flow': {
          const flow = begun++;
          if (network.connected(change.from, change.to)) {
            begunFlows.add(flow);
            flows.begin(flow, change.from, change.to, change.bytes);
          }
          break;
        }
        case 'cut':
          network.beginLinkOutage(indexes[change.link]!);
          break;
        case 'mend':
          network.endLinkOutage(indexes[change.link]!);
          break;
        case 'slow': {
          const slowdown = { bandwidthBitsPerSecond: change.bits };
          const key = `${change.link} ${change.bits}`;
          slowdowns.set(key, [...(slowdowns.get(key) ?? []), slowdown]);
          network.beginSlowdown(indexes[change.link]!, slowdown);
          break;
        }
        case 'quick':
          network.endSlowdown(indexes[change.link]!, slowdowns.get(`${change.link} ${change.bits}`)!.pop()!);
          break;
        case 'give-up':
          if (alive(change.flow)) {
            flows.giveUp(change.flow);
            ends.set(change.flow, -nowTick());
          }
          break;
        case 'look':
          looks.push(indexes.map((link) => flows.carriedBytes(link)));
      }
    });
    simulation.scheduleAt(change.atTick * tickMs, kind, 0, change.kind === 'look' ? 1 : -1);
  }
  simulation.runUntil(Number.POSITIVE_INFINITY);
  return { ends, looks, events: simulation.eventsExecuted - changes.length };
}

function randomChanges(seed: number): { readonly own: number[]; readonly changes: TimedChange[] } {
  const random = randomStreams('fluid', seed)('changes');
  const below = (number: number) => Math.floor(random() * number);
  const own = links.map(() => kilobits[below(kilobits.length)]! * 1_000);
  const changes: TimedChange[] = [];
  const second = 1_000 * 1_024;
  let atTick = 0;
  let lasts = 0;
  const cuts: { readonly link: number; readonly untilTick: number }[] = [];
  for (let flow = 0; flow < 60; flow++) {
    // In bunches now and then, and at whole seconds.
    if (random() < 0.8) atTick += below(3 * second);
    if (random() < 0.2) atTick = Math.ceil(atTick / second) * second;
    const from = below(sites.length);
    const to = (from + 1 + below(sites.length - 1)) % sites.length;
    const bytes = random() < 0.5 ? 1 + below(100_000) : 12_500 * (1 + below(8));
    changes.push({ atTick, kind: 'flow', from, to, bytes });
    if (random() < 0.2) {
      const [link, until] = [below(links.length), atTick + 1 + below(20 * second)];
      cuts.push({ link, untilTick: until });
      changes.push({ atTick, kind: 'cut', link }, { atTick: until, kind: 'mend', link });
      lasts = Math.max(lasts, until);
    }
    if (random() < 0.2) {
      const [link, until] = [below(links.length), atTick + 1 + below(20 * second)];
      const bits = kilobits[below(kilobits.length)]! * 1_000;
      changes.push({ atTick, kind: 'slow', link, bits }, { atTick: until, kind: 'quick', link, bits });
      lasts = Math.max(lasts, until);
    }
    if (random() < 0.1) changes.push({ atTick: atTick + below(5 * second), kind: 'give-up', flow });
    if (random() < 0.3) changes.push({ atTick: atTick + below(5 * second), kind: 'look' });
  }
  changes.push({ atTick: Math.max(atTick, lasts) + 3_600 * second, kind: 'look' });
  return {
    own,
    changes: changes.sort(
      (a, b) => a.atTick - b.atTick || Number(a.kind === 'look') - Number(b.kind === 'look'),
    ),
  };
}

describe('flows against a fluid reckoned one by one, exactly', () => {
  it('A-bandwidth-shares: 60 organizations with cuts, slowdowns and flows that are given up', () => {
    let flows = 0;
    let exact = 0;
    let broken = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const { own, changes } = randomChanges(seed);
      const hand = fluidByHand(own, changes);
      const model = fluidByModel(own, changes);
      expect(
        [...model.ends.keys()].sort((a, b) => a - b),
        `seed ${seed}`,
      ).toEqual([...hand.ends.keys()].sort((a, b) => a - b));
      for (const [flow, tick] of hand.ends) {
        flows++;
        if (tick < 0) broken++;
        if (model.ends.get(flow) === tick) exact++;
        expect(Math.abs(model.ends.get(flow)! - tick), `seed ${seed} flow ${flow}`).toBeLessThanOrEqual(1);
      }
      expect(model.looks.length).toBe(hand.looks.length);
      hand.looks.forEach((bytes, look) => {
        bytes.forEach((each, link) => {
          expect(Math.abs(model.looks[look]![link]! - each), `seed ${seed} look ${look}`).toBeLessThan(0.5);
        });
      });
      // One event for what ends at an instant; none for the others that a change slows or quickens.
      expect(model.events).toBeLessThanOrEqual(60);
    }
    expect(flows).toBeGreaterThan(3_000);
    expect(broken).toBeGreaterThan(100);
    // The rest: a last byte within a fraction of a nanosecond of a tick.
    expect(exact / flows).toBeGreaterThan(0.999);
  });
});
