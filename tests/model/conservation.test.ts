import { afterEach, describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/sim/kernel/index.js';
import { CopyLists } from '../../src/sim/model/copy-lists.js';
import { MessageStore } from '../../src/sim/model/message-store.js';
import { RecipientLedger } from '../../src/sim/model/recipient-ledger.js';
import { deterministicHardware, type RunningOrganization, run } from './small-organization.js';

const minute = 60_000;

/** Two sites, a DAG over both, a server outside it, a connector; groups, unknown and outside recipients. */
function busyOrganization(): RunningOrganization {
  const organization = run(
    {
      links: { 'A-B': { cost: 10, latencyMs: 5 } },
      servers: { A1: 'A', A2: 'A', B1: 'B', B9: 'B' },
      dags: { DAG1: ['A1', 'A2', 'B1'] },
      databases: { DB1: ['A1', 'B1'], DB2: ['B1', 'A2'], DB9: ['B9'] },
      mailboxes: { a: 'DB1', b: 'DB2', c: 'DB9', full: { database: 'DB9', quotaExceeded: true } },
      groups: [
        {
          address: 'all@contoso.com',
          members: ['a@contoso.com', 'b@contoso.com', 'c@contoso.com', 'x@out.example'],
        },
      ],
      connectors: [{ name: 'Internet', sourceServers: ['B1'] }],
      contacts: { friend: 'friend@out.example' },
    },
    deterministicHardware,
  );
  const { at, send, model, server, link, database } = organization;
  for (let n = 0; n < 600; n++) {
    at(n * 1_000, () => {
      send('a', ['b', 'c', 'all', 'nobody', 'friend', 'full']);
      send('x@out.example', ['a', 'all']);
    });
  }
  at(2 * minute, () => model.beginLinkOutage(link('A-B')));
  at(4 * minute, () => model.beginServerOutage(server('A1')));
  at(5 * minute, () => model.endLinkOutage(link('A-B')));
  at(6 * minute, () => model.beginServiceOutage(server('B1'), 'transport'));
  at(7 * minute, () => model.endServerOutage(server('A1')));
  at(7.5 * minute, () => model.endServiceOutage(server('B1'), 'transport'));
  at(8 * minute, () => {
    model.activateDatabase(database('DB2'), server('A2'), model.dismountDatabase(database('DB2')));
  });
  return organization;
}

describe('conservation of recipients', () => {
  const { append, remove } = CopyLists.prototype;
  const { freeRow } = MessageStore.prototype;
  afterEach(() => {
    CopyLists.prototype.append = append;
    CopyLists.prototype.remove = remove;
    MessageStore.prototype.freeRow = freeRow;
  });

  it('holds every 100 ms through outages, moves, groups, NDRs and retries, and the sums close', () => {
    const { simulation, model, recorder } = busyOrganization();
    for (let ms = 0; ms <= 12 * minute; ms += 100) {
      simulation.runUntil(ms);
      const fates = model.audit();
      const submitted = recorder.submitted_.reduce((sum, { recipients }) => sum + recipients, 0);
      const ended = recorder.ended_.length;
      expect(submitted + recorder.expandedNet).toBe(ended + fates.alive);
    }
    simulation.runUntil(200 * minute);
    const fates = model.audit();
    expect(fates.alive).toBe(0);
    const count = (end: string) => recorder.ended_.filter((row) => row.end === end).length;
    expect(fates).toMatchObject({
      delivered: count('delivered'),
      returned: count('returned'),
      lost: 0,
      expired: 0,
    });
    // Every second: 6 + 2 rows, two groups of 4 (net 3 each), of whom b, c and a are addressed, too; an NDR for nobody and
    // one for the full mailbox.
    expect(recorder.ended_).toHaveLength(600 * (8 + 6 - 3 + 2));
    expect(count('returned')).toBe(600 * 2);
    expect(model.messagesInFlight).toBe(0);
    // What every queue database took in has left it, to the byte: Safety Net holds it for two days, and by the hour.
    simulation.runUntil(200 * minute + 49 * 60 * minute);
    expect([...recorder.databaseBytes.values()]).toEqual(Array(recorder.databaseBytes.size).fill(0));
  });

  it('the stages of every delivery add up to its latency, without a remainder', () => {
    const { simulation, recorder } = busyOrganization();
    simulation.runUntil(200 * minute);
    for (const { atMs, submittedMs, stageMs } of recorder.ended_) {
      const sum = Object.values(stageMs).reduce((total, ms) => total + ms, 0);
      expect(sum).toBe(atMs - submittedMs);
      expect(Math.min(...Object.values(stageMs))).toBeGreaterThanOrEqual(0);
    }
  });

  it('finds a planted leak: a message that a list forgets', () => {
    const { simulation, model } = busyOrganization();
    simulation.runUntil(minute);
    expect(() => model.audit()).not.toThrow();
    let planted = false;
    CopyLists.prototype.append = function (this: CopyLists, list: number, copy: number): void {
      if (!planted) planted = true;
      else append.call(this, list, copy);
    };
    expect(() => {
      simulation.runUntil(minute + 100);
      model.audit();
    }).toThrow(/in no place/);
  });

  it('finds a planted double: a message in two lists', () => {
    const { simulation, model } = busyOrganization();
    simulation.runUntil(3 * minute);
    let planted = false;
    CopyLists.prototype.remove = function (this: CopyLists, copy: number): void {
      if (planted) remove.call(this, copy);
      planted = true;
    };
    expect(() => {
      simulation.runUntil(3 * minute + 1_000);
      model.audit();
    }).toThrow(InvariantError);
  });

  it('finds a recipient that ends twice', () => {
    const ledger = new RecipientLedger();
    ledger.begin(1);
    ledger.end(1, 'delivered');
    expect(() => ledger.end(1, 'expired')).toThrow(/ended twice/);
    expect(() => ledger.begin(1)).toThrow(/began twice/);
    expect(() => ledger.end(2, 'lost')).toThrow(InvariantError);
    expect(ledger.count(1)).toMatchObject({ delivered: 1, alive: 0 });
  });
});
