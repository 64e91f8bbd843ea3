import { leavesOut, type ReadinessRule } from './kind.js';
import { defineMessage, quoted } from './message.js';

const addressPolicies = defineMessage<{ readonly server: string; readonly fqdn: string }>(
  'address-policies-unknown',
  {
    en: ({ server, fqdn }) => ({
      statement: `An organization file has no e-mail address policies, so it does not say whether the full name of server ${quoted(server)}, ${quoted(fqdn)}, is a domain of one of them. Setup does not allow that.`,
      remedy: 'Look through the policies, take this domain out where it is in one, then run Setup again.',
    }),
    de: ({ server, fqdn }) => ({
      statement: `Eine Organisationsdatei enthält keine E-Mail-Adressrichtlinien und sagt daher nicht, ob der vollqualifizierte Name des Servers ${quoted(server)}, ${quoted(fqdn)}, eine Domäne in einer von ihnen ist. Das Setup lässt das nicht zu.`,
      remedy:
        'Sehen Sie die Richtlinien durch, nehmen Sie diese Domäne heraus, wo sie vorkommt, und führen Sie das Setup erneut aus.',
    }),
  },
  () => ['Get-EmailAddressPolicy | Format-List Name,EnabledEmailAddressTemplates'],
);

/** E-mail address policies are no part of an organization file. Rule: SR-09, left out. */
export const serverFqdnMatchesSmtpPolicy: ReadinessRule = {
  setupRule: 'ServerFQDNMatchesSMTPPolicy',
  messages: [addressPolicies],
  examine({ organization, removed }) {
    if (removed === undefined) return [];
    const about = { server: removed.name, fqdn: `${removed.name}.${organization.name}` };
    return [leavesOut('SR-09', addressPolicies.about(about))];
  },
};
