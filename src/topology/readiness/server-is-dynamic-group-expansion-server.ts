import { leavesOut, type ReadinessRule } from './kind.js';
import { defineMessage, quoted } from './message.js';

const dynamicGroups = defineMessage<{ readonly server: string }>(
  'dynamic-groups-unknown',
  {
    en: ({ server }) => ({
      statement: `An organization file has no dynamic distribution groups, so it does not say whether server ${quoted(server)} is the expansion server of any. Setup refuses while it is.`,
      remedy:
        'List them, give each that names the server another expansion server or none, then run Setup again.',
    }),
    de: ({ server }) => ({
      statement: `Eine Organisationsdatei enthält keine dynamischen Verteilergruppen und sagt daher nicht, ob der Server ${quoted(server)} Aufgliederungsserver einer solchen ist. Solange er es ist, bricht das Setup ab.`,
      remedy:
        'Listen Sie die Gruppen auf, legen Sie für jede, die den Server nennt, einen anderen Aufgliederungsserver fest oder keinen, und führen Sie das Setup erneut aus.',
    }),
  },
  () => ['Get-DynamicDistributionGroup -ResultSize Unlimited | Format-Table Name,ExpansionServer'],
);

/** Dynamic groups are no part of an organization file. Rule: SR-04, left out. */
export const serverIsDynamicGroupExpansionServer: ReadinessRule = {
  setupRule: 'ServerIsDynamicGroupExpansionServer',
  messages: [dynamicGroups],
  examine: ({ removed }) =>
    removed === undefined ? [] : [leavesOut('SR-04', dynamicGroups.about({ server: removed.name }))],
};
