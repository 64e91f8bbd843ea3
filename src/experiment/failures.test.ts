import { describe, expect, test } from 'vitest';
import {
  describeOrganization,
  type OrganizationShorthand,
} from '../../tests/conformance/organization-builder.js';
import { compileRoutingTables } from '../routing/index.js';
import { buildTopology, type Organization } from '../topology/index.js';
import { findFailures } from './failures.js';
import type { FailureOptions } from './failures-answer.js';

function failuresOf(
  shorthand: OrganizationShorthand,
  change: Partial<Organization> = {},
  options?: FailureOptions,
) {
  const organization = { ...describeOrganization(shorthand), ...change };
  const answer = findFailures(compileRoutingTables(buildTopology(organization)), options);
  const of = (...names: readonly string[]) =>
    answer.failures.find(({ failed }) => failed.map(({ name }) => name).join() === names.join())!;
  return { ...answer, of };
}

/** Two members a site; the witness stands with the first, in A. */
const stretched: OrganizationShorthand = {
  links: ['A-B 10'],
  servers: ['A1@A', 'A2@A', 'B1@B', 'B2@B'],
  dags: { DAG1: ['A1', 'A2', 'B1', 'B2'] },
  databases: { DB1: ['B1', 'A1'], DB2: ['A1', 'B1'] },
  mailboxes: { 'u1@contoso.com': 'DB1', 'u2@contoso.com': 'DB2' },
};

describe('databases that fail over', () => {
  test('A-majority: the loss of the site with the majority is the worst, and dismounts what stands elsewhere', () => {
    const { failures } = failuresOf(stretched);
    expect(failures[0]).toMatchObject({
      failed: [{ kind: 'site', name: 'A' }],
      mailboxesCutOff: 1,
      why: [
        'DAG1 is without a majority (2 of 5 votes, 2 of 4 members and the witness in A are down): its databases are dismounted',
      ],
    });
    expect(failures[0]!.unreachable.map(({ name, everywhere, from }) => [name, everywhere, from])).toEqual([
      ['DB1', true, ['B']],
      ['DB2', true, ['B']],
    ]);
  });

  test('A-majority: the loss of the other site moves its databases, and a cut leaves that site alone', () => {
    const { of } = failuresOf(stretched);
    // From A1 and A2 to DB1, which is active in A now.
    expect(of('B')).toMatchObject({ unreachable: [], detours: 2 });
    // B1 and B2, half of the servers, reach nothing any more: DB1 is active in A, too.
    expect(of('A-B')).toMatchObject({ mailboxesCutOff: 0.5, detours: 2 });
    expect(of('A-B').why).toEqual(['without site link A-B there is no way from B to A']);
  });

  test('a database stays away where its DAG does not fail over by itself, or its one server is down', () => {
    const { of } = failuresOf({ ...stretched, databases: { DB1: ['B1', 'A1'], DB2: ['A1'] } });
    expect(of('B1').unreachable).toEqual([]);
    expect(of('A1').why).toEqual(['its only copy is on A1, which is down']);
    const manual = {
      dags: describeOrganization(stretched).dags.map((dag) => ({ ...dag, automaticFailover: false })),
    };
    expect(failuresOf(stretched, manual).of('B1').why).toEqual([
      'B1 is down, and DAG1 does not fail over by itself',
    ]);
    const alone = failuresOf({ servers: ['S1@S', 'S2@S'], databases: { DB1: ['S1'] } });
    expect(alone.of('S1').why).toEqual(['its only server S1 is down']);
  });

  test('A-witness-site: a witness that is lost is told of, where it has a vote', () => {
    const shorthand = {
      links: ['A-B 10', 'A-C 10', 'B-C 10'],
      servers: ['A1@A', 'B1@B'],
      dags: { DAG1: ['A1', 'B1'] },
      databases: { DB1: ['A1', 'B1'] },
      mailboxes: { 'u1@contoso.com': 'DB1' },
    };
    const dags = describeOrganization(shorthand).dags.map((dag) => ({ ...dag, witnessSite: 'C' }));
    const { of } = failuresOf(shorthand, { dags }, { pairs: true });
    const without = (votes: string) => [
      `DAG1 is without a majority (1 of 3 votes, ${votes}): its databases are dismounted`,
    ];
    expect(of('C', 'A-B').why).toEqual(
      without('its members do not see each other, and the witness in C is down'),
    );
    expect(of('C', 'A1').why).toEqual(without('1 of 2 members and the witness in C are down'));
    // Three members are odd in number: no witness votes.
    const odd = failuresOf({
      ...stretched,
      servers: ['A1@A', 'A2@A', 'B1@B'],
      dags: { DAG1: ['A1', 'A2', 'B1'] },
    });
    expect(odd.of('A').why).toEqual([
      'DAG1 is without a majority (1 of 3 votes, 2 of 3 members are down): its databases are dismounted',
    ]);
  });

  test('A-witness-site: a witness elsewhere leaves the other site its majority', () => {
    const witness = {
      dags: describeOrganization(stretched).dags.map((dag) => ({ ...dag, witnessSite: 'B' })),
    };
    const { of } = failuresOf(stretched, witness);
    expect(of('A').unreachable).toEqual([]);
    expect(of('B').unreachable).toHaveLength(2);
  });
});

describe('connectors', () => {
  const outward: OrganizationShorthand = {
    links: ['A-B 10'],
    servers: ['A1@A', 'B1@B', 'B2@B'],
    connectors: [
      { name: 'Internet', sourceServers: ['B1'], spaces: ['*'] },
      {
        name: 'Partner',
        sourceServers: ['B1', 'B2'],
        spaces: ['partner.example'],
        smartHosts: ['gate.example'],
      },
    ],
  };

  test('AS-09: the last source server takes its connector with it; one of two is only another way', () => {
    const { of } = failuresOf(outward);
    expect(of('B1').unreachable.map(({ name, why }) => [name, why])).toEqual([
      ['Internet', 'B1, the only source server of connector Internet, is down'],
    ]);
    expect(of('B2').unreachable).toEqual([]);
    expect(of('Internet').why).toEqual([
      'connector Internet itself has failed: routing does not turn to another',
    ]);
  });

  test('* counts as much as all other address spaces together', () => {
    const { of } = failuresOf(outward);
    expect([of('Internet').outsideCutOff, of('Partner').outsideCutOff]).toEqual([0.5, 0.5]);
  });

  test('RT-57: without the Edges of a site, and without the servers before them, nothing leaves by them', () => {
    const { of } = failuresOf({ links: ['A-B 10'], servers: ['A1@A', 'B1@B'], edges: ['E1@B'] });
    const lost = (name: string) => of(name).unreachable.map((each) => [each.name, each.from]);
    const [out, inward] = ['EdgeSync - B to Internet', 'EdgeSync - Inbound to B'];
    expect(lost('E1')).toEqual([[out, ['A', 'B']]]);
    expect(lost('B1')).toEqual(
      [
        [inward, ['B']],
        [out, ['A']],
      ].sort(),
    );
    expect(of('B1').why).toContain('B1, the only server before the Edges of B, is down');
  });
});

describe('ways through the network', () => {
  const ring: OrganizationShorthand = {
    links: ['A-B 10', 'B-C 10', 'A-C 30'],
    servers: ['A1@A', 'B1@B', 'C1@C'],
    databases: { DbA: ['A1'], DbC: ['C1'] },
  };

  test('a cut link sends traffic another way, and cuts off under least-cost-path', () => {
    // From A1 to DbC, from B1 to DbC, from C1 to DbA.
    expect(failuresOf(ring).of('B-C')).toMatchObject({ unreachable: [], detours: 3 });
    const strict = failuresOf({ ...ring, network: 'least-cost-path' }).of('B-C');
    expect(strict.unreachable.map(({ name, from }) => [name, from])).toEqual([
      ['DbA', ['C']],
      ['DbC', ['A', 'B']],
    ]);
    expect(strict.why).toContain(
      'the least-cost path from C to A, and no other counts, leads over site link B-C',
    );
  });

  test('RT-34: without the servers of a hub site mail does not pass it', () => {
    const { of } = failuresOf({ ...ring, hubs: ['B'] });
    expect(of('B1').unreachable.map(({ name, from, why }) => [name, from, why])).toEqual([
      ['DbA', ['C'], 'B1, the only server of hub site B, is down'],
      ['DbC', ['A'], 'B1, the only server of hub site B, is down'],
    ]);
  });

  test('what leads nowhere while all is well is no failure', () => {
    const closed = failuresOf({ ...ring, inboundMailOff: ['C'] });
    expect(closed.summary).toMatchObject({ sources: 3, routes: 6, lostBefore: 2 });
    expect(closed.of('B1').unreachable).toEqual([]);
  });
});

describe('pairs', () => {
  test('say what is worse together than alone, and leave out a server beside its own site', () => {
    const twice: OrganizationShorthand = {
      links: [
        { name: 'First', sites: ['A', 'B'], cost: 10 },
        { name: 'Second', sites: ['A', 'B'], cost: 20 },
      ],
      servers: ['A1@A', 'B1@B'],
      databases: { DbA: ['A1'], DbB: ['B1'] },
    };
    const { failures, summary, of } = failuresOf(twice, {}, { pairs: true });
    // Of 2 sites, 2 servers and 2 links: 15 pairs, 2 of a site and its server.
    expect([failures.length, summary.failures]).toEqual([13, 13]);
    expect(of('First', 'Second')).toMatchObject({ worseTogether: true, mailboxesCutOff: 0.5 });
    expect(of('B1', 'First')).toMatchObject({ worseTogether: false, mailboxesCutOff: 0.5 });
  });

  test('a list that is cut short has the worst', () => {
    const all = failuresOf(stretched, {}, { pairs: true });
    const some = failuresOf(stretched, {}, { pairs: true, most: 3 });
    expect(some.failures).toEqual(all.failures.slice(0, 3));
    expect(some.summary).toEqual(all.summary);
  });
});
