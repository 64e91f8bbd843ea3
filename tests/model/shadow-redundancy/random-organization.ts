import type { SettingOverrides } from '../../../src/sim/model/index.js';
import type { ServerDescription } from '../../../src/topology/index.js';
import type { Dice } from '../../oracle/dice.js';
import type { SmallOrganization } from '../small-organization.js';
import { hour, minute, second } from './held-mail.js';

/** Servers of 2013 that there are in each of these organizations. */
export const modern = ['P1', 'P2', 'Q1', 'R1', 'R2'];
/** A group may be in those after it. */
export const groupNames = ['near', 'far', 'both', 'all'];

/** What is drawn of an organization beside what all have. */
export interface OrganizationDraw {
  /** A server that is alone in its site, a hub of 2010 with mailboxes, perhaps an Edge. */
  readonly isMixed: boolean;
  /** Holders of the copies of DB1. */
  readonly copies: readonly string[];
  /** Mailboxes by database, beside those that forward and the one that is full. */
  readonly mailboxes: Readonly<Record<string, string>>;
}

/**
 * A DAG over two sites, a site without one, and whoever is in no boundary with others. Groups are nested, some of them
 * expanded elsewhere; mailboxes forward to one another, to groups and outside, in rings, too.
 */
export function drawOrganization(
  dice: Dice,
  { isMixed, copies, mailboxes }: OrganizationDraw,
): SmallOrganization {
  const hub = { site: 'R', version: '2010', roles: ['hub-transport', 'mailbox'] } as const;
  const further: Record<string, string | (Partial<ServerDescription> & { readonly site: string })> = isMixed
    ? { S1: 'S', H10: hub }
    : {};
  const databases = {
    ...{ DB1: copies, DBQ: ['Q1', 'P1'], DBR: ['R1'], DBR2: ['R2'] },
    ...(isMixed ? { DBS: ['S1'], DB10: ['H10'] } : {}),
  };
  const contacts = { contact: 'r2@contoso.com', outside: 'somebody@x.example' };
  const plain = { ...mailboxes, ...(isMixed ? { s: 'DBS', old: 'DB10' } : {}) };
  const forwarding = ['forwarding', 'keeping', 'third'];
  const people = [...Object.keys(plain), 'full', ...forwarding, ...Object.keys(contacts)];
  // Servers that may hold shadow copies of what they are to expand, too.
  const drawExpansionServer = () => (dice.chance(0.5) ? { expansionServer: dice.pick(modern) } : {});
  return {
    links: {
      'P-Q': { cost: 10, latencyMs: dice.pick([5, 5, 3_000]) },
      'Q-R': { cost: 10, latencyMs: dice.pick([20, 20, 3_000]) },
      ...(isMixed ? { 'R-S': { cost: 10, latencyMs: 1 } } : {}),
    },
    servers: { P1: 'P', P2: 'P', Q1: 'Q', R1: 'R', R2: 'R', ...further },
    ...(isMixed && dice.chance(0.5) ? { edges: { E1: 'R' } } : {}),
    behavior: dice.pick(['2013', '2013', '2016']),
    dags: { DAG1: { members: ['P1', 'P2', 'Q1'], automaticFailover: dice.chance(0.5) } },
    databases,
    mailboxes: {
      ...plain,
      full: { database: 'DBR', quotaExceeded: true },
      ...Object.fromEntries(
        forwarding.map((name) => [
          name,
          {
            database: dice.pick(['DB1', 'DBQ', 'DBR2']),
            forwardTo: addressOf(dice.pick([...people.filter((each) => each !== name), ...groupNames])),
            deliverAndForward: dice.chance(0.5),
          },
        ]),
      ),
    },
    contacts,
    connectors: [{ name: 'Internet', sourceServers: dice.pick([['R1'], ['P1', 'P2'], ['R1', 'P1']]) }],
    groups: groupNames.map((name, place) => ({
      address: addressOf(name),
      members: [...dice.some(people, 1, 5), ...dice.some(groupNames.slice(0, place), 0, 2)].map(addressOf),
      ...drawExpansionServer(),
    })),
  };
}

function addressOf(name: string): string {
  return `${name}@contoso.com`;
}

/** A few messages in the Submission queue are back pressure, before long at High. */
const submissionPressure = {
  submissionQueueNormal: 1,
  submissionQueueMedium: 3,
  submissionQueueHigh: 5,
  submissionQueueHighToMedium: 4,
  submissionQueueHistoryDepth: 3,
} as const;

/** What is drawn of the settings beside what is always. */
export interface SettingsDraw {
  readonly protects: boolean;
  /** What cannot be shadowed is refused for the moment (SH-03). */
  readonly rejects: boolean;
  /** Q1, the only one in its site, may have nobody to shadow with. */
  readonly mayBeAlone: boolean;
}

/** Settings of what protects the mail, and of how long it is on the way. */
export function drawSettings(dice: Dice, { protects, rejects, mayBeAlone }: SettingsDraw): SettingOverrides {
  return {
    hardware: {
      distribution: { kind: 'deterministic' },
      categorizerTime: dice.pick([75, 75, 2_000, 20_000]),
    },
    transport: {
      shadowRedundancyEnabled: protects,
      rejectMessageOnShadowFailure: rejects,
      ...(dice.chance(0.3) ? submissionPressure : {}),
      // Poison lies where it is.
      poisonThreshold: 10,
      categorizerSlots: dice.pick([1, 20]),
      shadowMessagePreferenceSetting: dice.pick([
        'PreferRemote',
        'RemoteOnly',
        mayBeAlone ? 'LocalOnly' : 'PreferRemote',
      ]),
      shadowHeartbeatFrequency: dice.pick([2 * minute, 10 * second, 30 * minute]),
      shadowResubmitTimeSpan: dice.pick([3 * hour, 20 * minute, 1 * minute]),
      shadowMessageAutoDiscardInterval: dice.pick([48 * hour, 48 * hour, 1 * minute]),
      outboundConnectionFailureRetryInterval: dice.pick([10 * minute, minute]),
    },
  };
}

/** Settings of those servers that have nobody to shadow with: if they refused what is not shadowed they would take nothing. */
export function settingsOfLoners(settings: SettingOverrides): Readonly<Record<string, SettingOverrides>> {
  const alone = { transport: { rejectMessageOnShadowFailure: false } };
  const isQ1Alone = settings['transport']!['shadowMessagePreferenceSetting'] === 'LocalOnly';
  return { S1: alone, ...(isQ1Alone ? { Q1: alone } : {}) };
}
