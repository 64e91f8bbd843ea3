import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { diamond, megabyte, sideOf } from '../../../tests/diff/changes-between.js';
import { findByName } from '../../topology/index.js';
import { ConnectorExaminer } from './connector-standing.js';

const organization: OrganizationShorthand = {
  ...diamond,
  sites: ['Alone'],
  connectors: [
    { name: 'All', sourceServers: ['Q1', 'X1'], spaces: ['*;5'] },
    { name: 'Special', sourceServers: ['P1'], spaces: ['partner.example;3', '*;1'] },
    { name: 'Off', sourceServers: ['P1'], spaces: ['*'], enabled: false },
    { name: 'Own', sourceServers: ['S2'], spaces: ['*'], maxMessageSizeBytes: megabyte },
    { name: 'Scoped', sourceServers: ['X1'], spaces: ['*'], scoped: true },
    { name: 'Remote', sourceServers: ['L1'], spaces: ['*'] },
  ],
  servers: [...diamond.servers!, 'L1@Alone'],
};

function examine(
  name: string,
  { from = 'S1', domain = 'partner.example', sizeBytes = 1, given = organization, type = 'SMTP' } = {},
) {
  const side = sideOf(given);
  const server = findByName(side.topology.servers, from);
  const { connector, ...rest } = new ConnectorExaminer(side).examine(name, server, type, domain, sizeBytes);
  return { name: connector?.name, ...rest };
}

describe('seen from a transport server', () => {
  test('CN-01: the aggregate cost is that of the address space and of the path to the nearest source site', () => {
    expect(examine('All')).toEqual({
      ...{ name: 'All', obstacle: null, rank: 1, space: '*' },
      ...{ aggregateCost: 15, distance: 1 },
    });
    // Q is farther from P than X is, and has the lower name.
    expect(examine('All', { from: 'P1' })).toMatchObject({ aggregateCost: 15, distance: 1 });
    expect(examine('Special')).toMatchObject({ aggregateCost: 23, distance: 2 });
  });

  test('CN-03: the rank counts from the most specific address space', () => {
    expect(examine('Special')).toMatchObject({ rank: 0, space: 'partner.example' });
    expect(examine('Special', { domain: 'other.example' })).toMatchObject({ rank: 0, space: '*' });
    const inbound = {
      ...{ ...organization, edges: ['E1@P'] },
      acceptedDomains: [{ name: 'fabrikam.com', type: 'internal-relay' as const }],
    };
    // The way in from an Edge is known to that Edge alone.
    expect(examine('All', { domain: 'fabrikam.com', given: inbound })).toMatchObject({ rank: 0 });
    expect(examine('EdgeSync - Inbound to P', { domain: 'fabrikam.com', given: inbound }).obstacle).toBe(
      'elsewhere',
    );
  });

  test('RT-16: a source itself is nearer than its site, whose other servers are nearer than other sites', () => {
    expect(examine('Own', { from: 'S2' })).toMatchObject({ obstacle: null, aggregateCost: 1, distance: -1 });
    expect(examine('Own')).toMatchObject({ obstacle: null, aggregateCost: 1, distance: 0 });
  });

  test('CN-01: a connector that is gone, disabled or for other addresses has nothing to weigh', () => {
    const nothing = { rank: Number.POSITIVE_INFINITY, space: '', aggregateCost: 0, distance: 0 };
    expect(examine('None')).toEqual({ ...nothing, name: undefined, obstacle: 'missing' });
    expect(examine('Off')).toEqual({ ...nothing, name: 'Off', obstacle: 'disabled' });
    expect(examine('All', { type: 'FAX' })).toEqual({ ...nothing, name: 'All', obstacle: 'elsewhere' });
  });

  test('CN-02: a connector takes messages up to its limit, and is too small for the next byte', () => {
    expect(examine('Own', { sizeBytes: megabyte }).obstacle).toBe(null);
    expect(examine('Own', { sizeBytes: megabyte + 1 })).toMatchObject({ obstacle: 'too-small', rank: 1 });
  });

  test('CN-06: a scoped connector is out of scope in other sites, and in scope for its own', () => {
    expect(examine('Scoped')).toMatchObject({ obstacle: 'out-of-scope', aggregateCost: 1, distance: 0 });
    expect(examine('Scoped', { from: 'X1' })).toMatchObject({ obstacle: null, distance: -1 });
    const further: OrganizationShorthand = {
      ...organization,
      servers: [...organization.servers!, 'X2@X'],
      connectors: [{ name: 'Scoped', sourceServers: ['Q1', 'X1'], spaces: ['*'], scoped: true }],
    };
    expect(examine('Scoped', { from: 'X2', given: further })).toMatchObject({ obstacle: null, distance: 0 });
  });

  test('RT-18, AS-07: a connector whose sources no path leads to, or take no mail, is out of reach', () => {
    expect(examine('Remote')).toMatchObject({ obstacle: 'out-of-reach', aggregateCost: 1, distance: 0 });
    const closed = { ...organization, inboundMailOff: ['Q', 'X'] };
    expect(examine('All', { given: closed }).obstacle).toBe('out-of-reach');
    const half = { ...organization, inboundMailOff: ['X'] };
    expect(examine('All', { from: 'P1', given: half })).toMatchObject({ obstacle: null, aggregateCost: 20 });
  });
});

describe('Edges', () => {
  const edges: OrganizationShorthand = {
    ...organization,
    edges: ['E1@Q', 'E2@Q'],
    connectors: [
      ...organization.connectors!,
      { name: 'OfE1', sourceServers: ['E1'], spaces: ['*.partner.example;2'] },
    ],
  };
  const name = 'EdgeSync - Q to Internet';

  test('RT-56: an Edge weighs the connectors of Edges only, and uses its own', () => {
    expect(examine(name, { from: 'E1', given: edges })).toEqual({
      ...{ name, obstacle: null, rank: 1, space: '*' },
      ...{ aggregateCost: 100, distance: -1 },
    });
    expect(examine('OfE1', { from: 'E1', given: edges })).toMatchObject({ obstacle: null, rank: 0 });
    expect(examine('OfE1', { from: 'E2', given: edges })).toEqual({
      ...{ name: 'OfE1', obstacle: 'missing', rank: 0, space: '*.partner.example' },
      ...{ aggregateCost: 2, distance: -1 },
    });
    expect(examine('Special', { from: 'E1', given: edges }).obstacle).toBe('elsewhere');
  });

  test('RT-57, AS-07: the way to Edges of the own site is open, whether or not mail comes in from others', () => {
    const here = { name, obstacle: null, rank: 1, space: '*', aggregateCost: 100, distance: 0 };
    expect(examine(name, { from: 'Q1', given: edges })).toEqual({ ...here, rank: 2 });
    const closed = { ...edges, inboundMailOff: ['Q'] };
    expect(examine(name, { from: 'Q1', given: closed })).toEqual({ ...here, rank: 2 });
    expect(examine(name, { from: 'S1', given: closed }).obstacle).toBe('out-of-reach');
    expect(examine(name, { from: 'S1', given: edges })).toMatchObject({ aggregateCost: 110, distance: 1 });
  });
});
