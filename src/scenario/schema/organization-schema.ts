import { z } from 'zod';
import type { AddressSpace } from '../../topology/index.js';
import { UnitError } from '../units.js';
import {
  anyAddress,
  bandwidth,
  choice,
  count,
  domain,
  duration,
  flag,
  line,
  list,
  mailboxAddress,
  name,
  share,
  size,
  sizeLimit,
  smtpAddress,
} from './leaves.js';
import { strictObject } from './objects.js';
import { serverSettingsSchema, settingsSchema } from './settings-schema.js';

/** The costs, sizes and counts that Exchange takes: AS-02, CN-05, AS-05, AS-03. */
const siteLinkCost = count(1, 99_999, 'AS-02');
const smallestLinkLimitBytes = 64 * 1_024;
/** Mailboxes of one pattern; the same cap holds for the organization. */
export const mostMailboxes = 1_000_000;
/** A round trip between sites on earth, and then some. */
const longestLatencyMs = 60_000;

const acceptedDomain = strictObject({
  name: domain,
  type: choice('authoritative', 'internal-relay', 'external-relay').default('authoritative'),
});

const site = strictObject({
  name,
  hub: flag.default(false),
  inboundMail: flag.default(true),
});

const siteLink = strictObject({
  name,
  sites: list(name, 'two or more sites'),
  cost: siteLinkCost.default(100),
  exchangeCost: siteLinkCost.optional(),
  maxMessageSize: sizeLimit(smallestLinkLimitBytes, 'AS-05').optional(),
  bandwidth: bandwidth.optional(),
  latency: duration(0, longestLatencyMs).prefault('1 ms'),
});

const server = strictObject({
  name,
  site: name.optional(),
  version: choice('2007', '2010', '2013').default('2013'),
  roles: list(choice('mailbox', 'client-access', 'hub-transport', 'edge'), 'roles').optional(),
  cores: count(1, 4_096).optional(),
  memory: size(1).optional(),
  queueDisk: size(1).optional(),
  queueDiskUsed: share.optional(),
  settings: serverSettingsSchema.optional(),
});

const dag = strictObject({
  name,
  members: list(name, 'servers'),
  witnessSite: name.optional().meta({ description: 'Without it, the site of the first member' }),
  automaticFailover: flag.default(true),
});

const database = strictObject({
  name,
  copies: list(name, 'servers'),
});

const connector = strictObject(
  {
    name,
    kind: choice('send', 'delivery-agent', 'foreign'),
    addressSpaces: list(
      z.string({ error: 'expected an address space' }).transform((text, context): AddressSpace => {
        try {
          return parseAddressSpace(text);
        } catch (error) {
          if (!(error instanceof UnitError)) throw error;
          context.addIssue({ code: 'custom', message: error.message });
          return z.NEVER;
        }
      }),
      'address spaces, such as `SMTP:*;10`',
    ),
    sourceServers: list(name, 'servers').default([]),
    scoped: flag.default(false),
    enabled: flag.default(true),
    maxMessageSize: sizeLimit().optional(),
    smartHosts: list(line, 'hosts').default([]),
    frontEndProxy: flag.default(false).meta({
      description: 'True: out by a Client Access server of the site (RT-43)',
    }),
  },
  {
    linkedReceiveConnector:
      'RT-08: linked connectors are gone; a Receive connector cannot force its mail out of one Send connector',
  },
);

const edgeSubscription = strictObject({
  edgeServer: name,
  site: name,
});

const distributionGroup = strictObject({
  address: smtpAddress,
  members: list(smtpAddress, 'addresses'),
  expansionServer: name.optional(),
});

const mailbox = strictObject({
  address: mailboxAddress,
  count: count(1, mostMailboxes).optional(),
  database: name,
  publicFolder: flag.default(false),
  quotaExceeded: flag.default(false),
  maxReceiveSize: sizeLimit().optional(),
  forwardTo: smtpAddress.meta({ description: 'Where mail for it goes instead (RR-07).' }).optional(),
  deliverAndForward: flag
    .meta({ description: 'With `forwardTo`: the mailbox gets its mail, too (RR-07).' })
    .default(false),
  acceptOnlyFrom: list(
    smtpAddress.meta({ description: 'A sender; mail from all others is returned (5.7.1).' }),
    'addresses',
  ).optional(),
});

const contact = strictObject({ address: smtpAddress, target: anyAddress });

/** An organization file (design 4.1), or the `organization` of a scenario that holds it inline. */
export const organizationSchema = strictObject({
  organization: domain,
  behavior: choice('2013', '2016').default('2013'),
  network: choice('any-path', 'least-cost-path').default('any-path'),
  acceptedDomains: list(acceptedDomain, 'domains').default([]),
  sites: list(site, 'sites'),
  siteLinks: list(siteLink, 'site links').default([]),
  servers: list(server, 'servers'),
  dags: list(dag, 'DAGs').default([]),
  databases: list(database, 'databases').default([]),
  connectors: list(connector, 'connectors').default([]),
  edgeSubscriptions: list(edgeSubscription, 'Edge subscriptions').default([]),
  distributionGroups: list(distributionGroup, 'distribution groups').default([]),
  mailboxes: list(mailbox, 'mailboxes').default([]),
  contacts: list(contact, 'contacts').default([]),
  settings: settingsSchema.optional(),
});

/** An organization as its file says it: the right shapes, units converted, nothing else checked. */
export type OrganizationInput = z.output<typeof organizationSchema>;

/**
 * `[Type:]space[;cost]` (CN-05): the type is SMTP unless given, the cost 1.
 * @throws UnitError on anything else
 */
function parseAddressSpace(text: string): AddressSpace {
  const match = /^(?:([A-Za-z0-9]+):)?(.*?)(?:;([^;=]*))?$/.exec(text.trim());
  const type = (match?.[1] ?? 'SMTP').toUpperCase();
  const space = (match?.[2] ?? '').trim();
  const cost = Number(match?.[3] ?? '1');
  if (!/^\d*$/.test(match?.[3] ?? '1') || !(cost >= 1 && cost <= 100)) {
    throw new UnitError('expected `Type:space;cost` with a cost from 1 to 100 (CN-05)');
  }
  if (space === '' || (type === 'SMTP' && !smtpSpace.test(space))) {
    throw new UnitError(
      'expected `SMTP:*`, `SMTP:*.domain` or `SMTP:domain`, with `;cost` if need be (CN-05)',
    );
  }
  return { type, space: space.toLowerCase(), cost };
}
const smtpSpace = /^(\*|(\*\.)?[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_])?)$/u;
