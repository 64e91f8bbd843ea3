import type { ServerDescription } from '../../src/topology/index.js';
import type { Up } from './acceptance-by-walking.js';
import { briefRow, consideredOf } from './brief-rows.js';
import { decideByWalking, decideOnEdge, nonDelivery, type WalkedDecision } from './decision-by-walking.js';
import { fanOut } from './fan-out-by-walking.js';
import type { Landscape } from './landscape.js';
import { hasName, sameName } from './names.js';
import type { Acceptance, OracleQuestion, OracleRow, QueueKey } from './oracle-answer.js';
import { Resolution, type Target } from './resolution-by-hand.js';
import { selectByWalking } from './selection-by-walking.js';
import { isEdge } from './server-roles.js';

/** A recipient on its way: resolved, or still the address that an Edge or a front end passes on as it is. */
export interface Traveller {
  readonly address: string;
  readonly target?: Target;
}

/** One copy of a message on a server, with the recipients that it is for. */
export interface Copy {
  readonly server: ServerDescription;
  readonly travellers: readonly Traveller[];
}

type Stop = NonNullable<OracleRow['journey']>[number];

export interface Journey {
  readonly journey: readonly Stop[];
  readonly end: { readonly outcome: string; readonly server: string };
}

/** Resolves a recipient on a server that gets it; undefined for a group that is expanded there. */
function resolveHere(
  land: Landscape,
  question: OracleQuestion,
  server: ServerDescription,
  traveller: Traveller,
): Traveller | undefined {
  if (isEdge(server)) return traveller;
  if (traveller.target?.kind === 'expansion' && sameName(traveller.target.server.name, server.name)) {
    return undefined;
  }
  if (traveller.target !== undefined) return traveller;
  const resolution = new Resolution(land, server, question.sender);
  resolution.add(traveller.address);
  const [first] = resolution.addressees;
  if (first === undefined || !sameName(first.address, traveller.address)) return undefined;
  return { address: traveller.address, target: first.target };
}

/** What a server does with the recipients of one copy (RT-29: each server decides anew). */
export function decideCopy(
  land: Landscape,
  question: OracleQuestion,
  { server, travellers }: Copy,
): readonly WalkedDecision[] {
  const decisions = travellers.map(({ address, target }) => {
    if (isEdge(server)) return decideOnEdge(land, question, server, address, target);
    return target === undefined ? nonDelivery('none') : decideByWalking(land, question, server, target);
  });
  return fanOut(land, question.fanOut, decisions);
}

/**
 * The journeys of the recipients of a copy, in their order: from server to server until each is delivered, returned or
 * waits. Recipients that take the same queue to the same server stay together.
 */
export function followByWalking(
  land: Landscape,
  question: OracleQuestion,
  up: Up,
  copy: Copy,
  visited: readonly string[] = [],
): readonly Journey[] {
  const { server } = copy;
  const here = server.name;
  const resolved = copy.travellers.map((each) => resolveHere(land, question, server, each));
  const present = resolved.filter((each) => each !== undefined);
  const decisions = decideCopy(land, question, { server, travellers: present });
  const steps = present.map((traveller, place) => {
    const decision = decisions[place]!;
    const reached = { server, travellers: present };
    return { traveller, decision, ...acceptWith(land, question, up, reached, decisions, place) };
  });
  const continued = new Map<Traveller, Journey>();
  for (const step of steps) {
    if (!goesOn(step) || continued.has(step.traveller)) continue;
    const together = steps.filter((other) => goesOn(other) && copyOf(other) === copyOf(step));
    const next = { server: land.server(step.next!), travellers: together.map((each) => each.traveller) };
    const isCircle = visited.includes(next.server.name) || next.server.name === here;
    const onward = isCircle
      ? together.map(() => ({ journey: [], end: { outcome: 'ndr', server: next.server.name } }))
      : followByWalking(land, question, up, next, [...visited, here]);
    for (const [place, each] of together.entries()) continued.set(each.traveller, onward[place]!);
  }
  return resolved.map((traveller): Journey => {
    const step = steps.find((each) => each.traveller === traveller);
    // RT-17: from here on it is the members that travel.
    if (step === undefined) return { journey: [], end: { outcome: 'delivered', server: here } };
    const { decision, accepted } = step;
    if (decision.outcome !== 'route')
      return { journey: [], end: { outcome: decision.outcome, server: here } };
    const stop = { server: here, queue: decision.queue!, accepted };
    if (accepted === null) return { journey: [stop], end: { outcome: 'retry', server: here } };
    const onward = continued.get(step.traveller);
    if (onward !== undefined) return { journey: [stop, ...onward.journey], end: onward.end };
    if (decision.onward === 'outside')
      return { journey: [stop], end: { outcome: 'delivered', server: here } };
    // RT-21: an older hub writes to the database itself. MD-02: a full mailbox refuses for good.
    const writer = decision.queue!.deliveryType === 'MapiDelivery' ? here : accepted.server;
    const target = step.traveller.target;
    const isFull = target?.kind === 'mailbox' && target.mailbox.quotaExceeded;
    return { journey: [stop], end: { outcome: isFull ? 'ndr' : 'delivered', server: writer } };
  });
}

interface TakenStep {
  readonly decision: WalkedDecision;
  readonly next: string | null;
}

function goesOn({ decision, next }: TakenStep): boolean {
  return decision.onward === 'relay' && next !== null;
}

function copyOf({ decision, next }: TakenStep): string {
  return JSON.stringify([decision.queue, next]);
}

/**
 * Who takes a recipient of a copy, and the Transport service that has the message then: not always the same, since an
 * Edge reaches 2013 servers with both roles by their front ends, which choose a server as for any mail from outside
 * (RT-44, RT-60).
 */
export function acceptWith(
  land: Landscape,
  question: OracleQuestion,
  up: Up,
  { server, travellers }: Copy,
  decisions: readonly WalkedDecision[],
  place: number,
): { readonly accepted: Acceptance | null; readonly next: string | null } {
  const decision = decisions[place]!;
  if (decision.outcome !== 'route') return { accepted: null, next: null };
  const { proxy, queue } = decision;
  if (decision.onward !== 'relay' || proxy === undefined) {
    const accepted = up.acceptorOf(server, decision);
    return { accepted, next: accepted?.server ?? null };
  }
  const together = travellers.filter((_, other) => sameQueue(decisions[other]!.queue, queue));
  const rows = together.map(({ address }) => briefRow(land, question, address));
  const databases = consideredOf(rows).map(({ destination }) => destination!.name);
  const behind = (name: string) => {
    if (!hasName(proxy.servers, name)) return name;
    const front = land.server(name);
    const tiers = selectByWalking(land, { ...question, service: 'front-end' }, front, databases);
    return up.acceptor(front, tiers)?.server ?? null;
  };
  const open = decision.tiers.map((tier) => ({
    ...tier,
    servers: tier.servers.filter((name) => behind(name) !== null),
  }));
  const accepted = up.acceptor(server, open);
  return { accepted, next: accepted && behind(accepted.server) };
}

function sameQueue(a: QueueKey | null, b: QueueKey | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
