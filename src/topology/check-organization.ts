import { type LeftOut, OrganizationChecker, type OrganizationProblem } from './checks/checker.js';
import { checkConnectors } from './checks/connectors.js';
import { checkEdges } from './checks/edges.js';
import { checkRecipients } from './checks/recipients.js';
import { checkServers } from './checks/servers.js';
import { checkSites } from './checks/sites.js';
import { normalizeName } from './names.js';

export type { LeftOut, OrganizationList, OrganizationProblem } from './checks/checker.js';

export interface OrganizationCheck {
  /** What cannot be: with any of them there is no organization to build a topology of. */
  readonly errors: readonly OrganizationProblem[];
  /** What can be, but hardly was meant. */
  readonly warnings: readonly OrganizationProblem[];
}

/**
 * Holds an organization against itself: names, references, and the rules on what may stand beside what. Spellings
 * and ranges of single values are the decoder's. Finds all problems at once, in no particular order.
 */
export function checkOrganization(
  organization: OrganizationChecker['organization'],
  leftOut: LeftOut = {},
): OrganizationCheck {
  const checker = new OrganizationChecker(organization, leftOut);
  checkUniqueNames(checker);
  checkSites(checker);
  checkServers(checker);
  checkConnectors(checker);
  checkEdges(checker);
  checkRecipients(checker);
  return { errors: checker.errors, warnings: checker.warnings };
}

/** Names are unique within a kind, without regard to case (UN-02). */
function checkUniqueNames(checker: OrganizationChecker): void {
  const { organization } = checker;
  const lists = {
    acceptedDomains: ['accepted domain', organization.acceptedDomains],
    sites: ['site', organization.sites],
    siteLinks: ['site link', organization.siteLinks],
    servers: ['server', organization.servers],
    dags: ['DAG', organization.dags],
    databases: ['database', organization.databases],
    connectors: ['connector', organization.connectors],
  } as const;
  for (const [list, [what, elements]] of Object.entries(lists)) {
    const seen = new Set<string>();
    for (const [index, { name }] of elements.entries()) {
      if (seen.has(normalizeName(name))) {
        checker.error(
          [list, index, 'name'],
          `there is a ${what} named ${JSON.stringify(name)} already`,
          null,
          'names are unique within a kind, whatever their case',
        );
      }
      seen.add(normalizeName(name));
    }
  }
}
