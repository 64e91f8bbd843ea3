import { compareNames } from '../names.js';
import { leavesOut, type ReadinessRule } from './kind.js';
import { defineMessage, listed } from './message.js';

const command = 'Get-ExchangeServer | Format-Table Name,ServerRole,AdminDisplayVersion';

const servicePacks = defineMessage<{ readonly servers: readonly string[] }>(
  'service-packs-unknown',
  {
    en: ({ servers }) => ({
      statement: `An organization file has no service packs. Setup of Exchange 2013 needs Service Pack 3 on all servers of Exchange 2010: ${listed(servers)}.`,
      remedy:
        'Look at their versions, install Service Pack 3 where it is missing (on an Edge, make its Edge subscription anew after that), then run Setup again.',
    }),
    de: ({ servers }) => ({
      statement: `Eine Organisationsdatei enthält keine Service Packs. Das Setup von Exchange 2013 verlangt Service Pack 3 auf allen Servern mit Exchange 2010: ${listed(servers)}.`,
      remedy:
        'Sehen Sie sich deren Versionen an, installieren Sie Service Pack 3, wo es fehlt (auf einem Edge-Transport-Server ist danach sein Edge-Abonnement neu anzulegen), und führen Sie das Setup erneut aus.',
    }),
  },
  () => [command],
);

const noExchange2010 = defineMessage<Record<string, never>>(
  'no-exchange-2010-expected',
  {
    en: () => ({
      statement:
        'An organization file has no service packs. Setup of Exchange 2013 needs Service Pack 3 on all servers of Exchange 2010; by this file no other server has Exchange 2010.',
      remedy: 'Look for servers of Exchange 2010 only if the file may leave some out.',
    }),
    de: () => ({
      statement:
        'Eine Organisationsdatei enthält keine Service Packs. Das Setup von Exchange 2013 verlangt Service Pack 3 auf allen Servern mit Exchange 2010; laut dieser Datei hat kein anderer Server Exchange 2010.',
      remedy: 'Suchen Sie nur dann nach Servern mit Exchange 2010, wenn in der Datei welche fehlen können.',
    }),
  },
  () => [command],
);

/** An organization file cannot say service packs. Rule: SR-10, its part on 2010 servers, left out. */
export const exchange2010ServicePack: ReadinessRule = {
  setupRule: null,
  messages: [servicePacks, noExchange2010],
  examine({ organization, removed }) {
    if (removed === undefined) return [];
    const servers = organization.servers
      .filter((server) => server.version === '2010' && server !== removed)
      .map(({ name }) => name)
      .sort(compareNames);
    return [
      leavesOut('SR-10', servers.length === 0 ? noExchange2010.about({}) : servicePacks.about({ servers })),
    ];
  },
};
