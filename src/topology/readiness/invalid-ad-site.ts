import { isEdge } from '../checks/checker.js';
import { compareNames, normalizeName } from '../names.js';
import { blocks, type ReadinessRule } from './kind.js';
import { defineMessage, quoted } from './message.js';

const remedy = {
  en: 'Assign the subnet of the server to a site in Active Directory Sites and Services, wait until the server knows it, then run Setup again.',
  de: 'Ordnen Sie das Subnetz des Servers in Active Directory-Standorte und -Dienste einem Standort zu, warten Sie, bis der Server ihn kennt, und führen Sie das Setup erneut aus.',
};

const unknownSite = defineMessage<{ readonly server: string; readonly site: string }>(
  'site-does-not-exist',
  {
    en: ({ server, site }) => ({
      statement: `Server ${quoted(server)} belongs to the site ${quoted(site)}, and there is no such site.`,
      remedy: remedy.en,
    }),
    de: ({ server, site }) => ({
      statement: `Der Server ${quoted(server)} gehört zum Standort ${quoted(site)}, und es gibt keinen solchen Standort.`,
      remedy: remedy.de,
    }),
  },
  () => ['nltest /dsgetsite'],
);

const noSite = defineMessage<{ readonly server: string }>(
  'server-without-site',
  {
    en: ({ server }) => ({ statement: `Server ${quoted(server)} belongs to no site.`, remedy: remedy.en }),
    de: ({ server }) => ({
      statement: `Der Server ${quoted(server)} gehört zu keinem Standort.`,
      remedy: remedy.de,
    }),
  },
  () => ['nltest /dsgetsite'],
);

/**
 * A server belongs to a site that exists (AS-08); an Edge to none. `checkOrganization` refuses organizations where that
 * is not so, so this speaks only about those that nobody has checked. Setup asks about the server that it runs on: of a
 * server to be removed, no other is looked at. Rule: SR-07.
 */
export const invalidAdSite: ReadinessRule = {
  setupRule: 'InvalidADSite',
  messages: [unknownSite, noSite],
  examine({ organization, removed }) {
    const sites = new Set(organization.sites.map(({ name }) => normalizeName(name)));
    return (removed === undefined ? [...organization.servers] : [removed])
      .filter((server) => !isEdge(server) && !sites.has(normalizeName(server.site ?? '')))
      .sort((a, b) => compareNames(a.name, b.name))
      .map(({ name: server, site }) =>
        blocks('SR-07', site === undefined ? noSite.about({ server }) : unknownSite.about({ server, site })),
      );
  },
};
