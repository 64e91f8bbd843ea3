import type { Organization } from '../../src/topology/index.js';
import { Dice } from '../oracle/dice.js';
import { asFile } from '../oracle/organization-file.js';
import { drawSmallOrganization } from '../oracle/random-organization.js';
import { isFrontEnd } from '../oracle/server-roles.js';
import { drawFaults } from './random-faults.js';
import { drawServerSettings, drawSettings } from './random-settings.js';
import { drawReplay, drawWorkloads, type WorkloadFile } from './random-workloads.js';

const minute = 60_000;

/** A scenario drawn at random, and what is known of it. */
export interface RandomScenario {
  /** The scenario's file: JSON, which is YAML. */
  readonly file: string;
  /** The one file that its workloads name. */
  readonly replay: string;
  /** When all workloads and all faults are over. */
  readonly quietMs: number;
  /** Whether the run goes on until nothing moves any more. */
  readonly runsUntilEmpty: boolean;
  readonly auditEveryMs: number;
  /**
   * Whether there is a Mailbox server of 2007 or 2010 without a Hub Transport of its version in its site, or one in a site
   * that takes no mail (AS-07), or those near it refuse it for good: what its users send may stay in their outboxes for ever
   * (A-outbox-waits).
   */
  readonly muteServers: boolean;
  /** A server may refuse for good what it cannot have a shadow copy of (SH-03): who brings it keeps it. */
  readonly refusesUnshadowed: boolean;
  /** A server may be under pressure, and look at what it has every two seconds, for days. */
  readonly mayStayPressed: boolean;
  /** Sessions end after a second: what is too large for a slow link to bring by then never comes over it. */
  readonly timesOut: boolean;
  /**
   * Sources of connectors that go out by a front end of their site, which has none: what goes there stays until it
   * expires (RT-43).
   */
  readonly withoutFrontEnd: ReadonlySet<string>;
  /**
   * Edges subscribed to a site that takes no inbound mail: what they have for the organization stays until it expires
   * (AS-07).
   */
  readonly withoutWayIn: ReadonlySet<string>;
}

/** Draws the scenario of a number: the same for the same number. */
export function drawScenario(number: number): RandomScenario {
  const dice = new Dice('swarm', `scenario ${number}`);
  const drawn = withCrowds(dice, drawSmallOrganization(dice));
  const organization = dice.chance(0.6) ? withoutMuteServers(drawn) : drawn;
  const durationMs = dice.pick([2, 5, 10, 30, 60, 180]) * minute;
  const quietMs = Math.ceil(durationMs * dice.pick([1, 1.2, 2]));
  const runsUntilEmpty = dice.chance(0.85);
  const workloads = drawWorkloads(dice, organization, durationMs);
  const scenario = {
    mailflow: 1,
    name: `swarm-${number}`,
    seed: `${number}`,
    start: '08:00',
    duration: `${durationMs} ms`,
    ...(dice.chance(0.25) ? { warmUp: `${dice.below(durationMs)} ms` } : {}),
    drain: runsUntilEmpty ? 'until-empty' : `${quietMs - durationMs + dice.below(durationMs)} ms`,
    sampleEvery: dice.pick(['1 min', '10 min', '1 h']),
    settings: drawSettings(dice, 6),
    organization: forSimulation(dice, organization),
    workloads,
    faults: drawFaults(dice, organization, quietMs, timesIn(workloads)),
  };
  const auditEveryMs = Math.max(1_000, Math.min(60_000, Math.round(quietMs / dice.pick([40, 80, 120]))));
  const file = JSON.stringify(scenario);
  return {
    file,
    replay: drawReplay(dice, organization, durationMs),
    quietMs,
    runsUntilEmpty,
    auditEveryMs,
    muteServers: hasMuteServers(organization) || refusesUnshadowed(file) || mayStayPressed(file),
    refusesUnshadowed: refusesUnshadowed(file),
    mayStayPressed: mayStayPressed(file),
    timesOut: file.includes('"connectionTimeout":"1 s"'),
    withoutFrontEnd: sourcesWithoutFrontEnd(organization),
    withoutWayIn: edgesWithoutWayIn(organization),
  };
}

/** Whether a server may be under pressure that no end of a fault takes off. */
function mayStayPressed(file: string): boolean {
  return /"(percentage\w+|versionBuckets\w+|submissionQueue\w+|queueDiskUsed|memory|otherMemory|transportMemory)":/.test(
    file,
  );
}

function refusesUnshadowed(file: string): boolean {
  return file.includes('"rejectMessageOnShadowFailure":true');
}

/** When workloads begin, end or do what they do at a time. */
function timesIn(workloads: readonly WorkloadFile[]): readonly number[] {
  return [...JSON.stringify(workloads).matchAll(/"\+(\d+) ms"/g)].map(([, ms]) => Number(ms));
}

/** More mailboxes than the routing of single messages needs. */
function withCrowds(dice: Dice, organization: Organization): Organization {
  const crowds = organization.databases
    .filter(() => dice.chance(0.5))
    .map(({ name }, number) => ({
      address: `many${number}x{n}@contoso.com`,
      count: dice.between(1, 20),
      database: name,
      quotaExceeded: false,
      maxReceiveSizeBytes: Number.POSITIVE_INFINITY,
      deliverAndForward: false,
    }));
  return { ...organization, mailboxes: [...organization.mailboxes, ...crowds] };
}

interface OrganizationFile {
  readonly siteLinks: readonly object[];
  readonly servers: readonly object[];
  readonly dags: readonly object[];
  readonly [key: string]: unknown;
}

/** What routing does not read: speed of links and servers, failover, the behaviour profile. */
function forSimulation(dice: Dice, organization: Organization): OrganizationFile {
  const file = JSON.parse(asFile(organization)) as OrganizationFile;
  return {
    ...file,
    behavior: dice.pick(['2013', '2013', '2016']),
    ...(dice.chance(0.3) ? { settings: drawSettings(dice, 4) } : {}),
    siteLinks: file.siteLinks.map((link) => ({
      ...link,
      latency: `${dice.pick([0, 1, 20, 300])} ms`,
      ...(dice.chance(0.3) ? { bandwidth: `${dice.pick([1, 10, 100])} Mbit/s` } : {}),
    })),
    servers: file.servers.map((server) => ({
      ...server,
      ...(dice.chance(0.3) ? { cores: dice.pick([1, 2, 16]) } : {}),
      ...(dice.chance(0.1) ? { memory: dice.pick(['2 GB', '8 GB', '1024 GB']) } : {}),
      ...(dice.chance(0.1) ? { queueDisk: dice.pick(['501 MB', '2 GB', '40 GB']) } : {}),
      ...(dice.chance(0.1) ? { queueDiskUsed: dice.pick([0.1, 0.9, 0.97, 1]) } : {}),
      ...(dice.chance(0.15) ? { settings: drawServerSettings(dice) } : {}),
    })),
    dags: file.dags.map((dag) => ({
      ...dag,
      automaticFailover: dice.chance(0.75),
      ...(dice.chance(0.4) ? { witnessSite: dice.pick(organization.sites).name } : {}),
    })),
  };
}

/** Sites that take no inbound mail (AS-07). */
function closedSites({ sites }: Organization): ReadonlySet<string> {
  return new Set(sites.filter(({ inboundMail }) => !inboundMail).map(({ name }) => name));
}

function hasMuteServers(organization: Organization): boolean {
  const { servers } = organization;
  const closed = closedSites(organization);
  return servers.some(
    ({ version, roles, site }) =>
      roles.includes('mailbox') &&
      (closed.has(site ?? '') ||
        (version !== '2013' &&
          !servers.some(
            (other) =>
              other.version === version && other.site === site && other.roles.includes('hub-transport'),
          ))),
  );
}

/** The same without such servers: then no outbox may keep anything. */
function withoutMuteServers(organization: Organization): Organization {
  return {
    ...organization,
    sites: organization.sites.map((site) => ({ ...site, inboundMail: true })),
    servers: organization.servers.map((server) =>
      server.version !== '2013' && server.roles.includes('mailbox')
        ? { ...server, roles: ['hub-transport', 'mailbox'] }
        : server,
    ),
  };
}

function sourcesWithoutFrontEnd({ servers, connectors }: Organization): ReadonlySet<string> {
  const sites = new Set(servers.filter(isFrontEnd).map(({ site }) => site));
  const sources = new Set(
    connectors.flatMap(({ frontEndProxy, sourceServers }) => (frontEndProxy ? sourceServers : [])),
  );
  return new Set(
    servers.filter(({ name, site }) => sources.has(name) && !sites.has(site)).map(({ name }) => name),
  );
}

function edgesWithoutWayIn(organization: Organization): ReadonlySet<string> {
  const closed = closedSites(organization);
  return new Set(
    organization.edgeSubscriptions.filter(({ site }) => closed.has(site)).map(({ edgeServer }) => edgeServer),
  );
}
