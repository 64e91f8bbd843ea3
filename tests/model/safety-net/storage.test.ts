import { describe, expect, test } from 'vitest';
import { day, hour, minute, running, twoMembers } from './watched.js';

describe('what Safety Net takes of queue databases', () => {
  const kilobyte = 1_024;

  test('QU-13, SN-01: what was handed on goes by the hour, when the last of the hour is two days old', () => {
    const organization = running();
    const { at, simulation, recorder, send, server } = organization;
    at(10 * minute, () => send('v1', ['u1'], 10 * kilobyte));
    at(50 * minute, () => send('v1', ['u1'], 20 * kilobyte));
    at(70 * minute, () => send('v1', ['u1'], 40 * kilobyte));
    const bytes = () =>
      ['A1', 'A2'].reduce((sum, name) => sum + (recorder.databaseBytes.get(server(name)) ?? 0), 0);
    simulation.runUntil(2 * hour);
    expect(bytes()).toBe(70 * kilobyte);
    simulation.runUntil(2 * day + hour - 1);
    expect(bytes()).toBe(70 * kilobyte);
    simulation.runUntil(2 * day + hour);
    expect(bytes()).toBe(40 * kilobyte);
    simulation.runUntil(2 * day + 2 * hour);
    expect(bytes()).toBe(0);
  });

  test('SN-01: each server that has handed a message on keeps it, whoever got it', () => {
    const organization = running({
      links: { 'A-B': 10 },
      servers: { A1: 'A', B1: 'B' },
      databases: { DB1: ['A1'], DB2: ['B1'] },
      mailboxes: { u1: 'DB1', v1: 'DB1', w1: 'DB1', u2: 'DB2' },
      connectors: [{ name: 'Internet', sourceServers: ['B1'] }],
    });
    const { at, simulation, recorder, send, server } = organization;
    // By A1, which writes one copy and sends B1 two, for its database and for its connector (RT-28).
    at(0, () => send('u1', ['v1', 'w1', 'u2', 'x@out.example'], 10 * kilobyte));
    simulation.runUntil(hour);
    expect(recorder.ended_.map(({ end }) => end)).toEqual(Array(4).fill('delivered'));
    expect(recorder.relays).toBe(2);
    expect(recorder.databaseBytes.get(server('A1'))).toBe(30 * kilobyte);
    expect(recorder.databaseBytes.get(server('B1'))).toBe(20 * kilobyte);
  });

  test('SH-08, SN-01: it is gone with the queue database, and what comes after goes by its own hours', () => {
    const organization = running({
      servers: { A1: 'A' },
      databases: { DB1: ['A1'] },
      mailboxes: { u1: 'DB1' },
    });
    const { at, simulation, recorder, send, server, model } = organization;
    const bytes = () => recorder.databaseBytes.get(server('A1'));
    send('x@out.example', ['u1'], 10 * kilobyte);
    simulation.runUntil(10 * minute);
    expect(bytes()).toBe(10 * kilobyte);
    model.beginServerOutage(server('A1'));
    model.loseQueueDatabase(server('A1'));
    model.endServerOutage(server('A1'));
    expect(bytes()).toBe(0);
    model.audit();
    at(20 * minute, () => send('x@out.example', ['u1'], 20 * kilobyte));
    at(70 * minute, () => send('x@out.example', ['u1'], 40 * kilobyte));
    simulation.runUntil(2 * day + hour - 1);
    expect(bytes()).toBe(60 * kilobyte);
    simulation.runUntil(2 * day + hour);
    expect(bytes()).toBe(40 * kilobyte);
    simulation.runUntil(2 * day + 2 * hour);
    expect(bytes()).toBe(0);
  });

  test('what was returned is not kept', () => {
    const organization = running({
      ...twoMembers,
      mailboxes: { u1: { database: 'DB1', quotaExceeded: true } },
    });
    const { at, simulation, recorder, send } = organization;
    at(0, () => send('x@out.example', ['u1', 'nobody'], 10 * kilobyte));
    simulation.runUntil(day);
    const sizes = [...recorder.databaseBytes.values()];
    // The two reports, each with the message attached to 10 KB of its own.
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBe(2 * 20 * kilobyte);
  });
});
