import type {
  AddressSpace,
  ConnectorDescription,
  ConnectorKind,
  EdgeSubscriptionDescription,
  ServerDescription,
} from '../../src/topology/index.js';
import type { Dice } from './dice.js';
import { isTransport } from './server-roles.js';

const unlimited = Number.POSITIVE_INFINITY;
const megabyte = 1_024 ** 2;

const domains = [
  ...['*', '*', '*.example', '*.partner.example', 'partner.example', 'b.partner.example'],
  ...['relay.example', 'ext.example', 'fabrikam.com'],
];
const otherSpaces: readonly (readonly [string, string])[] = [
  ['FAX', '*'],
  ['FAX', '555'],
  ['MOBILE', '*'],
];

/** Connectors of every kind: several address spaces, scoped, disabled, small, with sources in up to three sites. */
export function drawConnectors(
  dice: Dice,
  {
    servers,
    edgeSubscriptions,
  }: {
    readonly servers: readonly ServerDescription[];
    readonly edgeSubscriptions: readonly EdgeSubscriptionDescription[];
  },
): ConnectorDescription[] {
  const names = dice.shuffle(['K1', 'k10', 'K2', 'Out', 'out-2', 'Zone', 'a']);
  return names.slice(0, dice.below(7)).map((name): ConnectorDescription => {
    const ofEdges = edgeSubscriptions.length > 0 && dice.chance(0.3);
    const kind = ofEdges
      ? 'send'
      : dice.pick<ConnectorKind>(['send', 'send', 'send', 'delivery-agent', 'foreign']);
    const sourceServers = ofEdges
      ? drawEdgesOfOneSite(dice, edgeSubscriptions)
      : dice.some(servers.filter(isTransport), 1, 3).map((server) => server.name);
    return {
      name,
      kind,
      addressSpaces: drawSpaces(dice, kind, ofEdges),
      sourceServers,
      scoped: dice.chance(0.25),
      enabled: !dice.chance(0.1),
      maxMessageSizeBytes: dice.chance(0.3) ? dice.pick([1, 5]) * megabyte : unlimited,
      smartHosts:
        kind === 'send' && dice.chance(0.3)
          ? dice.some(['[192.0.2.7]', 'smart.example', 'Hub.example'], 1, 2)
          : [],
      frontEndProxy: kind === 'send' && !ofEdges && dice.chance(0.3),
    };
  });
}

function drawEdgesOfOneSite(dice: Dice, subscriptions: readonly EdgeSubscriptionDescription[]): string[] {
  const { site } = dice.pick(subscriptions);
  const edges = subscriptions.filter((each) => each.site === site).map((each) => each.edgeServer);
  return dice.some(edges, 1, 3);
}

function drawSpaces(dice: Dice, kind: ConnectorKind, ofEdges: boolean): AddressSpace[] {
  const draw = ([type, space]: readonly [string, string]) => ({
    type,
    space,
    cost: dice.pick([1, 1, 10, 20]),
  });
  if (kind !== 'send') return dice.some(otherSpaces, 1, 2).map(draw);
  const further = dice.some([...new Set(domains)], 0, 2);
  const spaces = [...further, dice.pick(domains)].map((space) => draw(['SMTP', space]));
  // CN-05: on an Edge there is only SMTP.
  return !ofEdges && dice.chance(0.1) ? [...spaces, draw(dice.pick(otherSpaces))] : spaces;
}
