import { describe, expect, test } from 'vitest';
import { Dice } from '../../../tests/oracle/dice.js';
import { drawSmallOrganization } from '../../../tests/oracle/random-organization.js';
import { isWhole, shareOf } from '../../../tests/random-share.js';
import { findRule } from '../../rules/index.js';
import { buildTopology, type Topology } from '../../topology/index.js';
import { compileRoutingTables } from '../compile-routing-tables.js';
import { resolveMessage, resolveOnEdge } from '../message-recipients.js';
import type { NextHop, TierReason } from '../next-hop.js';
import type { RoutingTables } from '../routing-tables.js';
import { decidingRules, type RuleOutcome } from './rule-outcome.js';

const organizations = shareOf(40);
const domains = ['partner.example', 'mail.partner.example', 'relay.example', 'contoso.com', 'other.example'];
const megabyte = 1_024 ** 2;

/** Every next hop of an organization from its Transport services, fan-outs by fork site included. */
function everyHop(tables: RoutingTables): readonly NextHop[] {
  const { topology } = tables;
  const { databases, servers, recipients } = topology;
  const expanders = [...new Set(recipients.groupExpansionServer)].filter((server) => server !== -1);
  const hops = new Map<number, NextHop>();
  for (const { index: server, isTransport, isEdge } of servers) {
    if (!isTransport && !isEdge) continue;
    const ids = [
      ...(isEdge ? [] : databases.map(({ index }) => tables.toDatabase(server, index))),
      ...(isEdge
        ? []
        : expanders
            .filter((expander) => expander !== server)
            .map((expander) => tables.toExpansionServer(server, expander))),
      ...domains.map((domain) => tables.toOutside(server, tables.internDomain('SMTP', domain), 1)),
    ];
    const forked = (['fork-site', 'fork-site-without-dags'] as const).flatMap((reading) =>
      isEdge ? [] : tables.fanOut(server, ids, reading),
    );
    for (const id of [...ids, ...forked]) if (id >= 0) hops.set(id, tables.nextHop(id));
  }
  return [...hops.values()];
}

function randomTables(number: number): RoutingTables {
  return compileRoutingTables(buildTopology(drawSmallOrganization(new Dice('explanations', String(number)))));
}

/** What the answer itself says about whether a rule had a part in it. */
const evidence: Readonly<Record<string, (hop: NextHop, topology: Topology) => boolean>> = {
  'RT-34': ({ hubSite }) => hubSite !== -1,
  'RT-35': ({ hubSite, primarySite, forkSite }) => hubSite === primarySite && forkSite === -1,
  'RT-37': ({ hubSite, primarySite, forkSite }) =>
    (hubSite === -1 || hubSite === primarySite) && forkSite === -1,
  'RT-38': (hop) => hasTier(hop, 'other-group-servers'),
  'RT-39': ({ path, hubSite }) => path.hops === 0 && hubSite === -1,
  'RT-40': (hop) => hasTier(hop, 'primary-site-servers'),
  'RT-41': (hop) => hasTier(hop, 'backoff'),
  'AS-11': ({ forkSite }) => forkSite !== -1,
  'DC-01': ({ forkSite }) => forkSite !== -1,
  'UN-15': ({ tiers }, { servers }) =>
    tiers.some(
      (tier) =>
        (tier.reason === 'backoff' || tier.reason === 'primary-site-servers') &&
        tier.servers.some((server) => servers[server]!.majorVersion !== 15),
    ),
  'QU-05': ({ key, destination }, { databases }) =>
    key.deliveryType === 'SmtpRelayToMailboxDeliveryGroup' &&
    databases[destination.index]!.majorVersion === 15,
};

function hasTier({ tiers }: NextHop, reason: TierReason): boolean {
  return tiers.some((tier) => tier.reason === reason);
}

/** Relays by a group: what an Edge does, and what is handed to Edges, has rules of its own. */
function isRelayToGroup({ kind, key, server }: NextHop, { servers }: Topology): boolean {
  return kind === 'relay' && !servers[server]!.isEdge && key.deliveryType !== 'SmtpRelayWithinAdSiteToEdge';
}

function isSound({ rule, text }: RuleOutcome): boolean {
  return findRule(rule) !== undefined && text !== '' && !/undefined|NaN|: $|, $|\.$| {2}/.test(text);
}

describe('in random organizations', () => {
  const drawn = Array.from({ length: organizations }, (_, number) => randomTables(number));

  test('RT-34 to RT-41: a rule of the path or the tiers has decided exactly where the next hop shows it', () => {
    let relays = 0;
    for (const tables of drawn) {
      const { topology, explainer } = tables;
      for (const hop of everyHop(tables)) {
        if (!isRelayToGroup(hop, topology)) continue;
        relays++;
        const decided = decidingRules(explainer.nextHop(hop, 1));
        const shown = Object.keys(evidence).filter((rule) => evidence[rule]!(hop, topology));
        expect(decided.filter((rule) => Object.hasOwn(evidence, rule)).sort()).toEqual(shown.sort());
      }
    }
    if (isWhole) expect(relays).toBeGreaterThan(25 * organizations);
  });

  test('every outcome names a rule of the catalogue, and no blank', () => {
    for (const tables of drawn) {
      for (const hop of everyHop(tables)) {
        const outcomes = tables.explainer.nextHop(hop, 6 * megabyte);
        expect(outcomes.filter((outcome) => !isSound(outcome))).toEqual([]);
      }
    }
  });

  test('RT-16: a server that hands over itself says so, and nobody else', () => {
    for (const tables of drawn) {
      const { servers } = tables.topology;
      for (const hop of everyHop(tables)) {
        if (servers[hop.server]!.isEdge) continue;
        const handsOver = hop.kind === 'mailbox' || hop.kind === 'outside';
        expect(decidingRules(tables.explainer.nextHop(hop, 1)).includes('RT-16')).toBe(handsOver);
      }
    }
  });

  test('AS-05: the limit of a link decides exactly where the message is larger', () => {
    for (const tables of drawn) {
      for (const hop of everyHop(tables)) {
        const decided = decidingRules(tables.explainer.nextHop(hop, 3 * megabyte));
        expect(decided.includes('AS-05')).toBe(3 * megabyte > hop.maxMessageSizeBytes);
      }
    }
  });

  test('RT-48: what a proxy service chooses is explained by rules of the catalogue, the chosen group first', () => {
    for (const [number, tables] of drawn.entries()) {
      const { topology, explainer } = tables;
      const dice = new Dice('selections', String(number));
      const all = topology.databases.map(({ index }) => index);
      for (const { index: server, majorVersion, isFrontEnd, isTransport } of topology.servers) {
        if (majorVersion !== 15) continue;
        const databases = dice.some(all, 0, 4);
        for (const service of ['front-end', 'submission'] as const) {
          if (service === 'front-end' ? !isFrontEnd : !isTransport) continue;
          const outcomes = explainer.selection(service, server, databases, databases.length);
          expect(outcomes.filter((outcome) => !isSound(outcome))).toEqual([]);
          const { tiers, groupName } = tables.selectTransport(
            service,
            server,
            Int32Array.from(databases),
            databases.length,
          );
          const [choice] = outcomes.filter(({ rule }) => ['RT-47', 'RT-48', 'RT-54'].includes(rule));
          if (tiers.some(({ reason }) => reason === 'target-servers'))
            expect(choice!.text).toContain(groupName);
          const tierLines = outcomes.filter(({ text }) => /^(first|then) ?[^:]*: /.test(text));
          expect(tierLines).toHaveLength(tiers.length);
        }
      }
    }
  });

  test('RR-02, RR-06 to RR-08: what resolution does is explained by rules of the catalogue', () => {
    for (const { topology, explainer } of drawn) {
      const { addresses } = topology.recipients;
      const asked = [...addresses, 'x@partner.example', 'nobody@contoso.com', 'a b@c', 'FAX:1'];
      for (const { index: server, isTransport, isEdge } of topology.servers) {
        if (!isTransport && !isEdge) continue;
        const found = isEdge
          ? asked.map((address) => ({ address, resolved: resolveOnEdge(address) }))
          : resolveMessage(topology, asked, server, 'x@partner.example');
        const outcomes = found.flatMap((recipient) => explainer.recipient(server, recipient));
        expect(outcomes.filter((outcome) => !isSound(outcome))).toEqual([]);
      }
    }
  });

  test('CN-01: the connector that is explained is the one that is chosen, and rules of the catalogue chose it', () => {
    for (const tables of drawn) {
      const { topology, explainer } = tables;
      for (const { index: server, isTransport, isEdge } of topology.servers) {
        if (!isTransport && !isEdge) continue;
        for (const domain of domains) {
          for (const sizeBytes of [1, 6 * megabyte]) {
            const id = tables.toOutside(server, tables.internDomain('SMTP', domain), sizeBytes);
            const chosen = id < 0 ? -1 : tables.nextHop(id).destination.index;
            expect(explainer.chosenConnector(server, 'smtp', domain.toUpperCase(), sizeBytes)).toBe(chosen);
            const outcomes = explainer.connector(server, 'SMTP', domain, sizeBytes);
            expect(outcomes.filter((outcome) => !isSound(outcome))).toEqual([]);
            expect(decidingRules(outcomes).includes('CN-04')).toBe(chosen === -1);
          }
        }
      }
    }
  });
});
