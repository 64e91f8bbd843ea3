import { describe, expect, it } from 'vitest';
import { noTime, type RunningOrganization, run, type SmallOrganization, way } from './small-organization.js';

const minute = 60_000;
const hub = { version: '2010', roles: ['hub-transport', 'mailbox'] } as const;

/** WE-16: a site with a server of 2013 and two hubs of 2010, and a mailbox on each of the first two. */
const we16 = {
  servers: { M13: 'A', H10a: { site: 'A', ...hub }, H10b: { site: 'A', ...hub } },
  databases: { DB13: ['M13'], DB10: ['H10a'] },
  mailboxes: { new: 'DB13', old: 'DB10' },
} satisfies SmallOrganization;

/** The queues that there have been: server, type, next hop, messages in it now. */
function queues({ model }: RunningOrganization): string[] {
  return Array.from({ length: model.queueCount }, (_, queue) => {
    const { deliveryType, nextHopDomain } = model.queueKey(queue);
    const { name } = model.topology.servers[model.queueServer(queue)]!;
    return `${name} ${deliveryType} ${nextHopDomain} ${model.queueMessages(queue)}`;
  });
}

describe('WE-16 simulated: mail for a mailbox of Exchange 2010', () => {
  it("WE-16, RT-20, RT-21: a hub of the mailbox's version takes it and writes to the database itself", () => {
    const organization = run(we16);
    organization.at(0, () => organization.send('new', ['old']));
    organization.simulation.runUntil(minute);
    expect(queues(organization)).toEqual([
      'M13 SmtpRelayToMailboxDeliveryGroup Site:A;Version:14 0',
      'H10a MapiDelivery DB10 0',
    ]);
    expect(organization.recorder.ended_).toMatchObject([
      {
        end: 'delivered',
        server: organization.server('H10a'),
        hops: 2,
        atMs: 500,
        // A hub acknowledges what it has committed, as M13 without a partner does; the RPC takes a session's time.
        stageMs: {
          submission: 30,
          accept: 200,
          categorizer: 150,
          connection: 20,
          transfer: 20,
          mailboxDelivery: 80,
        },
      },
    ]);
    expect(organization.model.audit()).toMatchObject({ delivered: 1, alive: 0 });
  });

  it('WE-16, UN-07, RT-21: the hubs take turns, whichever holds the database; each is the one that has delivered', () => {
    const organization = run(we16, noTime);
    const { at, recorder, server } = organization;
    for (let second = 0; second < 4; second++) at(second * 1_000, () => organization.send('new', ['old']));
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual(['M13 > H10a', 'M13 > H10b', 'M13 > H10a', 'M13 > H10b']);
    expect(recorder.ended_.map((row) => row.server)).toEqual(
      ['H10a', 'H10b', 'H10a', 'H10b'].map((name) => server(name)),
    );
  });

  it("RT-21: a hub that is down leaves the mail to the others; the database's own server cannot be done without", () => {
    const organization = run(we16, noTime);
    const { model, at, server, recorder, simulation } = organization;
    model.beginServerOutage(server('H10a'));
    at(0, () => organization.send('new', ['old']));
    simulation.runUntil(minute);
    expect(way(organization)).toEqual(['M13 > H10b']);
    expect(queues(organization).at(-1)).toBe('H10b MapiDelivery DB10 1');
    // As any mailbox queue: 5 min from the end of a failed attempt (CAP-65).
    at(6 * minute, () => model.endServerOutage(server('H10a')));
    simulation.runUntil(12 * minute);
    expect(recorder.attempts.map(({ stage, startMs }) => [stage, startMs])).toEqual([
      ['mailbox', 40],
      ['mailbox', 40 + 5 * minute],
      ['mailbox', 40 + 10 * minute],
    ]);
    expect(recorder.ended_).toMatchObject([{ end: 'delivered', server: server('H10b') }]);
    expect(model.audit()).toMatchObject({ delivered: 1, alive: 0 });
  });

  it('RT-53, UN-12: a front end hands it to a server of 2013, which relays it to a hub', () => {
    const organization = run(we16, noTime);
    organization.at(0, () => organization.send('x@partner.example', ['old']));
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual(['M13 > H10a']);
    expect(organization.recorder.ended_).toMatchObject([{ end: 'delivered', hops: 2 }]);
  });

  it("RT-20, IV-01: each version's hubs serve the databases of their own version alone", () => {
    const organization = run(
      {
        servers: {
          M13: 'A',
          H07: { site: 'A', version: '2007', roles: ['hub-transport', 'mailbox'] },
          H10: { site: 'A', ...hub },
        },
        databases: { DB13: ['M13'], DB07: ['H07'], DB10: ['H10'] },
        mailboxes: { u13: 'DB13', u07: 'DB07', u10: 'DB10' },
      },
      noTime,
    );
    organization.at(0, () => organization.send('u13', ['u13', 'u07', 'u10']));
    organization.simulation.runUntil(minute);
    expect(queues(organization).sort()).toEqual([
      'H07 MapiDelivery DB07 0',
      'H10 MapiDelivery DB10 0',
      'M13 SmtpDeliveryToMailbox DB13 0',
      'M13 SmtpRelayToMailboxDeliveryGroup Site:A;Version:14 0',
      'M13 SmtpRelayToMailboxDeliveryGroup Site:A;Version:8 0',
    ]);
    expect(organization.model.audit()).toMatchObject({ delivered: 3, alive: 0 });
  });

  it('MD-02, NDR-01: a full mailbox is returned by the hub that would have written to it', () => {
    const organization = run(
      {
        ...we16,
        databases: { DB13: ['M13'], DB10: ['H10b'] },
        mailboxes: { new: 'DB13', old: { database: 'DB10', quotaExceeded: true } },
      },
      noTime,
    );
    organization.at(0, () => organization.send('new', ['old']));
    organization.simulation.runUntil(minute);
    const { recorder, server, model } = organization;
    expect(recorder.ended_).toMatchObject([
      { end: 'returned', code: '5.2.2', server: server('H10a') },
      { kind: 'ndr', end: 'delivered', server: server('M13') },
    ]);
    expect(model.audit()).toMatchObject({ delivered: 1, returned: 1, alive: 0 });
  });
});

describe('IV-01: mail from mailboxes of older versions', () => {
  it("IV-01, RT-53: a hub of the mailbox's version in its site fetches it, by turns, and relays within the site", () => {
    const organization = run(we16);
    const { at, simulation, recorder, server } = organization;
    at(0, () => organization.send('old', ['new']));
    at(1_000, () => organization.send('old', ['new']));
    simulation.runUntil(minute);
    expect(way(organization)).toEqual(['H10a > M13', 'H10b > M13']);
    expect(queues(organization)).toEqual([
      'H10a SmtpRelayWithinAdSite A 0',
      'M13 SmtpDeliveryToMailbox DB13 0',
      'H10b SmtpRelayWithinAdSite A 0',
    ]);
    expect(recorder.ended_.map(({ submittedMs, atMs }) => atMs - submittedMs)).toEqual([500, 500]);
    expect(recorder.ended_[0]).toMatchObject({ server: server('M13'), hops: 2, stageMs: { submission: 30 } });
  });

  it('IV-01: between two mailboxes of a version no server of 2013 is passed; other sites are queues by site', () => {
    const organization = run(
      {
        links: { 'A-B': 10 },
        servers: { M13: 'A', H10: { site: 'A', ...hub }, H10far: { site: 'B', ...hub } },
        databases: { DB13: ['M13'], DB10: ['H10'], DBfar: ['H10far'] },
        mailboxes: { old: 'DB10', other: 'DB10', far: 'DBfar' },
      },
      noTime,
    );
    organization.at(0, () => organization.send('old', ['other', 'far']));
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual(['H10 > H10far']);
    expect(queues(organization)).toEqual([
      'H10 MapiDelivery DB10 0',
      'H10 SmtpRelayToRemoteActiveDirectorySite B 0',
      'H10far MapiDelivery DBfar 0',
    ]);
    expect(organization.model.audit()).toMatchObject({ delivered: 2, alive: 0 });
  });

  it('A-older-submission: a mailbox server without a hub of its own needs one of its version in its site', () => {
    const organization = run(
      {
        links: { 'A-B': 10 },
        servers: {
          M13: 'A',
          S10: { site: 'A', version: '2010', roles: ['mailbox'] },
          S07: { site: 'A', version: '2007', roles: ['mailbox'] },
          H10: { site: 'A', ...hub },
        },
        databases: { DB13: ['M13'], DB10: ['S10'], DB07: ['S07'] },
        mailboxes: { new: 'DB13', old: 'DB10', older: 'DB07' },
      },
      noTime,
    );
    const { at, model, simulation, recorder, server } = organization;
    at(0, () => organization.send('old', ['new']));
    at(0, () => organization.send('older', ['new']));
    at(0, () => organization.send('new', ['old', 'older']));
    simulation.runUntil(10 * minute);
    expect(recorder.ended_.map(({ message, end, server: by }) => [message, end, by])).toEqual([
      [1, 'delivered', server('M13')],
      // The hub writes by RPC to a server that has no Transport service.
      [3, 'delivered', server('H10')],
    ]);
    // Nobody fetches from 2007, and nobody can be told who serves it.
    expect(queues(organization).filter((queue) => !queue.endsWith(' 0'))).toEqual([
      'M13 Unreachable Unreachable Domain 1',
    ]);
    expect(model.audit()).toMatchObject({ delivered: 2, alive: 2 });
  });

  it('A-older-submission: with its hubs down the message stays in the outbox and is offered again every minute', () => {
    const organization = run(we16, noTime);
    const { at, model, simulation, recorder, server } = organization;
    for (const name of ['H10a', 'H10b']) model.beginServiceOutage(server(name), 'transport');
    at(0, () => organization.send('old', ['new']));
    at(90_000, () => model.endServiceOutage(server('H10b'), 'transport'));
    simulation.runUntil(100_000);
    expect(recorder.relays).toBe(0);
    simulation.runUntil(3 * minute);
    expect(way(organization)).toEqual(['H10b > M13']);
    // Each round takes the 20 ms of the submission service and a minute until the next.
    expect(recorder.ended_).toMatchObject([{ submittedMs: 0, atMs: 3 * 20 + 2 * minute + 20 + 80 }]);
  });
});

describe('MD-02, RT-33: databases of a DAG of Exchange 2010', () => {
  const dag = {
    links: { 'A-B': { cost: 10, latencyMs: 5 } },
    servers: { M13: 'A', H1: { site: 'A', ...hub }, H2: { site: 'A', ...hub }, H3: { site: 'B', ...hub } },
    dags: { DAG10: ['H1', 'H2', 'H3'] },
    databases: { DB13: ['M13'], DB10: ['H1', 'H2', 'H3'] },
    mailboxes: { new: 'DB13', old: 'DB10' },
  } satisfies SmallOrganization;

  /** Moves the database at a time, without an outage. */
  function move({ model, at, database, server }: RunningOrganization, atMs: number, to: string): void {
    at(atMs, () => {
      const begun = model.dismountDatabase(database('DB10'));
      model.activateDatabase(database('DB10'), server(to), begun);
    });
  }

  it('MD-01, MD-02, RT-55: a hub that believes the old holder is refused, asks anew and writes to the new one', () => {
    const organization = run(dag, noTime);
    const { at, recorder, server, simulation } = organization;
    // Both hubs learn where it is; the second message of each comes while they still believe it.
    for (const second of [0, 1, 3]) at(second * 1_000, () => organization.send('new', ['old']));
    move(organization, 2_000, 'H2');
    simulation.runUntil(minute);
    expect(recorder.redirects).toMatchObject([
      { message: 3, server: server('H1'), believed: server('H1'), active: server('H2') },
    ]);
    expect(recorder.ended_.map(({ message, server: by }) => [message, by])).toEqual([
      [1, server('H1')],
      [2, server('H2')],
      [3, server('H1')],
    ]);
    expect(organization.model.audit()).toMatchObject({ delivered: 3, alive: 0 });
  });

  it('A-store-driver, RT-33: a database that has moved to another site is still written from the site of its first copy', () => {
    const organization = run(dag, noTime);
    const { at, recorder, server } = organization;
    move(organization, 0, 'H3');
    at(1_000, () => organization.send('new', ['old']));
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual(['M13 > H1']);
    expect(recorder.ended_).toMatchObject([
      // Over the link: 2 ways to connect, 3 for the message.
      { end: 'delivered', server: server('H1'), stageMs: { connection: 10, transfer: 15 + 20 } },
    ]);
  });

  it('IV-01: mail from a database is fetched in the site where it is active', () => {
    const organization = run(dag, noTime);
    move(organization, 0, 'H3');
    organization.at(1_000, () => organization.send('old', ['new']));
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual(['H3 > M13']);
  });
});

describe('mixed versions, end to end', () => {
  it('RT-60, UN-12, WE-16: from an Edge by a front end and 2013 Transport to a hub, and back out by the hub and the Edge', () => {
    const organization = run({
      ...we16,
      servers: { M13: 'A', Z10: { site: 'A', ...hub } },
      databases: { DB13: ['M13'], DB10: ['Z10'] },
      edges: { E1: 'A' },
    });
    const { at, simulation, recorder, server, model } = organization;
    at(0, () => organization.send('x@partner.example', ['old']));
    at(minute, () => organization.send('old', ['x@partner.example']));
    simulation.runUntil(2 * minute);
    // Hubs of 2010 know the way to the Edges of their site themselves.
    expect(way(organization)).toEqual(['E1 > M13', 'M13 > Z10', 'Z10 > E1']);
    expect(recorder.ended_).toMatchObject([
      {
        end: 'delivered',
        hops: 3,
        server: server('Z10'),
        stageMs: { accept: 300, categorizer: 225, connection: 60, transfer: 40, mailboxDelivery: 80 },
      },
      { end: 'delivered', hops: 2, server: server('E1') },
    ]);
    for (const { atMs, submittedMs, stageMs } of recorder.ended_) {
      expect(Object.values(stageMs).reduce((sum, ms) => sum + ms, 0)).toBe(atMs - submittedMs);
    }
    expect(model.audit()).toMatchObject({ delivered: 2, alive: 0 });
  });

  it('RT-13, RT-25, IV-01: a hub expands the groups that are its own to expand, and relays to the members', () => {
    const organization = run(
      {
        ...we16,
        groups: [
          {
            address: 'all@contoso.com',
            members: ['new@contoso.com', 'old@contoso.com'],
            expansionServer: 'H10b',
          },
        ],
      },
      noTime,
    );
    organization.at(0, () => organization.send('new', ['all']));
    organization.simulation.runUntil(minute);
    expect(way(organization)).toEqual(['M13 > H10b', 'H10b > M13']);
    expect(organization.model.audit()).toMatchObject({ delivered: 2, alive: 0 });
  });
});
