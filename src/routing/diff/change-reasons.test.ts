import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { change, diamond, megabyte } from '../../../tests/diff/changes-between.js';

type Connector = NonNullable<OrganizationShorthand['connectors']>[number];

const connector = (name: string, server: string, more: Partial<Connector> = {}): Connector => ({
  name,
  sourceServers: [server],
  spaces: ['*'],
  ...more,
});
const outward = (...connectors: readonly Connector[]): OrganizationShorthand => ({ ...diamond, connectors });

describe('another aim', () => {
  test('RT-20, RT-33: of another group the nearest site is told, and the way there', () => {
    const moved = { ...diamond, databases: { ...diamond.databases, Db1: ['Q1'] } };
    expect(change(diamond, moved, 'S1', 'Db1')).toEqual({
      changed: ['group', 'primary-site', 'path', 'queue', 'tiers'],
      reasons: [
        'RT-20 group: the delivery group is Site:Q;Version:15',
        'RT-33 primary-site: Q is the nearest site of Site:Q;Version:15',
        'RT-30 path: Q is at cost 10, by S > Q',
        'RT-37 tiers: the targets are Q1 in Q',
        'RT-41 tiers: no back-off along the old path any more',
        'QU-05 queue: the queue is SmtpRelayToMailboxDeliveryGroup "Site:Q;Version:15"',
      ],
    });
  });

  test('CN-01, RT-22: another connector is another group', () => {
    const both = outward(connector('Near', 'X1'), connector('Far', 'P1'));
    const { changed, reasons } = change(both, outward(connector('Far', 'P1')), 'S1', '*');
    expect(changed).toEqual(['connector', 'group', 'primary-site', 'path', 'queue', 'tiers']);
    expect(reasons.slice(0, 4)).toEqual([
      'RT-22 group: the delivery group is Far',
      'CN-01 connector: Near is gone',
      'RT-33 primary-site: P is the nearest site of Far',
      'RT-30 path: P is at cost 20, by S > X > P',
    ]);
  });

  test('RT-33, CN-01: the site of a connector that is dearer as well is told like any other', () => {
    const sources = (server: string, space: string) =>
      outward(connector('Out', server, { sourceServers: ['P1', server], spaces: [space] }));
    const { changed, reasons } = change(sources('X1', '*;1'), sources('P2', '*;2'), 'S1', '*');
    expect(changed).toEqual(['connector', 'primary-site', 'path', 'tiers']);
    expect(reasons.slice(0, 2)).toEqual([
      'CN-01 connector: the address space of Out costs 2 instead of 1',
      'RT-33 primary-site: Out has no servers that take mail in X any more; P is the nearest site',
    ]);
  });

  test('RT-16: a server that becomes the source of another connector is told why it has that one', () => {
    const before = outward(connector('All', 'X1'));
    const after = outward(connector('All', 'X1'), connector('New', 'S1', { maxMessageSizeBytes: megabyte }));
    expect(change(before, after, 'S1', '*')).toEqual({
      changed: ['connector', 'group', 'primary-site', 'path', 'queue', 'tiers'],
      reasons: [
        'RT-22 group: the delivery group is New',
        'CN-01 connector: lowest aggregate cost: by New 1, by All 11',
        'RT-16 primary-site path queue tiers: now a member of New: the destination itself is the next hop',
      ],
    });
    const only = outward(connector('New', 'S1', { maxMessageSizeBytes: megabyte }));
    expect(change(before, only, 'S1', '*')).toEqual({
      changed: ['connector', 'group', 'primary-site', 'path', 'queue', 'tiers', 'size'],
      reasons: [
        'RT-22 group: the delivery group is New',
        'CN-01 connector size: All is gone',
        'RT-16 primary-site path queue tiers: now a member of New: the destination itself is the next hop',
        'CN-04 size: no connector for * that could be used: returned with 5.3.4',
      ],
    });
  });
});

describe('the same aim', () => {
  test('RT-34: a hub that stays is no reason', () => {
    const hub = { ...diamond, hubs: ['X'] };
    const dearer = { ...hub, links: hub.links!.map((link) => (link === 'X-P 10' ? 'X-P 12' : link)) };
    expect(change(hub, dearer, 'S1', 'Db1')).toEqual({
      changed: ['path'],
      reasons: ['RT-30 path: the links of S > X > P cost 22 instead of 20'],
    });
  });

  test('QU-06: by DNS each domain has a queue of its own', () => {
    const smart = outward(connector('All', 'X1', { smartHosts: ['relay.example'] }));
    expect(change(smart, outward(connector('All', 'X1')), 'X1', '*')).toEqual({
      changed: ['queue'],
      reasons: ['QU-06 queue: the queue is DnsConnectorDelivery "any-other-domain.invalid"'],
    });
  });

  test('QU-04, QU-05: without a hub the queue is to the group, whose type is known but for 2013', () => {
    const organization: OrganizationShorthand = {
      ...diamond,
      servers: [...diamond.servers!, 'H1@P 2010'],
      databases: { ...diamond.databases, DbH: ['H1'] },
      connectors: [connector('New;Version:15', 'P1')],
    };
    const hub = { ...organization, hubs: ['X'] };
    const queueTo = (to: string) => change(hub, organization, 'S1', to).reasons.at(-1);
    expect(queueTo('Db1')).toBe(
      'QU-05 queue: the queue is SmtpRelayToMailboxDeliveryGroup "Site:P;Version:15"',
    );
    expect(queueTo('DbH')).toBe(
      'QU-04 queue: the queue is SmtpRelayToMailboxDeliveryGroup "Site:P;Version:14"',
    );
    expect(queueTo('*')).toBe('QU-04 queue: the queue is SmtpRelayToConnectorSourceServers "New;Version:15"');
  });

  test('RT-43: without the proxy a source sends by itself', () => {
    const proxied = outward(connector('All', 'X1', { frontEndProxy: true }));
    expect(change(proxied, outward(connector('All', 'X1')), 'X1', '*')).toEqual({
      changed: ['proxy'],
      reasons: ['RT-43 proxy: no Front End Transport in between any more'],
    });
  });
});

describe('larger messages', () => {
  const small = { maxMessageSizeBytes: megabyte };

  test('RT-30: larger messages go by another connector, whose path is another', () => {
    const all = connector('All', 'P1');
    const special = connector('Special', 'S2', { spaces: ['partner.example'], ...small });
    const before = outward(all, special);
    const after = {
      ...before,
      links: diamond.links!.map((link) => (link === 'X-P 10' ? 'X-P 50' : link)),
    };
    expect(change(before, after, 'S1', 'partner.example')).toEqual({
      changed: ['size'],
      reasons: [
        'RT-30 size: S > Q > P costs 25, S > X > P 60',
        'RT-41 size: then back along the path: Q1 in Q',
      ],
    });
  });

  test('CN-01: larger messages go by another connector, which says it all', () => {
    const before = outward(connector('Near', 'S2', small), connector('Mid', 'X1'), connector('Far', 'P1'));
    const after = outward(connector('Near', 'S2', small), connector('Far', 'P1'));
    expect(change(before, after, 'S1', '*')).toEqual({
      changed: ['size'],
      reasons: ['CN-01 size: Mid is gone'],
    });
  });

  test('AS-05: a link that takes less is the reason, the connector is not', () => {
    const limited = (maxMessageSizeBytes: number): OrganizationShorthand => ({
      ...outward(connector('All', 'X1')),
      links: diamond.links!.map((link) =>
        link === 'S-X 10' ? { name: 'S-X', sites: ['S', 'X'], cost: 10, maxMessageSizeBytes } : link,
      ),
    });
    expect(change(outward(connector('All', 'X1')), limited(megabyte), 'S1', '*')).toEqual({
      changed: ['size'],
      reasons: ['AS-05 size: the links on the path take messages up to 1 MB only'],
    });
  });
});
