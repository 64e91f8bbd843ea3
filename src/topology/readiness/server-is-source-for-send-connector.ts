import { isEdge } from '../checks/checker.js';
import { edgeConnectors } from '../edge-connectors.js';
import { compareNames, normalizeName } from '../names.js';
import type { ConnectorDescription, Organization, ServerDescription } from '../organization.js';
import type { ConnectorOrigin } from '../topology.js';
import { blocks, type ReadinessRule, type RuleFinding, warns } from './kind.js';
import { defineMessage, listed, quoted, shellString, spelledAs, type Texts } from './message.js';

type AboutConnector = {
  readonly server: string;
  readonly connector: string;
  /** `SMTP:*;1`. */
  readonly addressSpaces: readonly string[];
  readonly enabled: boolean;
  readonly otherSources: readonly string[];
};

const sendConnector = defineMessage<AboutConnector>(
  'source-of-send-connector',
  {
    en: (about) => ({
      statement: `Server ${quoted(about.server)} is a source of the Send connector ${inEnglish(about)}. ${othersInEnglish(about)}`,
      remedy:
        about.otherSources.length === 0
          ? 'Move the Send connector to another source server, or delete the connector, then run Setup again.'
          : `Take ${quoted(about.server)} off the source servers of the Send connector, or delete the connector, then run Setup again.`,
    }),
    de: (about) => ({
      statement: `Der Server ${quoted(about.server)} ist Quelle für den Sendeconnector ${inGerman(about)}. ${othersInGerman(about)}`,
      remedy:
        about.otherSources.length === 0
          ? 'Verschieben Sie den Sendeconnector auf einen anderen Quellserver, oder löschen Sie den Connector, und führen Sie das Setup erneut aus.'
          : `Nehmen Sie ${quoted(about.server)} aus den Quellservern des Sendeconnectors heraus, oder löschen Sie den Connector, und führen Sie das Setup erneut aus.`,
    }),
  },
  moveBy('Set-SendConnector'),
);

const edgeSyncConnector = defineMessage<AboutConnector & { readonly site: string }>(
  'source-of-edge-sync-connector',
  {
    en: (about) => ({
      statement: `Edge ${quoted(about.server)} is a source of the Send connector ${inEnglish(about)}, which the Edge subscription of site ${quoted(about.site)} has made. ${othersInEnglish(about)}`,
      remedy: `Remove the Edge subscription of ${quoted(about.server)}, in the organization and on the Edge itself: this takes the Edge off the sources. ${
        about.otherSources.length === 0
          ? 'Delete the Send connector if it is still there, and see to another way for its mail. '
          : ''
      }Then run Setup again.`,
    }),
    de: (about) => ({
      statement: `Der Edge-Transport-Server ${quoted(about.server)} ist Quelle für den Sendeconnector ${inGerman(about)}, den das Edge-Abonnement des Standorts ${quoted(about.site)} angelegt hat. ${othersInGerman(about)}`,
      remedy: `Entfernen Sie das Edge-Abonnement von ${quoted(about.server)}, in der Organisation und auf dem Edge-Transport-Server selbst: Damit fällt der Server als Quelle weg. ${
        about.otherSources.length === 0
          ? 'Löschen Sie den Sendeconnector, falls er danach noch da ist, und sorgen Sie für einen anderen Weg für seine Nachrichten. '
          : ''
      }Führen Sie dann das Setup erneut aus.`,
    }),
  },
  ({ server, connector, otherSources }) => [
    `Remove-EdgeSubscription -Identity ${shellString(server)}`,
    ...(otherSources.length === 0 ? [`Remove-SendConnector -Identity ${shellString(connector)}`] : []),
  ],
);

const deliveryAgentConnector = defineMessage<AboutConnector>(
  'source-of-delivery-agent-connector',
  noSendConnector('Delivery Agent connector', 'Zustellungs-Agent-Connector'),
  moveBy('Set-DeliveryAgentConnector'),
);

const foreignConnector = defineMessage<AboutConnector>(
  'source-of-foreign-connector',
  noSendConnector('Foreign connector', 'fremden Connector'),
  moveBy('Set-ForeignConnector'),
);

/**
 * A server stays while it is a source of a Send connector, whether or not the connector is enabled or has other sources.
 * Rules: SR-01 for 2007 and 2010, SR-03 for 2013 and for Edges, whose subscriptions make connectors of their own (ES-02);
 * SR-02 is the remedy. Delivery Agent and Foreign connectors are no Send connectors (RT-12): no more than a warning. The
 * connector that servers use among themselves (RT-58) is none that anybody could move.
 */
export const serverIsSourceForSendConnector: ReadinessRule = {
  setupRule: 'ServerIsSourceForSendConnector',
  messages: [sendConnector, edgeSyncConnector, deliveryAgentConnector, foreignConnector],
  examine({ organization, removed }) {
    if (removed === undefined) return [];
    return [
      ...organization.connectors.map((each) => ({ ...each, origin: 'explicit' as const })),
      ...edgeConnectors(organization),
    ]
      .filter(({ sourceServers }) => sourceServers.some((source) => isNamed(source, removed)))
      .sort((a, b) => compareNames(a.name, b.name))
      .map((connector) => findingOn(connector, organization, removed));
  },
};

function findingOn(
  connector: ConnectorDescription & { readonly origin: ConnectorOrigin },
  { servers, sites, edgeSubscriptions }: Organization,
  removed: ServerDescription,
): RuleFinding {
  const rule = removed.version === '2013' || isEdge(removed) ? 'SR-03' : 'SR-01';
  const about: AboutConnector = {
    server: removed.name,
    connector: connector.name,
    addressSpaces:
      // All inside domains, as Exchange shows them (ES-02).
      connector.origin === 'edge-inbound'
        ? ['SMTP:--;1']
        : connector.addressSpaces.map(({ type, space, cost }) => `${type}:${space};${cost}`),
    enabled: connector.enabled,
    otherSources: connector.sourceServers
      .filter((source) => !isNamed(source, removed))
      .map((source) => spelledAs(servers, source))
      .sort(compareNames),
  };
  if (connector.origin !== 'explicit') {
    const subscription = edgeSubscriptions.find(({ edgeServer }) => isNamed(edgeServer, removed))!;
    return blocks(rule, edgeSyncConnector.about({ ...about, site: spelledAs(sites, subscription.site) }));
  }
  switch (connector.kind) {
    case 'send':
      return blocks(rule, sendConnector.about(about));
    case 'delivery-agent':
      return warns(rule, deliveryAgentConnector.about(about));
    case 'foreign':
      return warns(rule, foreignConnector.about(about));
  }
}

function isNamed(name: string, server: ServerDescription): boolean {
  return normalizeName(name) === normalizeName(server.name);
}

function inEnglish({ connector, addressSpaces, enabled }: AboutConnector): string {
  const spaces = `address space${addressSpaces.length === 1 ? '' : 's'} ${addressSpaces.join(', ')}`;
  return `${quoted(connector)} (${spaces}${enabled ? '' : '; the connector is disabled, which makes no difference'})`;
}

function inGerman({ connector, addressSpaces, enabled }: AboutConnector): string {
  const spaces = `${addressSpaces.length === 1 ? 'Adressraum' : 'Adressräume'} ${addressSpaces.join(', ')}`;
  return `${quoted(connector)} (${spaces}${enabled ? '' : '; der Connector ist deaktiviert, was nichts ändert'})`;
}

function othersInEnglish({ otherSources }: AboutConnector): string {
  return otherSources.length === 0
    ? 'The connector has no other source.'
    : `Other sources: ${listed(otherSources)}.`;
}

function othersInGerman({ otherSources }: AboutConnector): string {
  return otherSources.length === 0
    ? 'Der Connector hat keine andere Quelle.'
    : `Andere Quellen: ${listed(otherSources)}.`;
}

function noSendConnector(english: string, german: string): Texts<AboutConnector> {
  return {
    en: (about) => ({
      statement: `Server ${quoted(about.server)} is a source of the ${english} ${inEnglish(about)}. ${othersInEnglish(about)} Setup asks only about Send connectors.`,
      remedy:
        about.otherSources.length === 0
          ? 'Move the connector to another source server or delete it before you run Setup: without a source its mail has no way.'
          : `Take ${quoted(about.server)} off its source servers before you run Setup.`,
    }),
    de: (about) => ({
      statement: `Der Server ${quoted(about.server)} ist Quelle für den ${german} ${inGerman(about)}. ${othersInGerman(about)} Das Setup fragt nur nach Sendeconnectors.`,
      remedy:
        about.otherSources.length === 0
          ? 'Verschieben Sie den Connector auf einen anderen Quellserver, oder löschen Sie ihn, bevor Sie das Setup ausführen: Ohne Quelle haben seine Nachrichten keinen Weg.'
          : `Nehmen Sie ${quoted(about.server)} aus seinen Quellservern heraus, bevor Sie das Setup ausführen.`,
    }),
  };
}

/** Moves the connector. The command that deletes it is left to who wants that: pasted after the other it would do harm. */
function moveBy(command: string) {
  return ({ connector, otherSources }: AboutConnector): readonly string[] => {
    const left = otherSources.length === 0 ? ["'<server>'"] : otherSources.map(shellString);
    return [`${command} -Identity ${shellString(connector)} -SourceTransportServers ${left.join(',')}`];
  };
}
