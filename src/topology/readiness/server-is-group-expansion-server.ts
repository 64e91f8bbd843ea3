import { compareNames, normalizeName } from '../names.js';
import { blocks, type ReadinessRule } from './kind.js';
import { defineMessage, quoted, shellString } from './message.js';

const expandsGroup = defineMessage<{ readonly server: string; readonly group: string }>(
  'expands-group',
  {
    en: ({ server, group }) => ({
      statement: `Server ${quoted(server)} is the expansion server of the distribution group ${quoted(group)}.`,
      remedy:
        'Give the group another expansion server, or none so that any server expands it, then run Setup again.',
    }),
    de: ({ server, group }) => ({
      statement: `Der Server ${quoted(server)} ist Aufgliederungsserver der Verteilergruppe ${quoted(group)}.`,
      remedy:
        'Legen Sie für die Gruppe einen anderen Aufgliederungsserver fest oder keinen, sodass jeder Server sie aufgliedert, und führen Sie das Setup erneut aus.',
    }),
  },
  ({ group }) => [`Set-DistributionGroup -Identity ${shellString(group)} -ExpansionServer $null`],
);

/** A server stays while it expands a distribution group. Rule: SR-04. */
export const serverIsGroupExpansionServer: ReadinessRule = {
  setupRule: 'ServerIsGroupExpansionServer',
  messages: [expandsGroup],
  examine({ organization, removed }) {
    if (removed === undefined) return [];
    return organization.distributionGroups
      .filter(({ expansionServer }) => normalizeName(expansionServer ?? '') === normalizeName(removed.name))
      .map(({ address }) => address)
      .sort(compareNames)
      .map((group) => blocks('SR-04', expandsGroup.about({ server: removed.name, group })));
  },
};
