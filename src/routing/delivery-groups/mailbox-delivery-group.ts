import type { Database, MajorVersion, Topology } from '../../topology/index.js';
import type { DeliveryGroupDescription, DeliveryGroupKind } from './kind.js';
import { servesNothing } from './kind.js';

const versions: readonly MajorVersion[] = [8, 14, 15];

/**
 * One group a site and Exchange version: the site's transport servers of that version, serving its databases of
 * that version (RT-15, RT-20, IV-01), but for those of a routable DAG (RT-27). Members of a DAG serve the databases
 * outside it too (UN-10). A database of a 2010 DAG belongs to one site (RT-33), that of its first copy.
 */
export const mailboxDeliveryGroup: DeliveryGroupKind = {
  build: (topology) => {
    const databases = databasesBySiteAndVersion(topology);
    return topology.sites.flatMap((site) =>
      versions.flatMap((version): DeliveryGroupDescription[] => {
        const members = site.transportServers.filter(
          (server) => topology.servers[server]!.majorVersion === version,
        );
        const served = databases.get(site.index * 16 + version) ?? [];
        if (members.length === 0 && served.length === 0) return [];
        const name = `Site:${site.name};Version:${version}`;
        return [
          {
            name,
            members,
            serves: { ...servesNothing, databases: served },
            // QU-05: a remote 2013 database outside a DAG has no documented type; it is taken for one of these.
            relayKey: {
              deliveryType: 'SmtpRelayToMailboxDeliveryGroup',
              nextHopDomain: name,
              nextHopConnector: null,
            },
          },
        ];
      }),
    );
  },
};

function databasesBySiteAndVersion({ databases, servers }: Topology): Map<number, number[]> {
  const grouped = new Map<number, number[]>();
  const isInRoutableDag = (database: Database) => database.dag !== -1 && database.majorVersion === 15;
  for (const database of databases) {
    if (isInRoutableDag(database)) continue;
    const key = servers[database.copies[0]!]!.site * 16 + database.majorVersion;
    const group = grouped.get(key);
    if (group === undefined) grouped.set(key, [database.index]);
    else group.push(database.index);
  }
  return grouped;
}
