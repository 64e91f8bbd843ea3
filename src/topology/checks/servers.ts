import { normalizeName } from '../names.js';
import type { ServerDescription } from '../organization.js';
import type { OrganizationChecker } from './checker.js';

/** Section 19 of the reference. */
const mostDagMembers = 16;

/** Servers, DAGs and databases. */
export function checkServers(checker: OrganizationChecker): void {
  for (const [index, server] of checker.organization.servers.entries()) {
    const path = ['servers', index, 'roles'];
    if (server.roles.includes('edge')) checkEdge(checker, server, index);
    else if (server.site !== undefined) {
      checker.resolve(checker.sites, 'site', server.site, ['servers', index, 'site'], 'AS-08, SR-07');
    }
    checker.refuseRepeats(server.roles, path);
    if (server.roles.length === 0) checker.error(path, 'expected at least one role');
    const hub = server.roles.indexOf('hub-transport');
    if (server.version === '2013' && hub !== -1) {
      checker.error(
        [...path, hub],
        'a 2013 server has no hub-transport role: its Transport service comes with mailbox',
        'RT-14',
      );
    }
  }
  const dagOf = checkDags(checker);
  checkDatabases(checker, dagOf);
}

function checkEdge(checker: OrganizationChecker, server: ServerDescription, index: number): void {
  const name = JSON.stringify(server.name);
  if (server.roles.length > 1) {
    checker.error(['servers', index, 'roles'], `an Edge has no other role than edge: ${name} has`, 'RT-56');
  }
  if (server.site !== undefined) {
    checker.error(
      ['servers', index, 'site'],
      `an Edge stands in no site: ${name} has a site of its own`,
      'RT-57',
      'leave `site` out, and subscribe the Edge to the site under `edgeSubscriptions`',
    );
  }
}

/** Checks the DAGs and answers the index of each member's, by its normalized name. */
function checkDags(checker: OrganizationChecker): ReadonlyMap<string, number> {
  const dagOf = new Map<string, number>();
  for (const [index, dag] of checker.organization.dags.entries()) {
    const path = ['dags', index, 'members'];
    const members = checker.resolveServers(dag.members, path);
    if (dag.witnessSite !== undefined) {
      checker.resolve(checker.sites, 'site', dag.witnessSite, ['dags', index, 'witnessSite']);
    }
    if (dag.members.length === 0) checker.warn(path, `DAG ${JSON.stringify(dag.name)} has no members`);
    if (dag.members.length > mostDagMembers) {
      checker.error(path, `a DAG has at most ${mostDagMembers} members, not ${dag.members.length}`, 'AM');
    }
    const first = members[0]?.server;
    for (const { server, path: at } of members) {
      const other = dagOf.get(normalizeName(server.name));
      if (other !== undefined && other !== index) {
        const name = JSON.stringify(checker.organization.dags[other]!.name);
        checker.error(at, `server ${JSON.stringify(server.name)} is in DAG ${name} already`, 'RT-02');
      }
      dagOf.set(normalizeName(server.name), index);
      if (server.version !== first?.version) {
        checker.error(
          at,
          `a DAG has servers of one version: ${JSON.stringify(server.name)} is ${server.version}, ` +
            `${JSON.stringify(first?.name)} is ${first?.version}`,
          'RT-19',
        );
      } else if (server.version === '2007') {
        checker.error(at, `server ${JSON.stringify(server.name)} is 2007, which has no DAGs`, 'RT-19');
      }
      if (!server.roles.includes('mailbox')) {
        checker.error(at, `server ${JSON.stringify(server.name)} has no mailbox role`, 'RT-19');
      }
    }
  }
  return dagOf;
}

function checkDatabases(checker: OrganizationChecker, dagOf: ReadonlyMap<string, number>): void {
  for (const [index, database] of checker.organization.databases.entries()) {
    const path = ['databases', index, 'copies'];
    const name = JSON.stringify(database.name);
    if (database.copies.length === 0) checker.error(path, `database ${name} has no copy`);
    const holders = checker.resolveServers(database.copies, path);
    for (const { server, path: at } of holders) {
      if (!server.roles.includes('mailbox')) {
        checker.error(at, `server ${JSON.stringify(server.name)} has no mailbox role`, 'RT-04');
      }
    }
    if (database.copies.length < 2 || checker.leftOut.dags !== undefined) continue;
    const dag = dagOf.get(normalizeName(holders[0]?.server.name ?? ''));
    for (const { server, path: at } of holders) {
      if (dag !== undefined && dagOf.get(normalizeName(server.name)) === dag) continue;
      const dagName = dag === undefined ? undefined : JSON.stringify(checker.organization.dags[dag]!.name);
      checker.error(
        at,
        dagName === undefined
          ? `database ${name} has more than one copy, but its first holder is in no DAG`
          : `server ${JSON.stringify(server.name)} holds a copy of ${name} but is not in DAG ${dagName}`,
        'RT-27',
        'all copies of a database are in one DAG; outside any DAG it has one copy',
      );
      if (dag === undefined) break;
    }
  }
}
