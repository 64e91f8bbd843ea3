import {
  connectSites,
  consideredRecipients,
  type NextHop,
  type RoutingTables,
  type SiteConnections,
} from '../routing/index.js';
import type { ExpectedMail, ExpectedMessage } from '../scenario/index.js';
import { oneWaysPerMessage, type Settings } from '../sim/model/index.js';
import { type Destination, destinationAt, OfferedDestinations } from './offered-destinations.js';
import { OfferedSessions, remoteHosts } from './offered-sessions.js';
import { fetchingHubs, type MailSource, outsideSources } from './offered-sources.js';
import type { ReceivingService, StageTable } from './offered-work.js';

/** A message that goes further is in a loop (SZ-03). */
const mostHops = 30;

/** Messages that come to a server, out of so many that are sent: a part of these goes elsewhere altogether. */
interface Stream {
  readonly sent: number;
  readonly destinations: readonly Destination[];
}

/**
 * Walks the routes of expected mail, everything up and every database on its first copy, and adds up what each stage
 * has to do for it: seconds of work, new connections, or bits, for each message sent. Of equal servers each takes its share; of tiers the
 * first takes all.
 */
export class OfferedMailWalk {
  readonly #tables: RoutingTables;
  readonly #settingsOf: (server: number) => Settings;
  readonly #stages: StageTable;
  readonly #connections: SiteConnections;
  readonly #places: OfferedDestinations;
  readonly #sessions: OfferedSessions;
  readonly #databases = new Int32Array(consideredRecipients);
  #work = new Float64Array(0);
  #sizeBytes = 0;
  /** Chances that a message has a recipient, beside its first, in a place with that share of them. */
  #hit: (share: number) => number = certainly;
  /** Recipients of a message beside its first, in the mean. */
  #further = 0;
  #sender: string | undefined;

  constructor(tables: RoutingTables, settingsOf: (server: number) => Settings, stages: StageTable) {
    this.#tables = tables;
    this.#settingsOf = settingsOf;
    this.#stages = stages;
    this.#places = new OfferedDestinations(tables);
    const linkUp = new Uint8Array(tables.topology.siteLinks.length).fill(1);
    this.#connections = connectSites(tables.topology, tables.paths, linkUp);
    this.#sessions = new OfferedSessions(tables.topology, settingsOf, this.#connections);
  }

  /** The work that one message of a kind means for each stage, by the stage's number. */
  workOf({ message, meanSizeBytes }: ExpectedMail): Float64Array {
    this.#work = new Float64Array(this.#stages.stages.length);
    this.#sizeBytes = Math.round(meanSizeBytes);
    if (message.kind === 'certain') this.#sendCertain(message);
    else this.#sendDrawn(message);
    return this.#work;
  }

  #sendCertain({ from, to }: Extract<ExpectedMessage, { kind: 'certain' }>): void {
    const { topology } = this.#tables;
    this.#hit = certainly;
    this.#further = 0;
    const sender = topology.recipients.find(from);
    const isInside = sender >= 0 && sender < topology.recipients.mailboxCount;
    this.#sender = from;
    const databases = to.flatMap((address) => {
      const recipient = topology.recipients.find(address);
      const isMailbox = recipient >= 0 && recipient < topology.recipients.mailboxCount;
      return isMailbox ? [topology.recipients.mailboxDatabase[recipient]!] : [];
    });
    const sources: readonly MailSource[] = isInside
      ? [
          {
            server: this.#holder(topology.recipients.mailboxDatabase[sender]!),
            share: 1,
            chooses: true,
            edge: null,
          },
        ]
      : this.#fromOutside();
    for (const source of sources) {
      this.#takeIn(source, isInside);
      const servers = this.#firstTier(source, isInside, databases);
      for (const server of servers) {
        const part = source.share / servers.length;
        this.#bring(source, server, part, isInside);
        this.#arrive(server, { sent: part, destinations: this.#places.resolve(to, server, part, from) }, 0);
      }
    }
  }

  #sendDrawn(message: Extract<ExpectedMessage, { kind: 'drawn' }>): void {
    const { topology } = this.#tables;
    const { mailboxDatabase } = topology.recipients;
    this.#sender = undefined;
    const counts = [...message.recipientCounts];
    // Databases of equal size are many: what holds for one is kept for the others.
    const known = new Map<number, number>();
    this.#hit = (share) => {
      let hit = known.get(share);
      if (hit === undefined) {
        hit =
          1 -
          counts.reduce((none, [count, likely]) => none + likely * (1 - share) ** Math.max(0, count - 1), 0);
        known.set(share, hit);
      }
      return hit;
    };
    this.#further = counts.reduce((sum, [count, likely]) => sum + likely * Math.max(0, count - 1), 0);
    const outsideShare = message.outsideDomainShare * message.outsideDomains.length;
    const insideShare = message.receivers.length === 0 ? 0 : 1 - outsideShare - message.unknownShare;
    const shares = [
      ...sharesOf(message.receivers, mailboxDatabase).map(([database, share]) =>
        destinationAt('database', database, share * insideShare),
      ),
      ...message.outsideDomains.map((domain) =>
        destinationAt('outside', this.#tables.internDomain('SMTP', domain), message.outsideDomainShare),
      ),
    ].filter(({ share }) => share > 0);
    const isInside = message.senders.length > 0;
    const sources: readonly MailSource[] = isInside
      ? this.#holders(sharesOf(message.senders, mailboxDatabase))
      : this.#fromOutside();
    // By the server that takes a message in: how many of them, and where their first recipients are.
    const entries = new Map<number, { sent: number; readonly first: Float64Array }>();
    const enter = (source: MailSource, server: number, sent: number, first: number) => {
      this.#bring(source, server, sent, isInside);
      const entry = entries.get(server) ?? { sent: 0, first: new Float64Array(shares.length) };
      entries.set(server, entry);
      entry.sent += sent;
      if (first >= 0) entry.first[first]! += sent;
    };
    for (const source of sources) {
      const { share } = source;
      this.#takeIn(source, isInside);
      let others = share;
      shares.forEach((destination, index) => {
        if (destination.kind !== 'database') return;
        others -= share * destination.share;
        const servers = this.#firstTier(source, isInside, [destination.index]);
        for (const server of servers) {
          enter(source, server, (share * destination.share) / servers.length, index);
        }
      });
      // To nobody in the organization first.
      const servers = this.#firstTier(source, isInside, []);
      for (const server of servers) {
        let rest = others;
        shares.forEach((destination, index) => {
          if (destination.kind === 'database') return;
          rest -= share * destination.share;
          enter(source, server, (share * destination.share) / servers.length, index);
        });
        enter(source, server, Math.max(0, rest) / servers.length, -1);
      }
    }
    for (const [server, { sent, first }] of entries) {
      const destinations = shares.map((each, index) => ({ ...each, first: first[index]! }));
      this.#arriveWhole(server, { sent, destinations }, sent, 0);
    }
  }

  /** Submission or Front End Transport has a message. */
  #takeIn({ server, share, chooses, edge }: MailSource, isInside: boolean): void {
    if (!isInside) {
      // An outside sender connects for each message.
      const connections = edge === null ? share : share / this.#messagesPerConnection(edge);
      this.#connect(server, chooses ? 'front-end' : 'transport', connections);
    }
    if (!chooses) return;
    const { hardware } = this.#settingsOf(server);
    this.#process(server, share);
    if (!isInside) return;
    this.#add(this.#stages.submission(server), share * this.#stageMs(server, hardware.submissionTime));
  }

  /**
   * Submission or Front End Transport brings messages to a Transport service. Until that has acknowledged, submission
   * holds a thread: for a session and a message over it (assumptions A-submission-threads, A-smtp-round-trips).
   */
  #bring({ server: source, chooses }: MailSource, server: number, messages: number, isInside: boolean): void {
    this.#carry(source, server, messages);
    if (!chooses) return;
    if (!isInside) {
      // A front end connects for each message; submission keeps its connections (A-connection-rate).
      this.#connect(server, 'transport', messages);
      return;
    }
    const { connectTime } = this.#settingsOf(source).hardware;
    const sessionMs = connectTime + (2 + oneWaysPerMessage) * this.#sessions.latencyMs(source, server);
    this.#add(this.#stages.submission(source), messages * (sessionMs + this.#sessions.acceptMs(server)));
  }

  #firstTier(
    { server: source, chooses }: MailSource,
    isInside: boolean,
    databases: readonly number[],
  ): readonly number[] {
    if (!chooses) return [source];
    const hubs = fetchingHubs(this.#tables.topology, source);
    if (hubs !== null) return hubs;
    const count = Math.min(databases.length, consideredRecipients);
    for (let index = 0; index < count; index++) this.#databases[index] = databases[index]!;
    const service = isInside ? 'submission' : 'front-end';
    const { tiers } = this.#tables.selectTransport(service, source, this.#databases, count);
    return tiers[0]?.servers ?? [];
  }

  #arrive(server: number, stream: Stream, hops: number): void {
    this.#arriveWhole(server, stream, this.#messages(stream, stream.destinations), hops);
  }

  /** @param messages - of the stream that come to the server */
  #arriveWhole(server: number, { sent, destinations }: Stream, messages: number, hops: number): void {
    if (messages <= 0 || hops > mostHops) return;
    const { hardware } = this.#settingsOf(server);
    // Acceptance and categorizer.
    this.#process(server, 2 * messages);
    this.#add(this.#stages.categorizer(server), messages * this.#stageMs(server, hardware.categorizerTime));
    for (const [next, group] of this.#places.grouped(server, destinations, this.#sizeBytes)) {
      const copies = this.#messages({ sent, destinations }, group);
      if (next.kind === 'mailbox') {
        for (const destination of group) this.#write(server, next, sent, destination);
      } else if (next.kind === 'outside') {
        this.#sendOutside(server, next, copies);
      } else {
        this.#process(server, copies);
        const servers = next.tiers[0]?.servers ?? [];
        for (const target of servers) {
          this.#carry(server, target, copies / servers.length);
          const sessionMs = this.#sessions.relayMs(server, target, this.#sizeBytes);
          this.#holdSessions(server, next, -1, (copies / servers.length) * sessionMs);
          const connections = copies / this.#messagesPerConnection(server);
          this.#connect(target, 'transport', connections / servers.length);
          const scale = 1 / servers.length;
          const onward = group.flatMap((each) => this.#places.expanded(each, target, scale, this.#sender));
          this.#arrive(target, { sent: sent * scale, destinations: onward }, hops + 1);
        }
      }
    }
  }

  #write(server: number, next: NextHop, sent: number, destination: Destination): void {
    const database = destination.index;
    const holder = this.#holder(database);
    const { hardware } = this.#settingsOf(holder);
    const copies = this.#messages({ sent, destinations: [] }, [destination]);
    const recipients =
      destination.first + (this.#hit === certainly ? 0 : sent * this.#further * destination.share);
    this.#carry(server, holder, copies);
    this.#process(holder, copies);
    const writingMs = Math.max(recipients * hardware.mailboxDeliveryTime, copies * hardware.cpuPerMessage);
    this.#add(this.#stages.database(holder, database), writingMs);
    this.#add(this.#stages.delivery(holder), writingMs);
    const wayMs = this.#sessions.wayMs(server, holder, this.#sizeBytes);
    this.#holdSessions(server, next, database, writingMs + copies * wayMs);
    const { mailboxes } = destination;
    for (const mailbox of mailboxes) {
      this.#add(this.#stages.mailbox(holder, mailbox), writingMs / mailboxes.length);
    }
  }

  #sendOutside(server: number, next: NextHop, copies: number): void {
    this.#process(server, copies);
    const { key } = next;
    const connections = copies / this.#sessions.messagesPerSession(server, key);
    const frontEnds = next.proxyServers ?? [];
    for (const frontEnd of frontEnds) {
      this.#connect(frontEnd, 'front-end', connections / frontEnds.length);
      this.#process(frontEnd, copies / frontEnds.length);
    }
    const ways = frontEnds.length === 0 ? [-1] : frontEnds;
    for (const frontEnd of ways) {
      const { remoteMs, sessionMs } = this.#sessions.outside(server, key, frontEnd);
      this.#holdSessions(server, next, -1, (copies / ways.length) * sessionMs);
      const hosts = remoteHosts(key);
      for (const host of hosts) {
        this.#add(this.#stages.remote(host), ((copies / ways.length) * remoteMs) / hosts.length);
      }
    }
  }

  /** The sessions of a queue are among all those of its server. */
  #holdSessions(server: number, next: NextHop, database: number, heldMs: number): void {
    this.#add(this.#stages.queue(server, next.queue, next.key, database), heldMs);
    this.#add(this.#stages.outbound(server), heldMs);
  }

  /** Messages of a stream that have somebody in one of some places. */
  #messages({ sent }: Stream, destinations: readonly Destination[]): number {
    if (this.#hit === certainly) return destinations.length > 0 ? sent : 0;
    const first = destinations.reduce((sum, each) => sum + each.first, 0);
    const share = destinations.reduce((sum, each) => sum + each.share, 0);
    return first + Math.max(0, sent - first) * this.#hit(Math.min(1, share));
  }

  /** Messages go from one server to another. */
  #carry(from: number, to: number, messages: number): void {
    const { servers, siteLinks } = this.#tables.topology;
    const fromSite = servers[from]!.site;
    const toSite = servers[to]!.site;
    if (fromSite === toSite || fromSite < 0 || toSite < 0) return;
    for (const link of this.#connections.linksOf(fromSite, toSite)) {
      if (siteLinks[link]!.bandwidthBitsPerSecond === Number.POSITIVE_INFINITY) continue;
      this.#addUnits(this.#stages.link(link), messages * this.#sizeBytes * 8);
    }
  }

  /** TH: connections that are new to a service. */
  #connect(server: number, service: ReceivingService, connections: number): void {
    this.#addUnits(this.#stages.connections(server, service), connections);
  }

  /** CAP-21: as many as go over one, where they wait for each other. */
  #messagesPerConnection(server: number): number {
    return this.#settingsOf(server).transport.smtpMaxMessagesPerConnection;
  }

  #process(server: number, messages: number): void {
    this.#add(this.#stages.processor(server), messages * this.#settingsOf(server).hardware.cpuPerMessage);
  }

  /** A stage lasts at least as long as the processor needs. */
  #stageMs(server: number, meanMs: number): number {
    return Math.max(meanMs, this.#settingsOf(server).hardware.cpuPerMessage);
  }

  #add(stage: number, workMs: number): void {
    this.#addUnits(stage, workMs / 1_000);
  }

  #addUnits(stage: number, units: number): void {
    if (stage >= this.#work.length) {
      const grown = new Float64Array(2 * stage + 64);
      grown.set(this.#work);
      this.#work = grown;
    }
    this.#work[stage]! += units;
  }

  #holder(database: number): number {
    return this.#tables.topology.databases[database]!.copies[0]!;
  }

  #holders(shares: readonly (readonly [number, number])[]): readonly MailSource[] {
    const byHolder = new Map<number, number>();
    for (const [database, share] of shares) {
      const holder = this.#holder(database);
      byHolder.set(holder, (byHolder.get(holder) ?? 0) + share);
    }
    return [...byHolder].map(([server, share]) => ({ server, share, chooses: true, edge: null }));
  }

  /** Where mail from outside enters; what Edges do for it is added. */
  #fromOutside(): readonly MailSource[] {
    const { sources, edges } = outsideSources(this.#tables.topology);
    for (const { server, share } of edges) {
      const { hardware } = this.#settingsOf(server);
      this.#connect(server, 'transport', share);
      // Acceptance, categorizer and relay.
      this.#process(server, 3 * share);
      this.#add(this.#stages.categorizer(server), share * this.#stageMs(server, hardware.categorizerTime));
    }
    return sources;
  }
}

function certainly(): number {
  return 1;
}

/** How mailboxes are spread over databases: the share of each that has any, in name order. */
function sharesOf(mailboxes: Int32Array, databaseOf: Int32Array): readonly (readonly [number, number])[] {
  const counts = new Map<number, number>();
  for (const mailbox of mailboxes) {
    const database = databaseOf[mailbox]!;
    counts.set(database, (counts.get(database) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([database, count]) => [database, count / mailboxes.length] as const);
}
