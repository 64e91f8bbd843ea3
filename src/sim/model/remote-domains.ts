import type { NextHopSolutionKey } from '../../routing/index.js';
import { normalizeName } from '../../topology/index.js';
import { namingRemoteServer, ndrReasons } from './ndr.js';
import type { NdrReason } from './observer.js';
import type { Settings } from './settings.js';

/** What a remote domain answers during an outage: nothing, "not now" to every message, "never" to every message. */
export type RemoteAnswer = 'silent' | '4xx' | '5xx';

/** What stands at the other end of a session to the outside. */
type RemoteKind =
  /** The mail servers of a domain, or a smart host: reached by SMTP. */
  | 'host'
  /** What a Delivery Agent hands over to (CN-11, assumption A-gateways): neither DNS nor limits of a domain. */
  | 'gateway'
  /** The Drop directory of a Foreign connector (CN-10, A-gateways): a file is written, nothing is connected. */
  | 'directory';

/** State of one remote domain; faults of the same sort are counted, so that those that overlap end in any order. */
interface Remote {
  readonly kind: RemoteKind;
  /** Known by name rather than by IP address: DNS has to be asked. */
  readonly needsDns: boolean;
  readonly outages: Record<RemoteAnswer, number>;
  /** Of the slowdowns that last, in the order in which they began. */
  readonly factors: number[];
  /** Their product. */
  factor: number;
  /** Sessions that it has accepted and that are not closed. */
  sessions: number;
  /** Raised whenever it falls silent: a session that remembers it knows that it has broken. */
  epoch: number;
  readonly refused: NdrReason;
  readonly tooLarge: NdrReason;
}

/**
 * The world outside as sessions meet it: domains and smart hosts, by ids of their own. Each takes so many sessions at
 * a time (more are answered `421` when they connect, so that the attempt has failed) and messages up to a size (a
 * larger one is answered `552 5.3.4`, NDR-01), both unlimited by default (assumption A-remote-limits).
 *
 * An outage of a domain is met by queues that reach the domain itself by DNS, and by those of a smart host of that very
 * name; a smart host of another name takes the domain's mail as ever (assumption A-remote-outage). During one a silent
 * domain costs the connect time-out and breaks the sessions it had; otherwise sessions stand and each message is
 * refused, for now (4xx) or for good (5xx). Of outages that overlap silence leads, then 4xx: who cannot be asked, or
 * cannot decide, refuses nothing for good. Names are compared by UN-02.
 */
export class RemoteDomains {
  readonly #maxSessions: number;
  readonly #maxMessageBytes: number;
  readonly #remotes: Remote[] = [];
  readonly #hosts = new Map<string, number>();
  readonly #remotesOfKey = new Map<NextHopSolutionKey, readonly number[]>();
  /** DNS outages by server. */
  readonly #dnsOutages: Int32Array;

  constructor({ outside }: Settings, serverCount: number) {
    this.#maxSessions = outside.maxSessionsPerDomain;
    this.#maxMessageBytes = outside.maxMessageSize;
    this.#dnsOutages = new Int32Array(serverCount);
  }

  /** What a queue of a connector's source server sends to: one domain or gateway, or equal smart hosts (QU-04). */
  of(key: NextHopSolutionKey): readonly number[] {
    const known = this.#remotesOfKey.get(key);
    if (known !== undefined) return known;
    const made = this.#make(key);
    this.#remotesOfKey.set(key, made);
    return made;
  }

  /** The id of a domain, or of a smart host, by name or by IP address; the latter in brackets or without. */
  host(name: string): number {
    const bare = name.replace(/^\[(.*)\]$/, '$1');
    const key = normalizeName(bare);
    const known = this.#hosts.get(key);
    if (known !== undefined) return known;
    const id = this.#add(isIpAddress(bare) ? `[${bare}]` : name, 'host');
    this.#hosts.set(key, id);
    return id;
  }

  beginOutage(domain: string, answer: RemoteAnswer): void {
    const remote = this.#named(domain);
    if (answer === 'silent' && remote.outages.silent === 0) remote.epoch++;
    remote.outages[answer]++;
  }

  endOutage(domain: string, answer: RemoteAnswer): void {
    this.#named(domain).outages[answer]--;
  }

  /** Connecting and accepting take `factor` times as long from now on; factors of slowdowns that overlap multiply. */
  beginSlowdown(domain: string, factor: number): void {
    const remote = this.#named(domain);
    remote.factors.push(factor);
    remote.factor = product(remote.factors);
  }

  endSlowdown(domain: string, factor: number): void {
    const remote = this.#named(domain);
    remote.factors.splice(remote.factors.indexOf(factor), 1);
    remote.factor = product(remote.factors);
  }

  /**
   * Servers cannot look up anything outside: an attempt at a domain, or at a smart host that is given by name, fails at
   * once with `451 4.4.0 DNS query failed`. Sessions that stand go on; servers of the organization are found as ever
   * (assumption A-dns-outage).
   */
  beginDnsOutage(servers: Iterable<number>): void {
    for (const server of servers) this.#dnsOutages[server]!++;
  }

  endDnsOutage(servers: Iterable<number>): void {
    for (const server of servers) this.#dnsOutages[server]!--;
  }

  /** Whether `server` finds out where the remote is. */
  isResolved(remote: number, server: number): boolean {
    return this.#dnsOutages[server] === 0 || !this.#remotes[remote]!.needsDns;
  }

  isSilent(remote: number): boolean {
    return this.#remotes[remote]!.outages.silent > 0;
  }

  epoch(remote: number): number {
    return this.#remotes[remote]!.epoch;
  }

  /** What its connect time is multiplied by now; 0 where nothing is connected (CN-10). */
  connectFactor(remote: number): number {
    const { kind, factor } = this.#remotes[remote]!;
    return kind === 'directory' ? 0 : factor;
  }

  /** What its own times are multiplied by now. */
  factor(remote: number): number {
    return this.#remotes[remote]!.factor;
  }

  /** Takes a session, to be closed again, or answers `421`: it has as many as it takes. */
  admit(remote: number): boolean {
    const { kind, sessions } = this.#remotes[remote]!;
    if (kind === 'host' && sessions >= this.#maxSessions) return false;
    this.#remotes[remote]!.sessions++;
    return true;
  }

  closed(remote: number): void {
    this.#remotes[remote]!.sessions--;
  }

  /** The answer to a message over a session that stands; a reason: never. */
  answer(remote: number, sizeBytes: number): 'accepted' | 'not-now' | NdrReason {
    const { kind, outages, refused, tooLarge } = this.#remotes[remote]!;
    if (outages['4xx'] > 0) return 'not-now';
    if (outages['5xx'] > 0) return refused;
    return kind === 'host' && sizeBytes > this.#maxMessageBytes ? tooLarge : 'accepted';
  }

  #make({ deliveryType, nextHopDomain }: NextHopSolutionKey): readonly number[] {
    switch (deliveryType) {
      case 'SmartHostConnectorDelivery':
        return nextHopDomain.split(',').map((host) => this.host(host.trim()));
      case 'DeliveryAgent':
        return [this.#add(nextHopDomain, 'gateway')];
      case 'NonSmtpGatewayDelivery':
        return [this.#add(nextHopDomain, 'directory')];
      default:
        return [this.host(nextHopDomain)];
    }
  }

  #named(domain: string): Remote {
    return this.#remotes[this.host(domain)]!;
  }

  #add(name: string, kind: RemoteKind): number {
    const remote: Remote = {
      kind,
      needsDns: kind === 'host' && !name.startsWith('['),
      outages: { silent: 0, '4xx': 0, '5xx': 0 },
      factors: [],
      factor: 1,
      sessions: 0,
      epoch: 0,
      refused: namingRemoteServer(ndrReasons.refusedOutside, name.toLowerCase()),
      tooLarge: namingRemoteServer(ndrReasons.tooLargeOutside, name.toLowerCase()),
    };
    return this.#remotes.push(remote) - 1;
  }
}

/** As Exchange tells which of its smart hosts it writes in brackets. */
function isIpAddress(host: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(host) || host.includes(':');
}

function product(factors: readonly number[]): number {
  return factors.reduce((all, factor) => all * factor, 1);
}
