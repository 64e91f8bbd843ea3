import { expect, test } from 'vitest';
import { answerRouteQuestion } from '../../src/experiment/index.js';
import type { NextHopSolutionKey, RoutingTables } from '../../src/routing/index.js';
import type { TransportModel } from '../../src/sim/model/index.js';
import type { Organization } from '../../src/topology/index.js';
import { Dice } from '../oracle/dice.js';
import { asFile } from '../oracle/organization-file.js';
import { drawSmallOrganization } from '../oracle/random-organization.js';
import { strangers } from '../oracle/random-recipients.js';
import { type EndedRow, Recorder } from './recorder.js';
import { deterministicHardware, runOrganization } from './small-organization.js';

/*
 * Where nothing fails, a message of the model goes the way that `route --follow` tells, from queue to queue and from
 * server to server, whatever versions and Edges there are. In a new model the turn of equal servers is at the first by
 * name, which is the one that `route` takes.
 */

const defaultCount = 400;
const messagesEach = 4;
const count = Number(process.env['MAILFLOW_JOURNEYS'] ?? defaultCount);
const only = process.env['MAILFLOW_JOURNEYS_ONLY'];
const kilobyte = 1_024;

interface Letter {
  readonly from: string;
  readonly to: string;
  readonly sizeBytes: number;
}

/** What became of a message, in the words of `route`: where it was queued and for what, how and where it ended. */
interface Story {
  /** The first Transport service; null: none took it. */
  readonly start: string | null;
  readonly queues: readonly string[];
  readonly outcome: string;
  readonly server: string;
  /** Of a message that was returned, as far as it is told. */
  readonly code: string | null;
}

/** Notes where the first message is categorized and queued, until its recipient's end. */
class Follower extends Recorder {
  readonly categorizedOn: number[] = [];
  readonly entered: number[] = [];
  readonly #lengths = new Map<number, number>();
  last: EndedRow | undefined;

  override categorized(_atMs = 0, server = -1): void {
    if (this.last === undefined) this.categorizedOn.push(server);
  }
  override queueLength(_atMs = 0, queue = -1, length = 0): void {
    if (this.last === undefined && length > (this.#lengths.get(queue) ?? 0)) this.entered.push(queue);
    this.#lengths.set(queue, length);
  }
  override ended(...facts: Parameters<Recorder['ended']>): void {
    super.ended(...facts);
    this.last ??= this.ended_.find(({ message }) => message === 1);
  }
}

function simulated(organization: Organization, letter: Letter): { story: Story; model: TransportModel } {
  const follower = new Follower();
  const { model, simulation, send } = runOrganization(organization, deterministicHardware, follower);
  send(letter.from, [letter.to], letter.sizeBytes);
  simulation.runUntil(10 * 60_000);
  model.audit();
  const { last, categorizedOn, entered } = follower;
  const name = (server: number | undefined) => model.topology.servers[server ?? -1]?.name ?? 'nowhere';
  const stops = entered.map((queue) => ({ server: model.queueServer(queue), ...model.queueKey(queue) }));
  const waits = stops.at(-1)?.deliveryType === 'Unreachable' ? 'unreachable' : 'retry';
  const outcome = last === undefined ? waits : last.end === 'delivered' ? 'delivered' : 'ndr';
  return {
    model,
    story: {
      start: categorizedOn[0] === undefined ? null : name(categorizedOn[0]),
      queues: stops
        .filter(({ deliveryType }) => deliveryType !== 'Unreachable')
        .map(({ server, ...key }) => asText(name(server), key)),
      outcome: categorizedOn.length === 0 ? 'nobody took it' : outcome,
      server: name(last?.server ?? categorizedOn.at(-1)),
      code: last?.code ?? null,
    },
  };
}

function asText(
  server: string,
  { deliveryType, nextHopDomain, nextHopConnector }: NextHopSolutionKey,
): string {
  return [server, deliveryType, nextHopDomain, nextHopConnector].join(' ');
}

/** The Transport service that takes a message first: of those that are chosen the first by name. */
function firstServer(tables: RoutingTables, letter: Pick<Letter, 'from'>, to: readonly string[]) {
  const { servers, sites, databases, recipients } = tables.topology;
  const databaseOf = (address: string) => {
    const recipient = recipients.find(address.replace(/^SMTP:/, ''));
    return recipient !== -1 && recipient < recipients.mailboxCount
      ? recipients.mailboxDatabase[recipient]!
      : -1;
  };
  const considered = Int32Array.from(to.map(databaseOf).filter((database) => database !== -1));
  const chosenBy = (service: 'submission' | 'front-end', server: number) =>
    tables.selectTransport(service, server, considered, considered.length).tiers[0]?.servers[0];
  const from = databaseOf(letter.from);
  if (from !== -1) {
    const holder = servers[databases[from]!.copies[0]!]!;
    if (holder.majorVersion === 15) return chosenBy('submission', holder.index);
    const inSite = sites[holder.site]!.transportServers;
    return inSite.find((each) => servers[each]!.majorVersion === holder.majorVersion);
  }
  const isOpen = (site: number) => site !== -1 && sites[site]!.inboundMail;
  const edge = servers.find(({ isEdge, site }) => isEdge && isOpen(site));
  if (edge !== undefined) return edge.index;
  const frontEnd = servers.find(({ isFrontEnd, site }) => isFrontEnd && isOpen(site));
  return frontEnd && chosenBy('front-end', frontEnd.index);
}

function told(tables: RoutingTables, letter: Letter): Story {
  const start = firstServer(tables, letter, [letter.to]);
  if (start === undefined) {
    return { start: null, queues: [], outcome: 'nobody took it', server: 'nowhere', code: null };
  }
  const { recipients } = answerRouteQuestion(tables, {
    server: start,
    service: 'transport',
    recipients: [letter.to],
    sizeBytes: letter.sizeBytes,
    sender: letter.from,
    follow: true,
  });
  expect(recipients).toHaveLength(1);
  const { journey = [], end, ndr } = recipients[0]!;
  return {
    start: tables.topology.servers[start]!.name,
    queues: journey.map(({ server, queue }) => asText(server, queue)),
    outcome: end!.outcome,
    server: end!.server,
    code: ndr?.code ?? null,
  };
}

/** What `route` says and the model does not do. */
function differences(organization: Organization, letter: Letter): string[] {
  const { story, model } = simulated(organization, letter);
  const expected = told(model.tables, letter);
  census.add(story.outcome);
  for (const queue of story.queues) census.add(queue.split(' ')[1]!);
  if (model.topology.servers.some(({ name, isEdge }) => isEdge && name === story.start))
    census.add('by an Edge');
  const differs = (what: keyof Story) =>
    JSON.stringify(expected[what]) === JSON.stringify(story[what])
      ? []
      : [`${what}: told ${JSON.stringify(expected[what])}, went ${JSON.stringify(story[what])}`];
  const found = [
    ...differs('start'),
    ...differs('queues'),
    ...differs('outcome'),
    ...differs('server'),
    ...(expected.code === null ? [] : differs('code')),
  ];
  // `route` gives up when a message comes back to a server. Servers count its hops (5.4.6), or deliver what went out to
  // another address than it came in with.
  const comesBack = expected.outcome === 'ndr' && (story.code === '5.4.6' || story.outcome === 'delivered');
  const goesOn = story.queues.length > expected.queues.length;
  if (comesBack && goesOn && story.queues.join().startsWith(expected.queues.join())) {
    census.add('comes back');
    return [];
  }
  return found;
}

/** What the messages have met. */
const census = new Set<string>();

/** One recipient each is followed: groups and double delivery have tests of their own. */
function drawOrganization(dice: Dice): Organization {
  const drawn = drawSmallOrganization(dice);
  const mailboxes = drawn.mailboxes.map((mailbox) => ({ ...mailbox, deliverAndForward: false }));
  return { ...drawn, distributionGroups: [], mailboxes };
}

function insidersOf({ mailboxes }: Organization): readonly string[] {
  return mailboxes.map(({ address, count }) => (count === undefined ? address : address.replace('{n}', '1')));
}

/** Holds `check` for every organization; it gets dice of the organization's own. */
function forAll(
  check: (dice: Dice, organization: Organization) => readonly (readonly [string[], unknown])[],
): void {
  const numbers = only === undefined ? Array.from({ length: count }, (_, number) => number) : [Number(only)];
  for (const number of numbers) {
    const dice = new Dice('journeys', `organization ${number}`);
    const organization = drawOrganization(dice);
    for (const [found, letter] of check(dice, organization)) {
      const again = `MAILFLOW_JOURNEYS_ONLY=${number} npx vitest run tests/model/journeys.test.ts`;
      const whole = only === undefined ? '' : `\n${asFile(organization)}`;
      expect(found, `${again}\n${JSON.stringify(letter)}${whole}`).toEqual([]);
    }
  }
}

const most = { timeout: 240_000 * Math.ceil(count / defaultCount) };

test(`route --follow tells the way of messages in ${count} random organizations`, most, () => {
  forAll((dice, organization) => {
    const insiders = insidersOf(organization);
    const contacts = organization.contacts.map(({ address }) => address);
    const anybody = [...insiders, ...contacts, ...strangers];
    return Array.from({ length: messagesEach }, () => {
      const letter: Letter = {
        from: dice.chance(0.5) && insiders.length > 0 ? dice.pick(insiders) : 'boss@elsewhere.net',
        to: dice.pick(dice.chance(0.6) && insiders.length > 0 ? insiders : anybody),
        sizeBytes: dice.pick([100, 100, 100, 2_048, 5_120]) * kilobyte,
      };
      return [differences(organization, letter), letter] as const;
    });
  });
  if (only !== undefined) return;
  const met = [
    ...['delivered', 'ndr', 'unreachable', 'by an Edge', 'comes back'],
    ...['SmtpDeliveryToMailbox', 'MapiDelivery', 'SmtpRelayWithinAdSite', 'SmtpRelayToDag'],
    ...[
      'SmtpRelayToMailboxDeliveryGroup',
      'SmtpRelayToConnectorSourceServers',
      'SmtpRelayWithinAdSiteToEdge',
    ],
    ...['SmtpRelayToRemoteActiveDirectorySite', 'DnsConnectorDelivery', 'SmartHostConnectorDelivery'],
    ...['DeliveryAgent', 'NonSmtpGatewayDelivery'],
  ];
  expect([...census]).toEqual(expect.arrayContaining(met));
});

/** Messages with several recipients whose ways could be held against one another. */
let compared = 0;

/** How each recipient of one message ended, and where, in name order: what waits has not ended. */
function ends(organization: Organization, from: string, to: readonly string[]): string[] {
  const recorder = new Recorder();
  const { model, simulation, send } = runOrganization(organization, deterministicHardware, recorder);
  send(from, to, 100 * kilobyte);
  simulation.runUntil(10 * 60_000);
  const fates = model.audit();
  expect(fates.delivered + fates.returned).toBe(recorder.ended_.length);
  const place = (server: number) => model.topology.servers[server]?.name ?? 'nowhere';
  const found = recorder.ended_
    .filter(({ message }) => message === 1)
    .map(({ recipient, end, server, hops }) => {
      const address = model.recipientAddress(recipient).toUpperCase();
      return end === 'delivered'
        ? `${address} delivered on ${place(server)} after ${hops}`
        : `${address} ndr on ${place(server)}`;
    });
  model.forEachPending(({ message }, recipient, server) => {
    if (message === 1)
      found.push(`${model.recipientAddress(recipient).toUpperCase()} waits on ${place(server)}`);
  });
  const expected = endsAsTold(model.tables, from, to);
  if (expected === null) return [];
  const missing = expected.filter((each) => !found.includes(each)).map((each) => `told: ${each}`);
  const unexpected = found.filter((each) => !expected.includes(each)).map((each) => `went: ${each}`);
  return [...missing, ...unexpected];
}

/**
 * Null where recipients of one queue prefer different servers of a site (RT-35, and older hubs, which queue by site):
 * `route` tells each one's way, the model has one copy in a queue (RT-24, RT-28), which goes to one server.
 */
function endsAsTold(tables: RoutingTables, from: string, to: readonly string[]): string[] | null {
  const server = firstServer(tables, { from }, to);
  if (server === undefined) return to.map((address) => `${address.toUpperCase()} waits on nowhere`);
  const { recipients } = answerRouteQuestion(tables, {
    server,
    service: 'transport',
    recipients: to,
    sizeBytes: 100 * kilobyte,
    sender: from,
    follow: true,
  });
  const takers = new Map<string, string | undefined>();
  for (const { server: stop, queue, accepted } of recipients.flatMap(({ journey = [] }) => journey)) {
    const place = asText(stop, queue);
    if (takers.has(place) && takers.get(place) !== accepted?.server) return null;
    takers.set(place, accepted?.server);
  }
  compared++;
  return recipients.map(({ address, journey = [], end }) => {
    const where = `on ${end!.server}`;
    if (end!.outcome === 'delivered')
      return `${address.toUpperCase()} delivered ${where} after ${journey.length}`;
    return `${address.toUpperCase()} ${end!.outcome === 'ndr' ? 'ndr' : 'waits'} ${where}`;
  });
}

test(
  `route --follow tells the ends of messages with several recipients in ${count} random organizations`,
  most,
  () => {
    forAll((dice, organization) => {
      const plain = {
        ...organization,
        contacts: [],
        mailboxes: organization.mailboxes.map(({ forwardTo: _, ...mailbox }) => mailbox),
      };
      const insiders = insidersOf(plain);
      // Internal relay domains may come back to an Edge for ever.
      const outside = strangers.filter((address) =>
        /^\w@(partner|b\.partner|c|elsewhere)\.(example|net)$/.test(address),
      );
      return Array.from({ length: 2 }, () => {
        const from = dice.chance(0.5) && insiders.length > 0 ? dice.pick(insiders) : 'boss@elsewhere.net';
        const to = [...dice.some(insiders, 0, 5), ...dice.some(outside, 1, 2)];
        return [ends(plain, from, to), { from, to }] as const;
      });
    });
    if (only === undefined) expect(compared).toBeGreaterThan(1.5 * count);
  },
);
