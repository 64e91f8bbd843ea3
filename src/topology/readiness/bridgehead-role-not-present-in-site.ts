import { isTransportServer } from '../checks/checker.js';
import { compareNames, normalizeName } from '../names.js';
import type { ServerDescription } from '../organization.js';
import { type ReadinessRule, warns } from './kind.js';
import { defineMessage, listed, quoted, spelledAs } from './message.js';

type AboutSite = {
  readonly site: string;
  readonly version: string;
  readonly mailboxServers: readonly string[];
};

const siteWithoutTransport = defineMessage<AboutSite>(
  'site-without-transport',
  {
    en: ({ site, version, mailboxServers }) => ({
      statement: `No server in site ${quoted(site)} has the Hub Transport role of Exchange ${version}, but there are Exchange ${version} Mailbox servers: ${listed(mailboxServers)}. People can log on, but their mailboxes neither send nor receive mail.`,
      remedy: `Install the Hub Transport role of Exchange ${version} in the site, or move the mailboxes to a site that has it.`,
    }),
    de: ({ site, version, mailboxServers }) => ({
      statement: `Am Standort ${quoted(site)} hat kein Server die Hub-Transport-Serverrolle von Exchange ${version}, aber es gibt dort Postfachserver mit Exchange ${version}: ${listed(mailboxServers)}. Die Benutzer können sich anmelden, aber ihre Postfächer senden und empfangen keine Nachrichten.`,
      remedy: `Installieren Sie am Standort die Hub-Transport-Serverrolle von Exchange ${version}, oder verschieben Sie die Postfächer an einen Standort, der sie hat.`,
    }),
  },
  () => [],
);

const transportLeavesSite = defineMessage<AboutSite & { readonly server: string }>(
  'transport-leaves-site',
  {
    en: ({ server, site, version, mailboxServers }) => ({
      statement: `Server ${quoted(server)} is the last one with the Hub Transport role of Exchange ${version} in site ${quoted(site)}, and Exchange ${version} Mailbox servers stay there: ${listed(mailboxServers)}. Without it people can log on, but their mailboxes neither send nor receive mail.`,
      remedy: `Before you run Setup, install the Hub Transport role of Exchange ${version} on another server of the site, or move the mailboxes to a site that has it.`,
    }),
    de: ({ server, site, version, mailboxServers }) => ({
      statement: `Der Server ${quoted(server)} ist am Standort ${quoted(site)} der letzte mit der Hub-Transport-Serverrolle von Exchange ${version}, und es bleiben dort Postfachserver mit Exchange ${version}: ${listed(mailboxServers)}. Ohne ihn können sich die Benutzer anmelden, aber ihre Postfächer senden und empfangen keine Nachrichten.`,
      remedy: `Installieren Sie, bevor Sie das Setup ausführen, die Hub-Transport-Serverrolle von Exchange ${version} auf einem anderen Server des Standorts, oder verschieben Sie die Postfächer an einen Standort, der sie hat.`,
    }),
  },
  () => [],
);

/**
 * A site with Mailbox servers needs Hub Transport of their version (RT-20), else no mail flows. Setup warns when a Mailbox
 * server comes; here, of every site where it is so, and where it will be so without the removed server. A 2013 Mailbox
 * server brings its own Transport service. Rule: SR-06.
 */
export const bridgeheadRoleNotPresentInSite: ReadinessRule = {
  setupRule: 'BridgeheadRoleNotPresentInSite',
  messages: [siteWithoutTransport, transportLeavesSite],
  examine({ organization, removed }) {
    const staffs = new Map<string, { readonly site: string; readonly servers: ServerDescription[] }>();
    for (const server of organization.servers) {
      if (server.site === undefined) continue;
      const key = `${server.version} ${normalizeName(server.site)}`;
      const staff = staffs.get(key);
      if (staff === undefined) staffs.set(key, { site: server.site, servers: [server] });
      else staff.servers.push(server);
    }
    return [...staffs.values()]
      .sort((a, b) => compareNames(a.site, b.site) || compareNames(versionOf(a), versionOf(b)))
      .flatMap((staff) => {
        const staying = staff.servers.filter((server) => server !== removed);
        const mailboxServers = staying
          .filter(({ roles }) => roles.includes('mailbox'))
          .map(({ name }) => name)
          .sort(compareNames);
        if (mailboxServers.length === 0 || staying.some(isTransportServer)) return [];
        const site = spelledAs(organization.sites, staff.site);
        const about = { site, version: versionOf(staff), mailboxServers };
        return removed !== undefined && staff.servers.some(isTransportServer)
          ? [warns('SR-06', transportLeavesSite.about({ ...about, server: removed.name }))]
          : [warns('SR-06', siteWithoutTransport.about(about))];
      });
  },
};

function versionOf({ servers }: { readonly servers: readonly ServerDescription[] }): string {
  return servers[0]!.version;
}
