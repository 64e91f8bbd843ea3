import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { change, changesBetween, diamond, megabyte } from '../../../tests/diff/changes-between.js';

type Connector = NonNullable<OrganizationShorthand['connectors']>[number];

const connector = (name: string, server: string, more: Partial<Connector> = {}): Connector => ({
  name,
  sourceServers: [server],
  spaces: ['*'],
  ...more,
});
const outward = (...connectors: readonly Connector[]): OrganizationShorthand => ({ ...diamond, connectors });

/** With a limit on every link. */
const limited = (
  shorthand: OrganizationShorthand,
  maxMessageSizeBytes: number,
  costs: Readonly<Record<string, number>> = {},
): OrganizationShorthand => ({
  ...shorthand,
  links: diamond.links!.map((link) => {
    const [name = '', cost] = String(link).split(' ');
    return { name, sites: name.split('-'), cost: costs[name] ?? Number(cost), maxMessageSizeBytes };
  }),
});

describe('what happens to larger messages', () => {
  test('AS-05: a limit that is alike on both sides changes nothing, whatever else does', () => {
    const [before, after] = [limited(diamond, megabyte), limited(diamond, megabyte, { 'X-P': 50 })];
    expect(change(before, after, 'S1', 'Db1').changed).toEqual(['path', 'tiers']);
  });

  test('CN-02: a limit that is lifted keeps larger messages where the smaller go', () => {
    const all = connector('All', 'X1');
    const special = (more?: Partial<Connector>) =>
      connector('Special', 'P1', { spaces: ['partner.example'], ...more });
    const small = special({ maxMessageSizeBytes: megabyte });
    expect(change(outward(all, small), outward(all, special()), 'S1', 'partner.example')).toEqual({
      changed: ['size'],
      reasons: [
        'CN-03 size: partner.example of Special is more specific than * of All',
        'CN-02 size: before, size comes before specificity: what Special is too small for leaves by All, for *',
      ],
    });
    expect(change(outward(all, special()), outward(all, small), 'S1', 'partner.example')).toEqual({
      changed: ['size'],
      reasons: [
        'CN-01 size: Special takes messages up to 1 MB only',
        'CN-02 size: size comes before specificity: what Special is too small for leaves by All, for *',
      ],
    });
  });

  test('AS-05, CN-04: returned for the route is not returned for the connectors', () => {
    const byLinks = limited(outward(connector('All', 'X1')), megabyte);
    const byConnector = outward(connector('All', 'X1', { maxMessageSizeBytes: megabyte }));
    expect(change(byLinks, byConnector, 'S1', '*')).toEqual({
      changed: ['size'],
      reasons: [
        'AS-05 size: the links on the path took messages up to 1 MB only',
        'CN-04 size: no connector for * that could be used: returned with 5.3.4',
        'CN-01 size: All takes messages up to 1 MB only',
      ],
    });
    expect(change(byConnector, byLinks, 'S1', '*')).toEqual({
      changed: ['size'],
      reasons: [
        'AS-05 size: the links on the path take messages up to 1 MB only',
        'CN-04 size: before, no connector for * that could be used: returned with 5.3.4',
        'CN-01 size: All took messages up to 1 MB only',
      ],
    });
  });

  test('AS-05: messages that are returned on both sides wait in no queue', () => {
    const small = connector('A', 'P1', { maxMessageSizeBytes: 2 * megabyte });
    const before = limited(outward(small, connector('B', 'P1')), megabyte);
    const after = limited(outward(small, connector('B', 'P1', { sourceServers: ['P1', 'P2'] })), megabyte);
    expect(changesBetween(before, after, 'S1', '*')).toEqual([]);
  });

  test('AS-05: messages that are returned by another connector are', () => {
    const small = connector('A', 'P1', { maxMessageSizeBytes: 2 * megabyte });
    const before = limited(outward(small, connector('B', 'P1')), megabyte);
    const after = limited(outward(small, connector('C', 'P1')), megabyte);
    expect(change(before, after, 'S1', '*').changed).toEqual(['size']);
  });
});

describe('what differs', () => {
  test('RT-20: the group of a destination that is not reached on one side is compared as well', () => {
    const cut = { ...diamond, links: ['S-Q 10'] };
    const moved = { ...cut, databases: { ...diamond.databases, Db1: ['Q1'] } };
    expect(change(cut, moved, 'S1', 'Db1')).toEqual({
      changed: ['outcome', 'group'],
      reasons: [
        'RT-18 outcome: before, no path leads to a server of Site:P;Version:15 that takes mail',
        'RT-20 group: the delivery group is Site:Q;Version:15',
      ],
    });
    expect(change(moved, cut, 'S1', 'Db1')).toEqual({
      changed: ['outcome', 'group'],
      reasons: [
        'RT-18 outcome: no path leads to a server of Site:P;Version:15 that takes mail',
        'RT-20 group: the delivery group is Site:P;Version:15',
      ],
    });
    const closer = { ...cut, links: ['S-P 10'] };
    expect(change(cut, closer, 'S1', 'Db1').changed).toEqual(['outcome']);
  });

  test('RT-22, RT-23: a connector and a site of one name are two groups', () => {
    const named = outward(connector('P', 'P1', { spaces: ['*;200'] }));
    expect(change(named, { ...named, edges: ['E1@P'] }, 'S1', '*').changed).toEqual([
      'connector',
      'group',
      'queue',
      'tiers',
    ]);
  });

  test('QU-04: another kind of connector has another queue of the same name', () => {
    const fax = (kind: 'foreign' | 'delivery-agent') =>
      outward(connector('Fax', 'X1', { kind, spaces: ['FAX:*'] }));
    expect(change(fax('foreign'), fax('delivery-agent'), 'X1', 'FAX:*')).toEqual({
      changed: ['queue'],
      reasons: ['QU-04 queue: the queue is DeliveryAgent "FAX:*"'],
    });
  });

  test('RT-43: front ends that stay are no change', () => {
    const proxied = (host: string) =>
      outward(connector('All', 'X1', { frontEndProxy: true, smartHosts: [host] }));
    expect(change(proxied('a.example'), proxied('b.example'), 'X1', '*')).toEqual({
      changed: ['queue'],
      reasons: ['QU-04 queue: the queue is SmartHostConnectorDelivery "b.example"'],
    });
    expect(changesBetween(proxied('a.example'), proxied('A.EXAMPLE'), 'X1', '*')).toEqual([]);
  });
});
