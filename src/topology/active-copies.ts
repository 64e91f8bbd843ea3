import { normalizeName } from './names.js';
import type { Organization } from './organization.js';

/**
 * The organization with other copies active: the named holder of each database comes first among its copies. For a DAG
 * of Exchange 2010 this changes routes: its databases belong to the site of their active copy (RT-33).
 * @param active - holders by database; those without a copy of it change nothing
 */
export function withActiveCopies(
  organization: Organization,
  active: ReadonlyMap<string, string>,
): Organization {
  const holders = new Map([...active].map(([name, holder]) => [normalizeName(name), normalizeName(holder)]));
  return {
    ...organization,
    databases: organization.databases.map((database) => {
      const holder = holders.get(normalizeName(database.name));
      const isHolder = (copy: string) => normalizeName(copy) === holder;
      const { copies } = database;
      return {
        ...database,
        copies: [...copies.filter(isHolder), ...copies.filter((copy) => !isHolder(copy))],
      };
    }),
  };
}
