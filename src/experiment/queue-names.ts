import type { RoutingTables } from '../routing/index.js';
import type { Problem, Scenario } from '../scenario/index.js';
import { findByName, hintAt, normalizeName, type Topology } from '../topology/index.js';

/** QU-01, QU-03: the queues that every server has. */
const ofEveryServer = ['Submission', 'Unreachable Domain', 'Poison Message'];

/**
 * A warning for each queue that a threshold or a `queue-resubmission` names and that its server never has: its figures are
 * 0 whatever happens, and nothing is resubmitted. Domains and smart hosts may be anybody's, and are taken as they come.
 * @param file - how problems call the scenario's file
 */
export function warnOfQueues(scenario: Scenario, tables: RoutingTables, file: string): readonly Problem[] {
  const { topology } = tables;
  const known = knownQueues(topology);
  // A change of routing may give a server any of them.
  const mayChange = scenario.faults.some(
    ({ kind }) => kind === 'routing-change' || kind === 'random-failures',
  );
  const problem = (path: string, server: string, queue: string, of: string): Problem[] => {
    const isName = !/[.,:]/.test(queue) || /^site:/i.test(queue);
    const wanted = normalizeName(queue);
    const base = { file, line: 1, column: 1, path };
    if (isName && !known.some((each) => normalizeName(each) === wanted)) {
      const message = `${of} ${JSON.stringify(queue)}, which no server ever has`;
      return [{ ...base, message, hint: hintAt(queue, known) }];
    }
    const other = mayChange ? undefined : otherQueue(tables, server, wanted);
    if (other === undefined) return [];
    const message = `${of} ${JSON.stringify(queue)}, which ${server} never has`;
    return [{ ...base, message, hint: `mail for it goes to its queue ${JSON.stringify(other)}` }];
  };
  const ofThresholds = scenario.thresholds.flatMap(({ metricPath: [list, key = ''] }, index) => {
    if (list !== 'queues') return [];
    const server = topology.servers.find(({ name }) =>
      normalizeName(key).startsWith(`${normalizeName(name)}/`),
    );
    if (server === undefined) return [];
    const queue = key.slice(server.name.length + 1);
    return problem(`thresholds.${index}.metric`, server.name, queue, 'the figures of a queue');
  });
  const ofFaults = scenario.faults.flatMap((fault, index) =>
    fault.kind === 'queue-resubmission'
      ? problem(`faults.${index}`, fault.server, fault.queue.name, 'a queue')
      : [],
  );
  return [...ofThresholds, ...ofFaults];
}

/** The NextHopDomain of every queue that goes by the name of something (QU-04, QU-05). */
function knownQueues({ databases, dags, sites, connectors }: Topology): readonly string[] {
  return [
    ...ofEveryServer,
    ...[databases, dags, sites, connectors].flatMap((list) => list.map(({ name }) => name)),
    ...sites.flatMap(({ name }) => [8, 14, 15].map((version) => `Site:${name};Version:${version}`)),
  ];
}

/** The queue of a server for the mail of a database that it does not deliver to itself; undefined if it may have its own. */
function otherQueue(tables: RoutingTables, server: string, queue: string): string | undefined {
  const { databases, dags, sites, connectors, servers } = tables.topology;
  const isNamed = ({ name }: { readonly name: string }) => normalizeName(name) === queue;
  const database = databases.find(isNamed);
  if (database === undefined || [dags, sites, connectors].some((list) => list.some(isNamed)))
    return undefined;
  const { index, isEdge, isTransport } = servers[findByName(servers, server)]!;
  if (isEdge || !isTransport) return undefined;
  const id = tables.toDatabase(index, database.index);
  const { kind, key } = tables.nextHop(id);
  return kind === 'mailbox' ? undefined : key.nextHopDomain;
}
