import { isEdge, isTransportServer } from '../checks/checker.js';
import { leavesOut, type ReadinessRule } from './kind.js';
import { defineMessage, quoted, shellString } from './message.js';

const queues = defineMessage<{
  readonly server: string;
  /** Queues of an Edge can be looked at on the Edge only. */
  readonly onEdge: boolean;
  /** Redirect-Message came with 2013 (QU-12). */
  readonly canRedirect: boolean;
}>(
  'queues-unknown',
  {
    en: ({ server, onEdge }) => ({
      statement: `An organization file does not say whether mail waits in the queues of server ${quoted(server)}. Setup only warns of it, but that mail may be stranded.`,
      remedy: `Look at the queues${onEdge ? ' on the Edge itself' : ''}, keep new mail away from the server, and run Setup only when they are empty.`,
    }),
    de: ({ server, onEdge }) => ({
      statement: `Eine Organisationsdatei sagt nicht, ob in den Warteschlangen des Servers ${quoted(server)} Nachrichten liegen. Das Setup warnt davor nur, aber diese Nachrichten können liegen bleiben.`,
      remedy: `Sehen Sie sich die Warteschlangen${onEdge ? ' auf dem Edge-Transport-Server selbst' : ''} an, halten Sie neue Nachrichten vom Server fern, und führen Sie das Setup erst aus, wenn die Warteschlangen leer sind.`,
    }),
  },
  ({ server, onEdge, canRedirect }) => [
    onEdge ? 'Get-Queue' : `Get-Queue -Server ${shellString(server)}`,
    ...(canRedirect
      ? [`Redirect-Message -Server ${shellString(server)} -Target '<full name of another server>'`]
      : []),
  ],
);

const noQueues = defineMessage<{ readonly server: string }>(
  'no-queues-expected',
  {
    en: ({ server }) => ({
      statement: `By this file server ${quoted(server)} has no Transport service and so no queues; what is really in place it does not say.`,
      remedy: 'Look for queues only if the server has more roles than the file says.',
    }),
    de: ({ server }) => ({
      statement: `Laut dieser Datei hat der Server ${quoted(server)} keinen Transportdienst und damit keine Warteschlangen; was wirklich vorhanden ist, sagt sie nicht.`,
      remedy: 'Suchen Sie nur dann nach Warteschlangen, wenn der Server mehr Rollen hat, als die Datei sagt.',
    }),
  },
  () => [],
);

/** An organization file cannot say what queues hold. Rule: SR-05, left out; a warning of Setup. */
export const messagesInQueue: ReadinessRule = {
  setupRule: 'MessagesInQueue',
  messages: [queues, noQueues],
  examine({ removed }) {
    if (removed === undefined) return [];
    const server = removed.name;
    const onEdge = isEdge(removed);
    if (!onEdge && !isTransportServer(removed)) return [leavesOut('SR-05', noQueues.about({ server }))];
    const canRedirect = removed.version === '2013' && !onEdge;
    return [leavesOut('SR-05', queues.about({ server, onEdge, canRedirect }))];
  },
};
