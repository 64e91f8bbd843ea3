import { leavesOut, type ReadinessRule } from './kind.js';
import { defineMessage, quoted, shellString } from './message.js';

const smtpService = defineMessage<{ readonly server: string }>(
  'smtp-service-unknown',
  {
    en: ({ server }) => ({
      statement: `An organization file does not say whether the SMTP service of Windows is installed on server ${quoted(server)}. Setup does not allow it beside Exchange.`,
      remedy: 'Look on the server, uninstall the SMTP service if it is there, then run Setup again.',
    }),
    de: ({ server }) => ({
      statement: `Eine Organisationsdatei sagt nicht, ob auf dem Server ${quoted(server)} der SMTP-Dienst von Windows installiert ist. Das Setup lässt ihn neben Exchange nicht zu.`,
      remedy:
        'Sehen Sie auf dem Server nach, deinstallieren Sie den SMTP-Dienst, falls er da ist, und führen Sie das Setup erneut aus.',
    }),
  },
  ({ server }) => [`Get-Service -ComputerName ${shellString(server)} -Name SMTPSVC`],
);

/** An organization file cannot say what is installed on a server besides Exchange. Rule: SR-08, left out. */
export const smtpSvcInstalled: ReadinessRule = {
  setupRule: 'SMTPSvcInstalled',
  messages: [smtpService],
  examine: ({ removed }) =>
    removed === undefined ? [] : [leavesOut('SR-08', smtpService.about({ server: removed.name }))],
};
