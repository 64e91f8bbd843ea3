import { expect, test } from 'vitest';
import { counterStream, randomStreams, Simulation } from '../src/sim/kernel/index.js';
import { BouncingAddresses } from '../src/sim/model/bouncing-addresses.js';
import { Categorizer } from '../src/sim/model/categorizer.js';
import { DeliveryQueues } from '../src/sim/model/delivery-queues.js';
import { FrontEndTransport } from '../src/sim/model/front-end-transport.js';
import { resolveSettings, type TransportObserver } from '../src/sim/model/index.js';
import { MailboxDelivery } from '../src/sim/model/mailbox-delivery.js';
import { none } from '../src/sim/model/message-store.js';
import { makeNewMessage } from '../src/sim/model/new-message.js';
import { RecipientEndings } from '../src/sim/model/recipient-endings.js';
import { SafetyNet } from '../src/sim/model/safety-net/safety-net.js';
import { TransportService } from '../src/sim/model/transport-service.js';
import { buildTopology, type Organization } from '../src/topology/index.js';
import { bareContext } from '../tests/model/bare-context.js';
import { silent } from '../tests/model/silent-observer.js';
import { ClearCategorizer, returned } from './clear-categorizer.js';
import { ClearRouting } from './clear-routing.js';
import { drawOrganization } from './organizations.js';

const megabyte = 1_024 ** 2;
/** Just what some links and connectors take, and more: see `drawOrganization`. */
const sizesBytes = [20_000, 20 * megabyte, 20 * megabyte + 1, 25 * megabyte, 25 * megabyte + 1] as const;
const mailboxesEach = 3;
const contacts = 20;
const groups = 12;

/** Copies in words: recipients by queue. */
type Copies = readonly (readonly [queue: string, recipients: readonly string[]])[];

/** The categorizer of the model, wired as there; no time passes, so that what it queues stays. */
class ModelCategorizer {
  readonly #context;
  readonly #endings: RecipientEndings;
  readonly #categorizer: Categorizer;
  #returned: string[] = [];

  constructor(described: Organization) {
    const simulation = new Simulation();
    const unlimited = { maxSendSize: 2_048 * megabyte, maxReceiveSize: 2_048 * megabyte };
    const settings = resolveSettings('2013', { transport: unlimited });
    const observer: TransportObserver = {
      ...silent,
      ended: (_atMs, end, _message, recipient) => {
        expect(end).toBe('returned');
        this.#returned.push(this.#context.addressBook.address(recipient));
      },
    };
    const context = bareContext({
      simulation,
      organization: described,
      settings,
      serviceDraws: counterStream('categorizer', 0, 'service times'),
      observer,
    });
    this.#context = context;
    const notifications = { nonDelivery: () => {} };
    const later = () => expect.fail('time has passed');
    this.#endings = new RecipientEndings(context, notifications);
    const safetyNet = new SafetyNet(
      context,
      this.#endings,
      { enqueue: later, submit: later, protect: later },
      context.shadows,
    );
    const mailboxDelivery = new MailboxDelivery(context, this.#endings, notifications, safetyNet);
    const transport = new TransportService(context, later, later, later);
    const frontEnd = new FrontEndTransport(context, transport, this.#endings);
    const bouncing = new BouncingAddresses(context, this.#endings, frontEnd);
    const queues = new DeliveryQueues(context, transport, mailboxDelivery, this.#endings, bouncing, later);
    this.#categorizer = new Categorizer(context, this.#endings, notifications, mailboxDelivery, () => queues);
  }

  categorize({ server, from, to, sizeBytes }: Message): Copies {
    const { store, addressBook, queueDatabases, routing } = this.#context;
    this.#returned = [];
    const ids = to.map((address) => addressBook.intern(address));
    const sender = addressBook.intern(from);
    const copy = makeNewMessage(this.#context, this.#endings, sender, ids, ids.length, sizeBytes, 'normal');
    const message = store.copyMessage[copy]!;
    store.copyServer[copy] = server;
    queueDatabases.hold(copy);
    // The slot of a message without copies may be had again.
    store.keep(message);
    this.#categorizer.categorize(copy);
    const copies: (readonly [string, readonly string[]])[] = [];
    store.forEachCopyOf(new Set([message]), (made) => {
      expect(store.copyServer[made]).toBe(server);
      const nextHop = store.copyNextHop[made]!;
      const recipients = store.recipientsOf(made).map((recipient) => addressBook.address(recipient));
      const { key } = nextHop === none ? { key: null } : routing.nextHop(server, nextHop);
      copies.push([key === null ? 'unreachable' : `${key.deliveryType} ${key.nextHopDomain}`, recipients]);
    });
    if (this.#returned.length > 0) copies.push([returned, this.#returned]);
    return copies;
  }
}

interface Message {
  readonly server: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly sizeBytes: number;
}

/** A drawn organization with contacts and groups, some of which hold other groups, one another and themselves. */
function draw(sites: number, links: number) {
  const databases = 6 * sites;
  const mailboxes = mailboxesEach * databases;
  const uniform = randomStreams('bench', 0)(`categorizer of ${sites} sites`);
  const below = (limit: number) => Math.floor(uniform() * limit);
  const some = (most: number, address: () => string) => Array.from({ length: below(most + 1) }, address);
  const mailbox = () => `user${1 + below(mailboxesEach)}.db${below(databases)}@contoso.com`;
  const contact = () => `contact${below(contacts)}@contoso.com`;
  const group = () => `group${below(groups)}@contoso.com`;
  const outside = () => `someone${below(50)}@${below(2) === 0 ? '' : 'mail.'}d${below(60)}.example`;
  const unknown = () => `nobody${below(9)}@contoso.com`;
  const shouted = (address: string) => (below(5) === 0 ? address.toUpperCase() : address);
  const size = { sites, servers: 5 * sites, links, connectors: 40, databases, mailboxes };
  const described: Organization = {
    ...drawOrganization(size),
    contacts: Array.from({ length: contacts }, (_, n) => ({
      address: `contact${n}@contoso.com`,
      target: `friend${n}@d${3 * n}.example`,
    })),
    distributionGroups: Array.from({ length: groups }, (_, n) => ({
      address: `group${n}@contoso.com`,
      members: [...new Set([...some(8, mailbox), ...some(2, contact), ...some(2, group)])],
    })),
  };
  const messages = Array.from({ length: 150 }, (_, n): Message => {
    const inside = [...some(30, mailbox), ...some(3, contact), ...some(2, group)].map(shouted);
    return {
      server: below(size.servers),
      from: mailbox(),
      to: [mailbox(), ...inside, ...some(8, outside), ...some(1, unknown)],
      sizeBytes: sizesBytes[n % sizesBytes.length]!,
    };
  });
  return { described, messages };
}

/**
 * In an order of their own: the clear categorizer has another than the store. To the model a contact is its target from
 * the beginning.
 */
function sorted(copies: Copies, { contacts }: Organization): Copies {
  const targets = new Map(contacts.map(({ address, target }) => [address, target]));
  return copies
    .map(([queue, to]) => [queue, to.map((address) => targets.get(address) ?? address).sort()] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

test.each([
  [8, 7],
  [12, 20],
  [25, 46],
])(
  'RT-09, RT-28, RR-02, RR-06: on %i sites with %i links the copies of the model are those of the clear implementation',
  (sites, links) => {
    const { described, messages } = draw(sites, links);
    const topology = buildTopology(described);
    const model = new ModelCategorizer(described);
    const clear = new ClearCategorizer(topology, new ClearRouting(topology));
    const met = { copies: 0, returned: 0, most: 0 };
    for (const message of messages) {
      const copies = model.categorize(message);
      const expected = [...clear.categorize(message.server, message.to, message.sizeBytes)];
      expect(sorted(copies, described)).toEqual(sorted(expected, described));
      met.copies += copies.length;
      if (copies.some(([queue]) => queue === returned)) met.returned++;
      met.most = Math.max(met.most, ...copies.map(([, recipients]) => recipients.length));
    }
    expect(met.copies).toBeGreaterThan(5 * messages.length);
    expect(met.returned).toBeGreaterThan(20);
    expect(met.most).toBeGreaterThan(5);
  },
);
