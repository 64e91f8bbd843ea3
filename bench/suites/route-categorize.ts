import {
  compileRoutingTables,
  noRoute,
  type RoutingTables,
  resolveMessage,
} from '../../src/routing/index.js';
import { randomStreams } from '../../src/sim/kernel/index.js';
import { buildTopology, type Organization } from '../../src/topology/index.js';
import { ClearCategorizer, returned } from '../clear-categorizer.js';
import { ClearRouting } from '../clear-routing.js';
import { drawOrganization, large } from '../organizations.js';
import type { Suite } from '../suite.js';

/** The addresses of one message. */
const addressed = { mailboxes: 430, outside: 40, contacts: 9, unknown: 1, groups: 1 } as const;
/** Contacts of the organization, with an outside address each. */
const contacts = 100;
/** Groups of the organization: every other one of mailboxes, the next has that one as its only member. */
const groups = 20;
const membersOfGroup = 20;
/** Of messages in turn: the last is larger than some links and connectors take. */
const sizesBytes = [20_000, 100_000, 2_000_000, 30_000_000] as const;
const messagesChecked = 4;

/** What a categorizer works out for a message before it queues copies: RT-09, RT-28, RR-02, RR-07. */
export const routeCategorize500: Suite = {
  workload:
    '40 messages of 500 recipients, less those that come twice, to addresses by text: 430 random mailboxes of 100,000, 40 outside addresses, 9 ' +
    'contacts, 1 unknown, a group of 20 others, a quarter of 30 MB; resolved, routed and parted by queue at random servers of 200 in 40 ' +
    'sites, tables warm; an operation is a recipient; copies as at first, those of four messages as a clear ' +
    'implementation has them',
  unit: 'ops/s',
  setup: (quick) => {
    const topology = buildTopology(withContactsAndGroups(drawOrganization(large)));
    const tables = compileRoutingTables(topology);
    const categorizer = new Categorizer(tables);
    const messages = drawMessages(quick ? 8 : 40);
    const categorizeAll = () => {
      let copies = 0;
      for (const message of messages) copies += categorizer.categorize(message);
      return copies;
    };
    const expected = categorizeAll();
    let recipients = 0;
    for (const { server, addresses } of messages) {
      recipients += resolveMessage(topology, addresses, server).length;
    }
    const clear = new ClearCategorizer(topology, new ClearRouting(topology));
    let copies = 0;
    return {
      operations: recipients,
      run: () => {
        copies = categorizeAll();
      },
      check: () => {
        if (copies !== expected) return `${copies} copies, at first ${expected}`;
        for (const message of messages.slice(0, messagesChecked)) {
          const { server, addresses, sizeBytes } = message;
          categorizer.categorize(message);
          const expected = clear.categorize(server, addresses, sizeBytes);
          const wrong = firstDifference(expected, categorizer.copies());
          if (wrong !== undefined) return `${topology.servers[server]!.name}: ${wrong}`;
        }
        return undefined;
      },
    };
  },
};

/**
 * A message's recipients in one copy a delivery queue (RT-28), as the model does it: copies are found by the queue's
 * number, and their recipients are linked lists.
 */
class Categorizer {
  readonly #tables: RoutingTables;
  #message = 0;
  #sizeBytes = 0;
  /** By queue: the last message with a copy for it, and that copy. */
  #messageOfQueue = new Int32Array(1_024);
  #copyOfQueue = new Int32Array(1_024);
  /** By copy: its next hop (below 0: one of `noRoute`), its last recipient. */
  readonly #nextHops: number[] = [];
  readonly #last: number[] = [];
  /** By recipient: the one before it in its copy, -1 for none. */
  readonly #before: number[] = [];
  #addresses: string[] = [];
  #returned: string[] = [];
  #unreachable = -1;

  constructor(tables: RoutingTables) {
    this.#tables = tables;
  }

  /** @returns how many copies there are */
  categorize({ server, addresses, sizeBytes }: Message): number {
    const { topology } = this.#tables;
    this.#sizeBytes = sizeBytes;
    this.#message++;
    this.#nextHops.length = 0;
    this.#last.length = 0;
    this.#before.length = 0;
    this.#addresses.length = 0;
    this.#returned.length = 0;
    this.#unreachable = -1;
    for (const { address, resolved } of resolveMessage(topology, addresses, server)) {
      switch (resolved.kind) {
        case 'mailbox':
          this.#place(
            this.#tables.toDatabase(server, topology.recipients.mailboxDatabase[resolved.recipient]!),
            address,
          );
          break;
        case 'outside':
          this.#place(
            this.#tables.toOutside(
              server,
              this.#tables.internDomain(resolved.type, resolved.domain),
              this.#sizeBytes,
            ),
            address,
          );
          break;
        case 'distribution-group':
          this.#place(this.#tables.toExpansionServer(server, resolved.expansionServer), address);
          break;
        case 'ndr':
          this.#returned.push(address);
      }
    }
    return this.#nextHops.length;
  }

  /** The copies in words: recipients by queue. */
  copies(): ReadonlyMap<string, readonly string[]> {
    const copies = new Map<string, readonly string[]>();
    if (this.#returned.length > 0) copies.set(returned, this.#returned);
    for (const [copy, nextHop] of this.#nextHops.entries()) {
      const own: string[] = [];
      for (let at = this.#last[copy]!; at !== -1; at = this.#before[at]!) own.push(this.#addresses[at]!);
      copies.set(this.#queueText(nextHop), own.reverse());
    }
    return copies;
  }

  #queueText(nextHop: number): string {
    if (nextHop < 0) return 'unreachable';
    const { deliveryType, nextHopDomain } = this.#tables.nextHop(nextHop).key;
    return `${deliveryType} ${nextHopDomain}`;
  }

  #place(nextHop: number, address: string): void {
    // CN-04, AS-05.
    if (
      nextHop === noRoute.connectorsTooSmall ||
      (nextHop >= 0 && this.#sizeBytes > this.#tables.nextHop(nextHop).maxMessageSizeBytes)
    ) {
      this.#returned.push(address);
      return;
    }
    const copy = this.#copyFor(nextHop);
    this.#before.push(this.#last[copy]!);
    this.#last[copy] = this.#addresses.push(address) - 1;
  }

  #copyFor(nextHop: number): number {
    if (nextHop < 0) {
      if (this.#unreachable === -1) this.#unreachable = this.#open(nextHop);
      return this.#unreachable;
    }
    const { queue } = this.#tables.nextHop(nextHop);
    if (queue >= this.#messageOfQueue.length) this.#grow(queue);
    if (this.#messageOfQueue[queue] !== this.#message) {
      this.#messageOfQueue[queue] = this.#message;
      this.#copyOfQueue[queue] = this.#open(nextHop);
    }
    return this.#copyOfQueue[queue]!;
  }

  #open(nextHop: number): number {
    this.#last.push(-1);
    return this.#nextHops.push(nextHop) - 1;
  }

  #grow(queue: number): void {
    const [messages, copies] = [this.#messageOfQueue, this.#copyOfQueue];
    this.#messageOfQueue = new Int32Array(2 * queue);
    this.#copyOfQueue = new Int32Array(2 * queue);
    this.#messageOfQueue.set(messages);
    this.#copyOfQueue.set(copies);
  }
}

interface Message {
  readonly server: number;
  readonly addresses: readonly string[];
  readonly sizeBytes: number;
}

const addressOfMailbox = (mailbox: number) => {
  const database = mailbox % large.databases;
  return `user${1 + Math.floor(mailbox / large.databases)}.db${database}@contoso.com`;
};

function withContactsAndGroups(organization: Organization): Organization {
  const uniform = randomStreams('bench', 0)('groups');
  const below = (limit: number) => Math.floor(uniform() * limit);
  return {
    ...organization,
    contacts: Array.from({ length: contacts }, (_, n) => ({
      address: `contact${n}@contoso.com`,
      target: `friend${n}@d${n % 40}.example`,
    })),
    distributionGroups: Array.from({ length: groups }, (_, n) => ({
      address: `group${n}@contoso.com`,
      members:
        n % 2 === 1
          ? [`group${n - 1}@contoso.com`]
          : Array.from({ length: membersOfGroup }, () => addressOfMailbox(below(large.mailboxes))),
    })),
  };
}

function drawMessages(count: number): readonly Message[] {
  const uniform = randomStreams('bench', 0)('messages');
  const below = (limit: number) => Math.floor(uniform() * limit);
  const { mailboxes, outside, contacts: toContacts, unknown, groups: toGroups } = addressed;
  const several = (number: number, address: () => string) => Array.from({ length: number }, address);
  return Array.from({ length: count }, (_, n) => ({
    server: below(large.servers),
    sizeBytes: sizesBytes[n % sizesBytes.length]!,
    addresses: [
      ...several(mailboxes, () => addressOfMailbox(below(large.mailboxes))),
      ...several(
        outside,
        () => `someone${below(1_000)}@${below(2) === 0 ? '' : 'mail.'}d${below(100)}.example`,
      ),
      ...several(toContacts, () => `contact${below(contacts)}@contoso.com`),
      ...several(unknown, () => `nobody${below(1_000)}@contoso.com`),
      ...several(toGroups, () => `group${below(groups)}@contoso.com`),
    ],
  }));
}

/** Where two categorizations differ first, in words. */
function firstDifference(
  expected: ReadonlyMap<string, readonly string[]>,
  answer: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const queues = new Set([...expected.keys(), ...answer.keys()]);
  for (const queue of queues) {
    const [right, found] = [
      expected.get(queue)?.join(' ') ?? 'nobody',
      answer.get(queue)?.join(' ') ?? 'nobody',
    ];
    if (right !== found) return `${queue}: expected ${right}, got ${found}`;
  }
  return undefined;
}
