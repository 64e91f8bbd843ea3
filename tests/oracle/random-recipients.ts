import type {
  ContactDescription,
  DatabaseDescription,
  DistributionGroupDescription,
  MailboxDescription,
  Organization,
  ServerDescription,
} from '../../src/topology/index.js';
import type { Dice } from './dice.js';
import { isTransport } from './server-roles.js';

const unlimited = Number.POSITIVE_INFINITY;
const megabyte = 1_024 ** 2;

/** Addresses that nobody in the organization has. */
export const strangers = [
  ...['x@partner.example', 'y@b.partner.example', 'Z@Fabrikam.com', 'w@c.example', 'v@elsewhere.net'],
  ...['u@relay.example', 't@ext.example', 'nobody@contoso.com', 'nobody@own.example'],
  ...['FAX:555', 'FAX:12', 'MOBILE:7', 'X400:abc', 'no address', 'SMTP:s@partner.example'],
];

/** Mailboxes, contacts and groups: chains, rings, nesting and expansion servers among them. */
export function drawRecipients(
  dice: Dice,
  {
    databases,
    servers,
  }: { readonly databases: readonly DatabaseDescription[]; readonly servers: readonly ServerDescription[] },
): Pick<Organization, 'mailboxes' | 'contacts' | 'distributionGroups'> {
  const mailboxNames = databases.flatMap((_, number) => [
    `u${number}@contoso.com`,
    ...(dice.chance(0.3) ? [`Second${number}@contoso.com`] : []),
  ]);
  const contactNames = ['c1@contoso.com', 'C2@contoso.com', 'c3@contoso.com'].slice(0, dice.below(4));
  const groupNames = ['g1@contoso.com', 'G2@contoso.com', 'g3@contoso.com'].slice(0, dice.below(4));
  const insiders = [...mailboxNames, ...contactNames, ...groupNames];
  const outside = ['x@partner.example', 'Out@Fabrikam.com', 'v@elsewhere.net', 'u@relay.example'];
  const anybody = () => dice.pick(insiders.length > 0 && dice.chance(0.8) ? insiders : outside);
  const mailboxes = mailboxNames.map((address): MailboxDescription => {
    const forwards = dice.chance(0.2);
    return {
      address,
      database: databases[Number(/\d+/.exec(address)![0])]!.name,
      quotaExceeded: dice.chance(0.1),
      maxReceiveSizeBytes: dice.chance(0.1) ? dice.pick([1, 5]) * megabyte : unlimited,
      ...(forwards ? { forwardTo: anybody() } : {}),
      deliverAndForward: forwards && dice.chance(0.5),
      ...(dice.chance(0.1) ? { acceptOnlyFrom: ['Boss@elsewhere.net', dice.pick(mailboxNames)] } : {}),
    };
  });
  const contacts = contactNames.map(
    (address): ContactDescription => ({
      address,
      target: dice.chance(0.1) ? 'FAX:555' : dice.chance(0.5) ? dice.pick(outside) : anybody(),
    }),
  );
  const expanders = servers.filter(isTransport).map((server) => server.name);
  const distributionGroups = groupNames.map(
    (address): DistributionGroupDescription => ({
      address,
      members: dice.some([...insiders, ...outside.slice(0, 2)], 1, 4),
      ...(dice.chance(0.4) ? { expansionServer: dice.pick(expanders) } : {}),
    }),
  );
  const crowd: MailboxDescription[] =
    databases.length > 0 && dice.chance(0.1)
      ? [{ ...plainMailbox, address: 'crowd{n}@contoso.com', count: 22, database: dice.pick(databases).name }]
      : [];
  return { mailboxes: [...mailboxes, ...crowd], contacts, distributionGroups };
}

const plainMailbox = { quotaExceeded: false, maxReceiveSizeBytes: unlimited, deliverAndForward: false };
