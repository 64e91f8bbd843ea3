import type { Topology } from '../../../topology/index.js';
import { tickMs } from '../../kernel/index.js';
import { none } from '../message-store.js';
import type { ModelContext } from '../model-context.js';
import { serviceIndex } from '../server-states.js';
import type { Settings } from '../settings.js';
import { boundariesOf, ShadowPartners } from './shadow-partners.js';

/**
 * What becomes of a message whose time is over: it may be acknowledged; its session's owner is asked again later; or it is
 * refused, `451 4.4.0 Message failed to be made redundant` (SH-03).
 */
export type AcceptanceState = 'stored' | 'waits' | 'not-redundant';

type Needs = ConstructorParameters<typeof ShadowPartners>[0] &
  Pick<ModelContext, 'times' | 'simulation' | 'observer'>;

/** A session's message, while the Transport service that has its data has not acknowledged it. */
class Acceptance {
  partner = none;
  partnerEpoch = 0;
  pathEpoch = 0;
  /** When the shadow copy began to cross links that have limits, ms; -1: it does not. */
  crossingSinceMs = -1;
  hasCrossed = false;
}

/**
 * The time between the end of a message's data and its acknowledgement (SH-02, SH-09, CAP-61): the longer of the local
 * commit and the shadow copy, and what attempts at partners cost that did not answer. Both are fixed waits, and no work for
 * the partner's processor (assumption A-shadow-work). Where links with a bandwidth lie between, the shadow copy crosses
 * them after that, as any message would (assumption A-shadow-traffic).
 */
export class Acceptances {
  readonly #context: Needs;
  readonly #partners: ShadowPartners;
  // By server, ms on a tick, so that booking them as one stage of a longer time leaves no remainder.
  readonly #commitMs: Float64Array;
  readonly #localMs: Float64Array;
  readonly #remoteMs: Float64Array;
  /** By session. */
  readonly #acceptances: Acceptance[] = [];

  constructor(context: Needs) {
    this.#context = context;
    this.#partners = new ShadowPartners(context);
    const { topology, settingsOf } = context;
    const ofHardware = (ms: (hardware: Settings['hardware']) => number) =>
      Float64Array.from(topology.servers, (_, server) => toTick(ms(settingsOf(server).hardware)));
    this.#commitMs = ofHardware(({ commitTime }) => commitTime);
    this.#localMs = ofHardware(({ commitTime, shadowCopyTime }) => Math.max(commitTime, shadowCopyTime));
    this.#remoteMs = ofHardware(({ commitTime, shadowCopyTimeRemote }) =>
      Math.max(commitTime, shadowCopyTimeRemote),
    );
  }

  /** As `begin`, for what comes to an Edge, which has no partner: ms on a tick. */
  commitMs(server: number): number {
    return this.#context.times.withProcessorMs(server, this.#slowed(server, this.#commitMs[server]!));
  }

  /**
   * A session begins to send a message to `server`: chooses the server for the shadow copy. To be asked once for each
   * message: that is when its place in the run queue is taken (assumption A-run-queue).
   * @returns the time in ms, on a tick, from the end of the data to the acknowledgement
   */
  begin(session: number, server: number): number {
    return this.#context.times.withProcessorMs(server, this.#choose(session, server));
  }

  /**
   * The time that the session's message was given is over. Where the partner was lost meanwhile another one is looked for;
   * what takes longer prolongs the session.
   */
  finish(session: number, server: number): AcceptanceState {
    const { sessions, simulation } = this.#context;
    const acceptance = this.#acceptances[session]!;
    if (acceptance.crossingSinceMs >= 0) {
      sessions.addAcceptMs(session, simulation.nowMs - acceptance.crossingSinceMs);
      acceptance.crossingSinceMs = -1;
      acceptance.hasCrossed = true;
    }
    if (acceptance.partner !== none && !this.#stands(acceptance, server)) {
      const moreMs = this.#choose(session, server);
      if (moreMs > 0 && (acceptance.partner !== none || this.#partners.failedMs > 0)) {
        sessions.prolong(session, moreMs);
        return 'waits';
      }
    }
    const { partner } = acceptance;
    if (partner === none) {
      if (!this.#partners.isRequired(server)) return 'stored';
      this.#context.observer.refusedUnshadowed(simulation.nowMs, server);
      return 'not-redundant';
    }
    if (acceptance.hasCrossed || !this.isLimited(server, partner)) return 'stored';
    acceptance.crossingSinceMs = simulation.nowMs;
    sessions.cross(session, server, partner);
    return 'waits';
  }

  /** Whether a shadow copy crosses links that have limits. */
  isLimited(server: number, partner: number): boolean {
    const { network, topology } = this.#context;
    return network.isLimited(topology.servers[server]!.site, topology.servers[partner]!.site);
  }

  /** The server that has the shadow copy of what a session has brought; `none` if there is none. */
  partner(session: number): number {
    return this.#acceptances[session]!.partner;
  }

  /** A server that takes a shadow copy of what `server` has already; `none` if there is none. */
  choosePartner(server: number): number {
    return this.#partners.choose(server);
  }

  #choose(session: number, server: number): number {
    while (session >= this.#acceptances.length) this.#acceptances.push(new Acceptance());
    const acceptance = this.#acceptances[session]!;
    const partner = this.#partners.choose(server);
    acceptance.partner = partner;
    acceptance.crossingSinceMs = -1;
    acceptance.hasCrossed = false;
    if (partner === none)
      return this.#slowed(server, this.#commitMs[server]!) + toTick(this.#partners.failedMs);
    const { states, network, topology } = this.#context;
    acceptance.partnerEpoch = states.epoch(partner, serviceIndex.transport);
    acceptance.pathEpoch = network.epoch(topology.servers[server]!.site, topology.servers[partner]!.site);
    const fixedMs = this.#partners.isRemote ? this.#remoteMs[server]! : this.#localMs[server]!;
    return this.#slowed(server, fixedMs) + toTick(this.#partners.failedMs);
  }

  #stands({ partner, partnerEpoch, pathEpoch }: Acceptance, server: number): boolean {
    const { states, network, topology } = this.#context;
    return (
      states.epoch(partner, serviceIndex.transport) === partnerEpoch &&
      network.epoch(topology.servers[server]!.site, topology.servers[partner]!.site) === pathEpoch
    );
  }

  #slowed(server: number, ms: number): number {
    const factor = this.#context.times.factor(server);
    return factor === 1 ? ms : toTick(ms * factor);
  }
}

function toTick(ms: number): number {
  return Math.round(ms / tickMs) * tickMs;
}

/** By server: how long it takes to acknowledge a message whose data it has, ms, with nothing in its way. */
export function acceptTimesMs(
  topology: Topology,
  settingsOf: (server: number) => Settings,
): readonly number[] {
  return boundariesOf(topology, settingsOf).map(({ remote, local }, server) => {
    const { hardware } = settingsOf(server);
    if (remote.length > 0) return Math.max(hardware.commitTime, hardware.shadowCopyTimeRemote);
    return local.length > 0 ? Math.max(hardware.commitTime, hardware.shadowCopyTime) : hardware.commitTime;
  });
}
