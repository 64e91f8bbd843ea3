import { expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { RouteReader } from '../../../tests/conformance/route-reader.js';
import { outcomeLines } from '../../../tests/explanations/outcome-lines.js';

/** From S1 to a database of DAG, whose members are all servers but S1. */
function because(shorthand: OrganizationShorthand & { readonly servers: readonly string[] }): string[] {
  const members = shorthand.servers.map((text) => text.split('@')[0]!).filter((name) => name !== 'S1');
  const read = new RouteReader({ dags: { DAG: members }, databases: { DB: members }, ...shorthand });
  const outcomes = read.tables.explainer.nextHop(read.toDatabase('S1', 'DB'), 1);
  return outcomeLines(outcomes, 'primary-site', 'tiers').filter(
    (line) => !/RT-(35|37|38|39|40|41)|UN-03/.test(line),
  );
}

test('RT-33: a group in one site leaves nothing to choose', () => {
  expect(because({ links: ['S-P 10'], servers: ['S1@S', 'P1@P', 'P2@P'] })).toEqual([
    '(RT-33 primary-site: DAG has servers in P only: the primary site)',
  ]);
});

test('RT-33: of several sites the nearest is the primary site, and its distance is told', () => {
  expect(because({ links: ['S-P 10', 'P-Q 5'], servers: ['S1@S', 'P1@P', 'Q1@Q'] })).toEqual([
    'RT-33 primary-site: DAG has servers in P (cost 10, 1 hop), Q (cost 15, 2 hops); the nearest, P, is the primary site',
  ]);
  const own = { links: ['S-P 10'], servers: ['S1@S', 'S2@S', 'P1@P'] };
  expect(because(own)).toEqual([
    'RT-33 primary-site: DAG has servers in S (cost 0, 0 hops), P (cost 10, 1 hop); the nearest, S, is the primary site',
  ]);
});

test('RT-31: of two sites at one cost that with fewer hops', () => {
  const lines = because({ links: ['S-Q 20', 'S-M 10', 'M-P 10'], servers: ['S1@S', 'P1@P', 'Q1@Q'] });
  expect(lines.slice(1)).toEqual(['RT-31 primary-site: Q before P, which costs as much: fewer hops']);
});

test('RT-32: of two sites at one cost and as many hops that behind the lower name', () => {
  const links = ['S-M 10', 'M-Q 10', 'S-N 10', 'N-P 10'];
  const lines = because({ links, servers: ['S1@S', 'P1@P', 'Q1@Q'] });
  expect(lines.slice(1)).toEqual([
    'RT-32 primary-site: Q before P, which costs as much: M on the way there is a lower name than N',
  ]);
});

test('UN-01: behind the same site the lower name of the two decides', () => {
  const lines = because({ links: ['S-M 10', 'M-P 10', 'M-Q 10'], servers: ['S1@S', 'P1@P', 'Q1@Q'] });
  expect(lines.slice(1)).toEqual([
    'UN-01 primary-site: P before Q, which costs as much: the lower site name',
  ]);
});

const three = { links: ['S-P 10', 'S-Q 20', 'S-R 30'], servers: ['S1@S', 'P1@P', 'Q1@Q', 'R1@R'] };

test('AS-07: members whose site takes no mail are named; the primary site would be another', () => {
  expect(because({ ...three, inboundMailOff: ['P'] })).toEqual([
    'AS-07 primary-site: P1 of DAG takes no mail: InboundMailEnabled of P is off',
    'RT-33 primary-site: DAG has servers in Q (cost 20, 1 hop), R (cost 30, 1 hop); the nearest, Q, is the primary site',
  ]);
});

test('AS-07: a site farther away would only have been a fallback; with one site left RT-33 has nothing to decide', () => {
  expect(because({ ...three, inboundMailOff: ['Q', 'R'] })).toEqual([
    'AS-07 tiers: Q1, R1 of DAG take no mail: InboundMailEnabled of Q, R is off',
    '(RT-33 primary-site: P is the only site of DAG that takes mail and can be reached: the primary site)',
  ]);
});

test('AS-07: behind a hub a site farther away would have stood in no tier, a nearer one would have been the aim', () => {
  expect(because({ ...three, hubs: ['P'], inboundMailOff: ['Q'] })[0]).toBe(
    '(AS-07 tiers: Q1 of DAG takes no mail: InboundMailEnabled of Q is off)',
  );
  expect(because({ ...three, hubs: ['Q'], inboundMailOff: ['P'] })[0]).toBe(
    'AS-07 primary-site: P1 of DAG takes no mail: InboundMailEnabled of P is off',
  );
});

const exchangeCost = (cost: number, replacing: number) => ({
  name: 'SP',
  sites: ['S', 'P'],
  cost: replacing,
  exchangeCost: cost,
});

test('AS-03: an Exchange cost may make another site the nearest', () => {
  const links = [exchangeCost(10, 40), 'S-Q 20', 'S-R 30'];
  expect(because({ ...three, links }).slice(1)).toEqual([
    'AS-03 primary-site: by the costs of Active Directory Q would be the nearest',
  ]);
  const hubs = { ...three, hubs: ['P'], links };
  expect(because(hubs).slice(1)).toEqual([
    'AS-03 primary-site: by the costs of Active Directory Q would be the nearest',
  ]);
});

test('AS-03: or only the order of those after it, which is that of the fallback', () => {
  const links = [exchangeCost(25, 100), 'S-Q 20', 'S-R 30'];
  expect(because({ ...three, links }).slice(1)).toEqual([
    'AS-03 tiers: by the costs of Active Directory the sites would come in another order: Q, R, P',
  ]);
  // From a hub nobody goes on to them; and where the order is the same nothing is said.
  expect(because({ ...three, links, hubs: ['Q'] })).toHaveLength(1);
  expect(because({ ...three, links: [exchangeCost(5, 10), 'S-Q 20', 'S-R 30'] })).toHaveLength(1);
});

test('RT-33: what no path leads to is left out', () => {
  const lines = because({ ...three, links: ['S-P 10', 'Q-R 10'] });
  expect(lines).toEqual([
    '(RT-33 primary-site: P is the only site of DAG that takes mail and can be reached: the primary site)',
  ]);
});
