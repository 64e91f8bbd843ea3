import type { Organization, ServerDescription } from '../../src/topology/index.js';
import type { Dice } from './dice.js';
import type { OracleQuestion, Outage, Service } from './oracle-answer.js';
import { strangers } from './random-recipients.js';
import { isTransport } from './server-roles.js';

const megabyte = 1_024 ** 2;

/** Draws a question that can be asked of an organization. */
export function drawQuestion(dice: Dice, organization: Organization): OracleQuestion {
  const service = dice.pick<Service>(['transport', 'transport', 'transport', 'front-end', 'submission']);
  const able = organization.servers.filter((each) => has(organization, each, service));
  if (able.length === 0) return drawQuestion(dice, organization);
  return {
    server: dice.pick(able).name,
    service,
    recipients: drawAddresses(dice, organization),
    sizeBytes: dice.pick([100 * 1_024, 100 * 1_024, 100 * 1_024, 2 * megabyte, 5 * megabyte, 30 * megabyte]),
    sender: dice.chance(0.25)
      ? dice.pick(['boss@elsewhere.net', 'U0@contoso.com', 'x@partner.example'])
      : undefined,
    outage: dice.chance(0.6) ? drawOutage(dice, organization) : undefined,
    active: organization.databases
      .filter((each) => each.copies.length > 1 && dice.chance(0.4))
      .map(({ name, copies }) => ({ database: name, server: dice.pick(copies) })),
    follow: dice.chance(0.5),
    fanOut: dice.pick(['next-hop', 'fork-site', 'fork-site-without-dags']),
    submissionReach: dice.chance(0.8) ? 'any-site' : 'own-site',
  };
}

function has(organization: Organization, server: ServerDescription, service: Service): boolean {
  const isNew = server.version === '2013';
  if (service === 'front-end') return isNew && server.roles.includes('client-access');
  if (service === 'submission') return isNew && server.roles.includes('mailbox');
  if (!server.roles.includes('edge')) return isTransport(server);
  return organization.edgeSubscriptions.some((each) => each.edgeServer === server.name);
}

function drawAddresses(dice: Dice, { mailboxes, contacts, distributionGroups }: Organization): string[] {
  const insiders = [
    ...mailboxes.flatMap((each) => (each.count === undefined ? each.address : [])),
    ...contacts.map((each) => each.address),
    ...distributionGroups.map((each) => each.address),
  ];
  const crowd = mailboxes.find((each) => each.count !== undefined);
  const many =
    crowd !== undefined && dice.chance(0.5)
      ? Array.from({ length: crowd.count! }, (_, place) => crowd.address.replace('{n}', String(place + 1)))
      : [];
  const drawn = [...dice.some(insiders, 0, 6), ...dice.some(strangers, 0, 3), ...many];
  const addresses = drawn.length > 0 ? drawn : [dice.pick(strangers)];
  const repeated = dice.chance(0.1) ? [addresses[0]!.toUpperCase()] : [];
  return [...dice.shuffle(addresses), ...repeated];
}

function drawOutage(dice: Dice, { servers, sites, siteLinks }: Organization): Outage {
  const share = dice.pick([0.1, 0.3, 0.6]);
  const names = (list: readonly { readonly name: string }[], probability: number) =>
    dice.each(list, probability).map((each) => each.name);
  return {
    servers: names(servers, share),
    sites: dice.chance(0.4) ? names(sites, 0.2) : [],
    links: dice.chance(0.4) ? names(siteLinks, 0.3) : [],
  };
}
