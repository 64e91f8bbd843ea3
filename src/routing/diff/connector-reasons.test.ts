import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { change, changesBetween, diamond, diff, megabyte } from '../../../tests/diff/changes-between.js';

describe('connectors', () => {
  const connector = (name: string, server: string, space = '*;1', more = {}) => ({
    name,
    sourceServers: [server],
    spaces: [space],
    ...more,
  });
  const outward = (...connectors: readonly ReturnType<typeof connector>[]): OrganizationShorthand => ({
    ...diamond,
    connectors,
  });
  const why = (before: OrganizationShorthand, after: OrganizationShorthand, to = '*') =>
    change(before, after, 'S1', to).reasons.filter((text) => / (connector|outcome|size): /.test(text));

  test('CN-01: a connector that is disabled, gone or emptied gives way to the next', () => {
    const both = outward(connector('Near', 'X1'), connector('Far', 'P1'));
    expect(
      why(both, outward(connector('Near', 'X1', '*;1', { enabled: false }), connector('Far', 'P1'))),
    ).toEqual(['CN-01 connector: Near is disabled now']);
    expect(why(both, outward(connector('Far', 'P1')))).toEqual(['CN-01 connector: Near is gone']);
    expect(why(both, outward(connector('Near', 'X1', 'a.example'), connector('Far', 'P1')))).toEqual([
      'CN-01 connector: Near does not take * any more',
    ]);
  });

  test('CN-01: the lowest aggregate cost, then the nearest, then the lowest name', () => {
    const far = outward(connector('A', 'P1'), connector('B', 'X1', '*;12'));
    expect(why(far, outward(connector('A', 'P1'), connector('B', 'X1', '*;10')))).toEqual([
      'CN-01 connector: lowest aggregate cost: by B 20, by A 21',
    ]);
    expect(why(far, outward(connector('A', 'P1'), connector('B', 'X1', '*;11')))).toEqual([
      'CN-01 connector: both cost 21, and B is nearer than A',
    ]);
    expect(why(outward(connector('M', 'X1')), outward(connector('M', 'X1'), connector('L', 'X1')))).toEqual([
      'CN-01 connector: both cost 11 and are as near; L is the lower name than M',
    ]);
  });

  test('CN-01: the cost of an address space is part of the route even where the connector stays', () => {
    expect(why(outward(connector('A', 'P1')), outward(connector('A', 'P1', '*;5')))).toEqual([
      'CN-01 connector: the address space of A costs 5 instead of 1',
    ]);
  });

  test('CN-03: a more specific address space wins', () => {
    const all = connector('All', 'X1');
    const special = connector('Special', 'P1', 'partner.example');
    expect(why(outward(all), outward(all, special), 'partner.example')).toEqual([
      'CN-03 connector: partner.example of Special is more specific than * of All',
    ]);
    expect(changesBetween(outward(all), outward(all, special), 'S1', '*')).toEqual([]);
  });

  test('CN-01, CN-02: a limit that is lowered sends larger messages elsewhere', () => {
    const all = connector('All', 'X1');
    const special = (maxMessageSizeBytes: number) =>
      connector('Special', 'P1', 'partner.example', { maxMessageSizeBytes });
    const before = outward(all, special(25 * megabyte));
    const after = outward(all, special(10 * megabyte));
    const [found] = changesBetween(before, after, 'S1', 'partner.example');
    expect(found!.changed).toEqual(['size']);
    expect(found!.before!.map(({ aboveBytes }) => aboveBytes)).toEqual([-1, 25 * megabyte]);
    expect(found!.after!.map(({ aboveBytes }) => aboveBytes)).toEqual([-1, 10 * megabyte]);
    expect(why(before, after, 'partner.example')).toEqual([
      'CN-01 size: Special takes messages up to 10 MB only',
      'CN-02 size: size comes before specificity: what Special is too small for leaves by All, for *',
    ]);
  });

  test('CN-04: without a connector mail waits in the Unreachable queue; too small ones return it', () => {
    const small = connector('All', 'X1', '*;1', { maxMessageSizeBytes: megabyte });
    expect(why(outward(small), outward(connector('All', 'X1', '*;1', { enabled: false })))).toEqual([
      'CN-04 outcome size: no connector for * that could be used: the Unreachable queue',
      'CN-01 outcome: All is disabled now',
    ]);
    const large = outward(connector('All', 'X1'));
    expect(why(large, outward(small))).toEqual([
      'CN-04 size: no connector for * that could be used: returned with 5.3.4',
      'CN-01 size: All takes messages up to 1 MB only',
    ]);
  });

  test('CN-04: other address types are returned where nobody takes them', () => {
    const fax = outward(connector('Fax', 'X1', 'FAX:*'));
    const { changed, reasons } = change(fax, outward(), 'S1', 'FAX:*');
    expect(changed).toEqual(['outcome']);
    expect(reasons).toEqual([
      'CN-04 outcome: no connector for FAX:* that could be used: returned with 5.1.2',
      'CN-01 outcome: Fax is gone',
    ]);
    expect(change(outward(), fax, 'S1', 'FAX:*').reasons).toEqual([
      'CN-04 outcome: before, no connector for FAX:* that could be used: returned with 5.1.2',
      'CN-01 outcome: Fax is new',
    ]);
  });

  test('CN-06: a connector that is scoped is out of sight elsewhere', () => {
    const both = outward(connector('Near', 'X1'), connector('Far', 'P1'));
    const scoped = outward(connector('Near', 'X1', '*;1', { scoped: true }), connector('Far', 'P1'));
    expect(why(both, scoped)).toEqual(['CN-06 connector: Near is scoped to other sites now']);
    expect(changesBetween(both, scoped, 'X1', '*')).toEqual([]);
  });

  test('RT-18: a connector whose sources no path leads to is out of reach', () => {
    const both = outward(connector('Near', 'Q1'), connector('Far', 'P1'));
    const cut = { ...both, links: diamond.links!.filter((link) => !String(link).includes('Q')) };
    expect(why(both, cut)).toEqual(['RT-18 connector: Near has no source server in reach any more']);
    const one = outward(connector('Near', 'Q1'));
    const none = { ...one, links: cut.links };
    expect(why(one, none)).toEqual([
      'CN-04 outcome: no connector for * that could be used: the Unreachable queue',
      'RT-18 outcome: Near has no source server in reach any more',
    ]);
    expect(why(none, one)).toEqual([
      'CN-04 outcome: before, no connector for * that could be used: the Unreachable queue',
      'RT-18 outcome: Near had no source server in reach',
    ]);
  });

  test('CN-01, CN-06: what was in the way of a connector that takes mail now', () => {
    const open = outward(connector('All', 'X1'));
    const was = (space: string, more: Parameters<typeof connector>[3]) =>
      why(outward(connector('All', 'X1', space, more)), open).slice(1);
    expect(was('*', { enabled: false })).toEqual(['CN-01 outcome: All was disabled']);
    expect(was('*', { scoped: true })).toEqual(['CN-06 outcome: All was scoped to other sites']);
    expect(was('a.example', {})).toEqual(['CN-01 outcome: All did not take *']);
    expect(was('*', { maxMessageSizeBytes: megabyte })).toEqual([
      'CN-01 size: All took messages up to 1 MB only',
    ]);
  });

  test('CN-02: a limit among equally specific connectors is no matter of specificity', () => {
    const pair = (maxMessageSizeBytes: number) =>
      outward(connector('Near', 'X1', '*;1', { maxMessageSizeBytes }), connector('Far', 'P1'));
    expect(why(pair(megabyte), pair(2 * megabyte))).toEqual([
      'CN-01 size: lowest aggregate cost: by Near 11, by Far 21',
    ]);
  });

  test('CN-02: what is as before is not told again', () => {
    const before = outward(
      connector('All', 'P1'),
      connector('Special', 'S2', 'partner.example', { maxMessageSizeBytes: megabyte }),
    );
    const links = diamond.links!.map((link) => (link === 'X-P 10' ? 'X-P 12' : link));
    expect(why(before, { ...before, links }, 'partner.example')).toEqual([
      'RT-30 size: the links of S > X > P cost 22 instead of 20',
    ]);
  });

  test('RT-16: a server that becomes a source sends by itself; QU-04: smart hosts name its queue', () => {
    const one = outward(connector('All', 'X1'));
    const both = outward({ ...connector('All', 'X1'), sourceServers: ['S1', 'X1'] });
    expect(change(one, both, 'S1', '*').reasons).toEqual([
      'RT-16 primary-site path queue tiers: now a member of All: the destination itself is the next hop',
    ]);
    expect(
      change(one, outward(connector('All', 'X1', '*;1', { smartHosts: ['relay.example'] })), 'X1', '*'),
    ).toEqual({
      changed: ['queue'],
      reasons: ['QU-04 queue: the queue is SmartHostConnectorDelivery "relay.example"'],
    });
  });

  test('RT-43: a connector that is proxied goes through the front ends of its site', () => {
    const proxied = outward(connector('All', 'X1', '*;1', { frontEndProxy: true }));
    expect(change(outward(connector('All', 'X1')), proxied, 'X1', '*')).toEqual({
      changed: ['proxy'],
      reasons: ['RT-43 proxy: by a Front End Transport now'],
    });
    const further = { ...proxied, servers: [...diamond.servers!, 'X2@X'] };
    expect(change(proxied, further, 'X1', '*').reasons).toEqual([
      'RT-43 proxy: the Front End Transports in between are X1, X2',
    ]);
  });

  test('RR-08: a domain that is no authoritative one any more is for connectors', () => {
    const domain = (type: 'authoritative' | 'internal-relay') => ({
      ...outward(connector('All', 'X1')),
      acceptedDomains: [{ name: 'fabrikam.com', type }],
    });
    expect(why(domain('authoritative'), domain('internal-relay'), 'fabrikam.com')).toEqual([
      'RR-08 outcome: fabrikam.com is no authoritative domain any more: who is unknown there is for a connector',
    ]);
    expect(why(domain('internal-relay'), domain('authoritative'), 'fabrikam.com')).toEqual([
      'RR-08 outcome: fabrikam.com is an authoritative domain now: who is unknown there is returned',
    ]);
  });
});

describe('Edges', () => {
  const subscribed: OrganizationShorthand = { ...diamond, edges: ['E1@P'] };

  test('ES-02, RT-23: a subscription makes a way out by its site', () => {
    const { reasons } = change(diamond, subscribed, 'S1', '*');
    expect(reasons).toEqual([
      'CN-04 outcome: before, no connector for * that could be used: the Unreachable queue',
      'CN-01 outcome: EdgeSync - P to Internet is new',
      'ES-02 outcome: the Edge subscription of P makes EdgeSync - P to Internet',
      'RT-23 outcome: mail for the Edges of P goes by the servers of that site',
      // DC-04: it takes up to 25 MB.
      'CN-04 size: no connector for * that could be used: returned with 5.3.4',
    ]);
    const own = { connectors: [{ name: 'Own', sourceServers: ['X1'], spaces: ['*;200'] }] };
    expect(change({ ...diamond, ...own }, { ...subscribed, ...own }, 'S1', '*').reasons).toEqual(
      expect.arrayContaining([
        'CN-01 connector: lowest aggregate cost: by EdgeSync - P to Internet 120, by Own 210',
        'ES-02 connector: the Edge subscription of P makes EdgeSync - P to Internet',
        'RT-23 group: the delivery group is P',
      ]),
    );
    const more = { ...subscribed, edges: ['E1@P', 'E2@P'] };
    expect(change(subscribed, more, 'P1', '*')).toEqual({
      changed: ['tiers'],
      reasons: ['RT-23 tiers: the targets are E1, E2 in P'],
    });
    expect(changesBetween(subscribed, more, 'S1', '*')).toEqual([]);
  });

  test('ES-02: a subscription that there was before is no reason', () => {
    const own = (enabled: boolean): OrganizationShorthand => ({
      ...subscribed,
      connectors: [{ name: 'Own', sourceServers: ['X1'], spaces: ['*'], enabled }],
    });
    const { reasons } = change(own(true), own(false), 'S1', '*');
    expect(reasons.filter((text) => /^\S+ connector[ :]/.test(text))).toEqual([
      'CN-01 connector size: Own is disabled now',
    ]);
    expect(reasons.join()).not.toContain('ES-02');
  });

  test('ES-02: an Edge that is subscribed elsewhere has other connectors, and needs no server to reach them', () => {
    const elsewhere: OrganizationShorthand = { ...diamond, edges: ['E1@X'] };
    expect(change(subscribed, elsewhere, 'E1', '*').reasons.slice(0, 3)).toEqual([
      'RT-23 group: the delivery group is X',
      'CN-01 connector: EdgeSync - P to Internet is gone',
      'ES-02 connector: the Edge subscription of X makes EdgeSync - X to Internet',
    ]);
    expect(change(subscribed, elsewhere, 'E1', '*').reasons.join()).not.toContain('mail for the Edges');
    expect(change(subscribed, elsewhere, 'S1', '*').reasons.slice(0, 4)).toEqual([
      'RT-23 group: the delivery group is X',
      'CN-01 connector: EdgeSync - P to Internet is gone',
      'ES-02 connector: the Edge subscription of X makes EdgeSync - X to Internet',
      'RT-23 connector: mail for the Edges of X goes by the servers of that site',
    ]);
  });

  test('RR-08, RT-56: an Edge looks for no recipient, so that its connectors decide', () => {
    const domain = (type: 'authoritative' | 'external-relay'): OrganizationShorthand => ({
      ...subscribed,
      acceptedDomains: [{ name: 'fabrikam.com', type }],
    });
    const why = (before: OrganizationShorthand, after: OrganizationShorthand) =>
      change(before, after, 'E1', 'fabrikam.com').reasons.filter((text) => /^\S+ connector[ :]/.test(text));
    expect(why(domain('authoritative'), domain('external-relay'))).toEqual([
      'CN-01 connector size: EdgeSync - Inbound to P does not take fabrikam.com any more',
    ]);
    expect(why(domain('external-relay'), domain('authoritative'))).toEqual([
      'CN-03 connector: fabrikam.com of EdgeSync - Inbound to P is more specific than * of EdgeSync - P to Internet',
    ]);
  });

  test('RT-60, DC-13: from an Edge mail comes in by the servers of its site', () => {
    const more = { ...subscribed, servers: [...diamond.servers!, 'P3@P'] };
    expect(change(subscribed, more, 'E1', 'contoso.com')).toEqual({
      changed: ['tiers', 'proxy'],
      reasons: [
        'RT-60 tiers: the targets are P1, P2, P3 in P',
        'DC-13 proxy: the Front End Transports in between are P1, P2, P3',
      ],
    });
  });

  test('RT-56: from an Edge there are no ways to databases', () => {
    const destinations = [...diff({}, subscribed).changes()]
      .flatMap(({ changes }) => changes)
      .filter(({ sources }) => sources.some(({ name }) => name === 'E1'))
      .flatMap((each) => each.destinations.map(({ name }) => name));
    expect(destinations).toEqual(['*', 'contoso.com']);
  });
});
