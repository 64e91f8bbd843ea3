import { describe, expect, test } from 'vitest';
import { queueOf, RouteReader } from '../../tests/conformance/route-reader.js';
import { noRoute } from './routing-tables.js';

/** WE-08: a DAG over two sites, seen from a third. */
const spread = {
  links: ['S-X 10', 'X-P 10', 'S-Q 50'],
  servers: ['S1@S', 'P1@P', 'P2@P', 'N1@P', 'X1@X', 'Q1@Q'],
  dags: { DAG1: ['P1', 'P2', 'Q1'] },
  databases: { DB1: ['P1', 'P2', 'Q1'] },
};

describe('tiers towards a remote group', () => {
  const read = new RouteReader(spread);
  const hop = read.toDatabase('S1', 'DB1');
  const tiers = read.tiers(hop.tiers);

  test('RT-33: the nearest site of the group is the primary site', () => {
    expect(read.site(hop.primarySite)).toBe('P');
    expect(hop.path).toMatchObject({ cost: 20, hops: 2 });
    const farther = new RouteReader({ ...spread, links: ['S-X 10', 'X-P 10', 'S-Q 19'] });
    expect(farther.site(farther.toDatabase('S1', 'DB1').primarySite)).toBe('Q');
  });

  test('RT-37: members in the primary site come first', () =>
    expect(tiers[0]).toBe('target-servers P: P1 P2'));

  test('RT-38: then members in other sites, by the cost of their paths', () => {
    expect(tiers[1]).toBe('other-group-servers Q: Q1');
    const three = new RouteReader({
      links: ['S-A 30', 'S-B 20', 'S-C 10'],
      servers: ['S1@S', 'A1@A', 'B1@B', 'C1@C'],
      dags: { D: ['A1', 'B1', 'C1'] },
      databases: { DB: ['A1'] },
    });
    expect(three.tiers(three.toDatabase('S1', 'DB').tiers)).toEqual([
      'target-servers C: C1',
      'other-group-servers B: B1',
      'other-group-servers A: A1',
    ]);
  });

  test('RT-40: then the other servers of the primary site', () => {
    expect(tiers[2]).toBe('primary-site-servers P: N1');
  });

  test('RT-41: then back along the path, from the far end, to but not into the own site', () => {
    expect(tiers.slice(3)).toEqual(['backoff X: X1']);
    const chain = new RouteReader({
      links: ['S-A 1', 'A-B 1', 'B-T 1'],
      servers: ['S1@S', 'S2@S', 'A1@A', 'B1@B', 'T1@T'],
      databases: { DB: ['T1'] },
    });
    expect(chain.tiers(chain.toDatabase('S1', 'DB').tiers)).toEqual([
      'target-servers T: T1',
      'backoff B: B1',
      'backoff A: A1',
    ]);
  });

  test('UN-03: sites without transport servers are skipped in back-off', () => {
    const gap = new RouteReader({
      links: ['S-A 1', 'A-B 1', 'B-T 1'],
      servers: ['S1@S', 'A1@A', 'T1@T'],
      databases: { DB: ['T1'] },
    });
    expect(gap.tiers(gap.toDatabase('S1', 'DB').tiers)).toEqual(['target-servers T: T1', 'backoff A: A1']);
  });

  test('UN-15: in fallback and back-off servers of any version count', () => {
    const mixed = new RouteReader({
      links: ['S-X 10', 'X-P 10'],
      servers: ['S1@S', 'P1@P', 'H10@P 2010', 'H07@X 2007'],
      databases: { DB: ['P1'] },
    });
    expect(mixed.tiers(mixed.toDatabase('S1', 'DB').tiers)).toEqual([
      'target-servers P: P1',
      'primary-site-servers P: H10',
      'backoff X: H07',
    ]);
  });

  test('RT-38, RT-41: a server stands in one tier only, the first that fits', () => {
    const onTheWay = new RouteReader({
      links: ['S-X 1', 'X-Y 1', 'Y-P 1', 'S-P 2'],
      servers: ['S1@S', 'P1@P', 'X1@X', 'X2@X'],
      dags: { D: ['P1', 'X1'] },
      databases: { DB: ['P1'] },
    });
    // X is nearer: P is a further site of the group then, and S-X leaves nothing to back off to.
    expect(onTheWay.tiers(onTheWay.toDatabase('S1', 'DB').tiers)).toEqual([
      'target-servers X: X1',
      'other-group-servers P: P1',
      'primary-site-servers X: X2',
    ]);
  });

  test('the rules that decided are listed, those that did not are not', () => {
    expect(read.rules(hop)).toEqual(['RT-33', 'RT-37', 'RT-38', 'RT-40', 'RT-41']);
  });
});

describe('tiers towards a group with a server in the own site', () => {
  test('RT-39: no fallback beyond the group', () => {
    const read = new RouteReader({
      ...spread,
      servers: [...spread.servers, 'S2@S'],
      dags: { DAG1: ['P1', 'P2', 'Q1', 'S2'] },
    });
    const hop = read.toDatabase('S1', 'DB1');
    expect(read.tiers(hop.tiers)).toEqual([
      'target-servers S: S2',
      'other-group-servers P: P1 P2',
      'other-group-servers Q: Q1',
    ]);
    expect(hop.path).toEqual({ sites: [hop.primarySite], cost: 0, hops: 0 });
    expect(read.rules(hop)).toContain('RT-39');
  });
});

describe('hub sites', () => {
  const chain = {
    links: ['A-B 10', 'B-C 10', 'C-D 10', 'D-E 10'],
    servers: ['A1@A', 'B1@B', 'C1@C', 'C2@C 2010', 'D1@D', 'E1@E'],
    databases: { DB: ['E1'] },
  };

  test('RT-34: the hub nearest the source is the next hop, as an AD site of all its transport servers', () => {
    const read = new RouteReader({ ...chain, hubs: ['C', 'D'] });
    const hop = read.toDatabase('A1', 'DB');
    expect(hop.nextHopGroup).toEqual({ kind: 'ad-site', name: 'C' });
    expect(hop.destinationGroup).toEqual({ kind: 'mailbox-delivery-group', name: 'Site:E;Version:15' });
    expect(queueOf(hop)).toBe('SmtpRelayToRemoteActiveDirectorySite / C / C');
    expect(read.tiers(hop.tiers)[0]).toBe('target-servers C: C1 C2');
    expect([read.site(hop.hubSite), hop.path.cost, read.site(hop.primarySite)]).toEqual(['C', 40, 'E']);
  });

  test('AS-06: after a hub the next one is aimed at; the own site is never a stop', () => {
    const read = new RouteReader({ ...chain, hubs: ['C', 'D'] });
    expect(queueOf(read.toDatabase('C1', 'DB'))).toBe('SmtpRelayToRemoteActiveDirectorySite / D / D');
    const last = read.toDatabase('D1', 'DB');
    expect([last.key.deliveryType, last.hubSite]).toEqual(['SmtpRelayToMailboxDeliveryGroup', -1]);
  });

  test('UN-04: a hub that does not answer is backed off from along the path to it only', () => {
    const read = new RouteReader({ ...chain, hubs: ['C'] });
    expect(read.tiers(read.toDatabase('A1', 'DB').tiers)).toEqual([
      'target-servers C: C1 C2',
      'backoff B: B1',
    ]);
  });

  test('RT-36: a hub off the path is ignored, however near', () => {
    const read = new RouteReader({ ...chain, links: [...chain.links, 'A-E 39'], hubs: ['C'] });
    const hop = read.toDatabase('A1', 'DB');
    expect([hop.key.nextHopDomain, hop.hubSite]).toEqual(['Site:E;Version:15', -1]);
  });

  test('UN-03: a hub flag on a site without transport servers is no stop', () => {
    const read = new RouteReader({ ...chain, sites: ['B'], servers: ['A1@A', 'E1@E'], hubs: ['B'] });
    expect(read.toDatabase('A1', 'DB').hubSite).toBe(-1);
  });

  const hubGroup = {
    links: ['S-M 5', 'M-P 5', 'S-Q 15'],
    servers: ['S1@S', 'M1@M', 'P1@P', 'P9@P', 'Q1@Q'],
    hubs: ['P'],
    dags: { DAG3: ['P1', 'Q1'] },
    databases: { DB3: ['Q1', 'P1'] },
  };

  test('RT-35: a primary site that is a hub: its members first, its other servers next, no other site', () => {
    const read = new RouteReader(hubGroup);
    const hop = read.toDatabase('S1', 'DB3');
    expect(read.tiers(hop.tiers)).toEqual([
      'target-servers P: P1',
      'hub-site-servers P: P9',
      'backoff M: M1',
    ]);
    expect(read.rules(hop)).toContain('RT-35');
    // The hub itself may go on to the other sites of the group.
    expect(read.tiers(read.toDatabase('P9', 'DB3').tiers)).toEqual([
      'target-servers P: P1',
      'other-group-servers Q: Q1',
    ]);
  });

  test('UN-05: its queue is that of an AD site', () => {
    const hop = new RouteReader(hubGroup).toDatabase('S1', 'DB3');
    expect(queueOf(hop)).toBe('SmtpRelayToRemoteActiveDirectorySite / P / P');
    expect(hop.nextHopGroup).toEqual({ kind: 'ad-site', name: 'P' });
  });
});

describe('inside the group', () => {
  const dag = {
    links: [
      { sites: ['A', 'B'], cost: 10, maxMessageSizeBytes: 100 },
      { sites: ['B', 'C'], cost: 10 },
    ],
    hubs: ['B'],
    servers: ['A1@A', 'A9@A', 'B1@B', 'C1@C'],
    dags: { DAG2: ['A1', 'C1'] },
    databases: { DB2: ['C1', 'A1'] },
  };

  test('RT-16, RT-19: a member hands over to the Mailbox Transport of the active copy, in whatever site', () => {
    const read = new RouteReader(dag);
    const hop = read.toDatabase('A1', 'DB2');
    expect([hop.kind, queueOf(hop)]).toEqual(['mailbox', 'SmtpDeliveryToMailbox / DB2 / DB2']);
    expect(read.tiers(hop.tiers)).toEqual(['target-servers C: C1 A1']);
    expect(hop.path).toEqual({ sites: [0], cost: 0, hops: 0 });
  });

  test('RT-18: a server of the same site outside the group relays to a member', () => {
    const read = new RouteReader(dag);
    const hop = read.toDatabase('A9', 'DB2');
    expect([hop.kind, hop.key.deliveryType]).toEqual(['relay', 'SmtpRelayToDag']);
    expect(read.tiers(hop.tiers)[0]).toBe('target-servers A: A1');
  });

  test('UN-06: inside a DAG neither hubs nor size limits of links apply', () => {
    const hop = new RouteReader(dag).toDatabase('A1', 'DB2');
    expect([hop.hubSite, hop.forkSite, hop.maxMessageSizeBytes]).toEqual([-1, -1, Number.POSITIVE_INFINITY]);
  });

  test('DC-10: any 2013 server of the site accepts for a database outside DAGs, and hands over to its holder', () => {
    const read = new RouteReader({
      links: ['A-B 1'],
      servers: ['A1@A', 'B1@B', 'B2@B'],
      databases: { DB: ['B2'] },
    });
    expect(read.tiers(read.toDatabase('A1', 'DB').tiers)).toEqual(['target-servers B: B1 B2']);
    const hop = read.toDatabase('B1', 'DB');
    expect([hop.kind, read.tiers(hop.tiers)]).toEqual(['mailbox', ['target-servers B: B2']]);
  });

  test('UN-10: a member of a DAG serves the databases of its site outside the DAG', () => {
    const read = new RouteReader({ ...dag, databases: { Alone: ['A9'] } });
    expect(read.toDatabase('A1', 'Alone').kind).toBe('mailbox');
  });
});

describe('mixed versions', () => {
  const mixed = {
    links: ['A-B 10'],
    servers: ['M13@A', 'H10a@A 2010', 'H10b@A 2010', 'H07@A 2007', 'B1@B'],
    databases: { Db10: ['H10a'], Db07: ['H07'], Db13: ['M13'] },
  };
  const read = new RouteReader(mixed);

  test('IV-01: older hubs queue by site, towards others of their own site by a type of its own', () => {
    const read = new RouteReader({
      links: ['A-B 10', 'B-C 10'],
      servers: ['H10@A 2010', 'M1@A', 'B1@B', 'C1@C', 'H07@C 2007'],
      databases: { Here: ['M1'], There: ['C1'], Old: ['H07'] },
      connectors: [{ name: 'K', spaces: ['partner.example'], sourceServers: ['M1'] }],
    });
    const queueFrom = (from: string, database: string) => queueOf(read.toDatabase(from, database));
    expect(queueFrom('H10', 'Here')).toBe('SmtpRelayWithinAdSite / A / A');
    expect(queueFrom('H10', 'There')).toBe('SmtpRelayToRemoteActiveDirectorySite / C / C');
    expect(queueFrom('H10', 'Old')).toBe('SmtpRelayToRemoteActiveDirectorySite / C / C');
    expect(queueOf(read.toOutside('H10', 'partner.example'))).toBe('SmtpRelayWithinAdSite / A / A');
    // One queue for all that goes to a site (RT-07 is new with 2013).
    expect(read.toDatabase('H10', 'Old').queue).toBe(read.toDatabase('H10', 'There').queue);
    expect(read.rules(read.toDatabase('H10', 'There'))).toContain('IV-01');
    const { tiers, nextHopGroup, maxMessageSizeBytes, path } = read.toDatabase('H10', 'There');
    expect(read.tiers(tiers)).toEqual([
      'target-servers C: C1',
      'primary-site-servers C: H07',
      'backoff B: B1',
    ]);
    expect([nextHopGroup.name, maxMessageSizeBytes, path.cost]).toEqual([
      'Site:C;Version:15',
      Number.POSITIVE_INFINITY,
      20,
    ]);
  });

  test('IV-01, RT-20: a 2013 server relays to hubs of the version of the mailbox', () => {
    const hop = read.toDatabase('M13', 'Db10');
    expect(queueOf(hop)).toBe('SmtpRelayToMailboxDeliveryGroup / Site:A;Version:14 / null');
    expect(read.tiers(hop.tiers)).toEqual(['target-servers A: H10a H10b']);
    expect(read.tiers(read.toDatabase('M13', 'Db07').tiers)).toEqual(['target-servers A: H07']);
    expect(read.tiers(read.toDatabase('H07', 'Db13').tiers)).toEqual(['target-servers A: M13']);
  });

  test('RT-21: any hub of the version and site writes by its store driver, by a queue type of its own', () => {
    const hop = read.toDatabase('H10b', 'Db10');
    expect([hop.kind, queueOf(hop)]).toEqual(['mailbox', 'MapiDelivery / Db10 / Db10']);
    expect(read.tiers(hop.tiers)).toEqual(['target-servers A: H10a']);
  });
});

describe('sites with inbound mail off', () => {
  test('AS-07: their servers are in no tier, and their site is neither primary site nor hub stop', () => {
    const read = new RouteReader({ ...spread, hubs: ['X'], inboundMailOff: ['P', 'X'] });
    const hop = read.toDatabase('S1', 'DB1');
    expect(read.tiers(hop.tiers)).toEqual(['target-servers Q: Q1']);
    expect([read.site(hop.primarySite), hop.hubSite]).toEqual(['Q', -1]);
    expect(read.rules(hop)).toContain('AS-07');
  });

  test('AS-07: a group all of whose servers take no mail is unreachable', () => {
    const read = new RouteReader({ ...spread, inboundMailOff: ['P', 'Q'] });
    expect(read.databaseId('S1', 'DB1')).toBe(noRoute.unreachable);
    expect(read.databaseId('S1', 'DB1')).toBe(noRoute.unreachable);
    expect(read.tables.nextHopCount).toBe(0);
  });

  test('AS-07: what has reached its group is handed over', () => {
    const read = new RouteReader({ ...spread, inboundMailOff: ['P', 'Q'] });
    expect(read.toDatabase('P1', 'DB1').kind).toBe('mailbox');
  });
});

describe('size limits', () => {
  test('AS-05: a next hop has the smallest limit of the links on its path, hub stops or not', () => {
    const limited = {
      links: [
        { sites: ['A', 'B'], cost: 10, maxMessageSizeBytes: 200 },
        { sites: ['B', 'C'], cost: 10, maxMessageSizeBytes: 50 },
      ],
      servers: ['A1@A', 'B1@B', 'C1@C'],
      databases: { DbB: ['B1'], DbC: ['C1'] },
    };
    const read = new RouteReader(limited);
    expect(read.toDatabase('A1', 'DbB').maxMessageSizeBytes).toBe(200);
    expect(read.toDatabase('A1', 'DbC').maxMessageSizeBytes).toBe(50);
    expect(new RouteReader({ ...limited, hubs: ['B'] }).toDatabase('A1', 'DbC').maxMessageSizeBytes).toBe(50);
  });
});

describe('expansion servers', () => {
  const read = new RouteReader({
    links: ['A-B 10'],
    hubs: ['B'],
    servers: ['A1@A', 'B1@B', 'B2@B 2010'],
    groups: [
      { address: 'g1@contoso.com', members: [], expansionServer: 'B2' },
      { address: 'g2@contoso.com', members: [], expansionServer: 'A1' },
    ],
  });

  test('RT-10, RT-25: a group with one is routed to it as to any destination', () => {
    const near = read.toExpansionServer('B1', 'B2');
    expect(queueOf(near)).toBe('SmtpRelayToServers / B2.contoso.com / null');
    expect(near.destination).toMatchObject({ kind: 'expansion-server', name: 'B2' });
    expect(near.destinationGroup).toEqual({ kind: 'server-list', name: 'B2.contoso.com' });
    expect(read.tiers(near.tiers)).toEqual(['target-servers B: B2']);
  });

  test('RT-35: over a hub, too', () => {
    const far = read.toExpansionServer('A1', 'B2');
    expect(read.tiers(far.tiers)).toEqual(['target-servers B: B2', 'hub-site-servers B: B1']);
  });
});

describe('numbers', () => {
  test('RT-28: next hops of a server share a queue when their keys are equal, and only then', () => {
    const read = new RouteReader({
      links: ['A-B 10'],
      servers: ['A1@A', 'A2@A', 'B1@B', 'B2@B'],
      databases: { Db1: ['B1'], Db2: ['B2'], Db3: ['A1'] },
    });
    const one = read.toDatabase('A1', 'Db1');
    const two = read.toDatabase('A1', 'Db2');
    expect([one.id, two.id, one.queue, two.queue]).toEqual([0, 1, 0, 0]);
    expect(two.key).toBe(one.key);
    expect(read.toDatabase('A2', 'Db1').queue).toBe(1);
    expect(read.toDatabase('A1', 'Db3').queue).toBe(2);
    expect([read.tables.nextHopCount, read.tables.queueCount]).toEqual([4, 3]);
  });

  test('RT-28: next hops over one hub share their tiers as an object, whatever lies behind it', () => {
    const read = new RouteReader({
      links: ['A-H 10', 'H-B 10', 'H-C 10'],
      hubs: ['H'],
      servers: ['A1@A', 'H1@H', 'B1@B', 'C1@C'],
      databases: { DbB: ['B1'], DbC: ['C1'], DbH: ['H1'] },
    });
    const [toB, toC, toH] = ['DbB', 'DbC', 'DbH'].map((database) => read.toDatabase('A1', database));
    expect(toB!.tiers).toBe(toC!.tiers);
    expect([toC!.queue, toH!.queue]).toEqual([toB!.queue, toB!.queue]);
  });

  test('RT-28: ids are handed out on first use and stay', () => {
    const ask = () => {
      const read = new RouteReader(spread);
      return ['Q1', 'S1', 'Q1', 'X1'].map((from) => read.databaseId(from, 'DB1'));
    };
    expect(ask()).toEqual([0, 1, 0, 2]);
    expect(ask()).toEqual(ask());
  });

  test('an id that was never handed out is an error', () => {
    expect(() => new RouteReader(spread).tables.nextHop(0)).toThrow(RangeError);
  });
});
