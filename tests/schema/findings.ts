import { answerRouteQuestion, compileScenario, runExperiment } from '../../src/experiment/index.js';
import { compileRoutingTables } from '../../src/routing/index.js';
import { decodeOrganization, decodeScenario, ScenarioError } from '../../src/scenario/index.js';
import { buildTopology } from '../../src/topology/index.js';
import { type Changes, replayTable } from './documents.js';

/**
 * Makes a scenario busy: mail of every sort, a burst, messages beyond 5 MB, moves, and outages long enough for every
 * stage of the retry ladder. What a leaf's row puts at index 0 of a list stays there.
 */
export const busy: Changes = {
  'organization.databases.2': { name: 'DB0', copies: ['S1'] },
  'organization.mailboxes.2': { address: 's@contoso.com', database: 'DB0' },
  'organization.mailboxes.3': { address: 'one@contoso.com', database: 'DB1' },
  'workloads.1': {
    ...{
      kind: 'arrivals',
      name: 'mixed',
      arrival: 'deterministic',
      messagesPerSecond: 0.2,
      from: 's@contoso.com',
    },
    to: [
      ...['u1@contoso.com', 'u2@contoso.com', 'g@contoso.com', 'c@contoso.com', 's@contoso.com'],
      ...[
        'nobody@contoso.com',
        'x@fabrikam.com',
        'x@partner.example',
        'x@tailspin.example',
        'one@contoso.com',
      ],
    ],
  },
  'workloads.2': {
    ...{ kind: 'arrivals', name: 'large', at: ['+10 min'], from: 's@contoso.com', size: { fixed: '6 MB' } },
    to: ['u1@contoso.com', 'x@partner.example', 's@contoso.com'],
  },
  'workloads.3': {
    ...{ kind: 'arrivals', name: 'burst', messagesPerSecond: 400, start: '+12 min', end: '+723 s' },
    ...{
      from: 's@contoso.com',
      to: ['u1@contoso.com', 'one@contoso.com', 's@contoso.com'],
      size: { fixed: '1 KB' },
    },
  },
  'workloads.4': {
    ...{ kind: 'arrivals', name: 'outside', messagesPerSecond: 0.5, from: 'a@b.example' },
    to: ['u1@contoso.com', 's@contoso.com'],
  },
  'workloads.5': {
    ...{ kind: 'arrivals', name: 'inside', messagesPerSecond: 0.2, from: 'u2@contoso.com' },
    to: ['s@contoso.com', 'u1@contoso.com', 'x@partner.example'],
  },
  'faults.1': { kind: 'site-link-outage', link: 'AB', at: '+20 min', for: '36 min' },
  'faults.2': { kind: 'database-move', database: 'DB2', to: 'S3', at: '+5 min', outage: '0 s' },
  'faults.3': { kind: 'database-outage', database: 'DB2', at: '+11 min', for: '8 min' },
  'faults.4': { kind: 'service-outage', server: 'S1', service: 'transport', at: '+30 min', for: '2 min' },
  'faults.5': { kind: 'service-outage', server: 'S1', service: 'front-end', at: '+3 min', for: '1 min' },
  'faults.6': { kind: 'service-outage', server: 'S2', service: 'front-end', at: '+3 min', for: '1 min' },
  'faults.7': { kind: 'service-outage', server: 'S3', service: 'front-end', at: '+3 min', for: '1 min' },
};

/** What is at index 0 where the row under test does not say. */
export const idle: Changes = {
  'workloads.0': { kind: 'arrivals', at: ['+1 s'], from: 'u1@contoso.com', to: 'u2@contoso.com' },
  'faults.0': {
    kind: 'service-outage',
    server: 'S2',
    service: 'mailbox-submission',
    at: '+40 min',
    for: '1 min',
  },
};

/** What mailflow finds out from a document: by simulation, and by asking for routes. */
export interface Findings {
  /** Null: the document can be routed, but not simulated. */
  readonly run: unknown;
  readonly routes: unknown;
}

const files: Readonly<Record<string, string>> = {
  'replay.csv': replayTable,
  'other.csv': replayTable.replace('1000', '1500'),
};

export async function findings(document: unknown): Promise<Findings> {
  const { organization } = document as { readonly organization: unknown };
  const readFile = (name: string) => ({ name, content: new TextEncoder().encode(files[name]!) });
  let run: unknown = null;
  try {
    run = await simulated(decodeScenario(JSON.stringify(document), 'leaf.json', { readFile }).scenario);
  } catch (error) {
    if (!(error instanceof ScenarioError) || !/` is not built yet: /.test(error.message)) throw error;
  }
  return { run, routes: routed(decodeOrganization(JSON.stringify(organization), 'leaf.json').organization) };
}

async function simulated(scenario: Parameters<typeof runExperiment>[0]): Promise<unknown> {
  const rows: string[] = [];
  const { summary } = await runExperiment(scenario, compileScenario(scenario), {
    version: 'test',
    sink: (table, cells) => rows.push(`${table},${cells.join()}`),
    recordMessages: true,
  });
  // The hash of the scenario differs in any case.
  const { name } = summary.scenario;
  return { ...summary, scenario: { name }, rows };
}

function routed(organization: Parameters<typeof buildTopology>[0]): unknown {
  const tables = compileRoutingTables(buildTopology(organization));
  const { recipients, servers } = tables.topology;
  const addresses = [
    ...recipients.addresses,
    'x@partner.example',
    'x@fabrikam.com',
    'nobody@contoso.com',
    'FAX:555',
  ];
  return servers.flatMap(({ index }) =>
    (['transport', 'front-end', 'submission'] as const).flatMap((service) =>
      [1_024, 6_291_456].map((sizeBytes) => {
        try {
          return answerRouteQuestion(tables, { server: index, service, recipients: addresses, sizeBytes });
        } catch (error) {
          return String(error);
        }
      }),
    ),
  );
}
