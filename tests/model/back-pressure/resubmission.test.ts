import { describe, expect, it } from 'vitest';
import { effects, failOver, sendEverySecond, twoMembers, running as watched } from '../safety-net/watched.js';
import type { SmallOrganization } from '../small-organization.js';
import { levels, minute, outside, pressed } from './pressed-organization.js';

const hour = 60 * minute;

/** A DAG of two in one site, in 2016; C has the front end alone. */
const dag: SmallOrganization = {
  behavior: '2016',
  servers: {
    C: { site: 'A', roles: ['client-access'] },
    M1: { site: 'A', roles: ['mailbox'] },
    M2: { site: 'A', roles: ['mailbox'] },
  },
  dags: { D: ['M1', 'M2'] },
  databases: { DB1: ['M1', 'M2'] },
  mailboxes: { u: 'DB1' },
};

describe('BP-06: resubmission', () => {
  it.each([false, true])(
    'BP-06, SH-05: shadow copies are promoted when the pressure is over (%s: there is pressure)',
    (hasPressure) => {
      const running = pressed(dag, {});
      const { model, send, at, simulation, recorder, server, database } = running;
      model.beginDatabaseOutage(database('DB1'));
      model.beginServiceOutage(server('M2'), 'transport');
      model.endServiceOutage(server('M2'), 'transport');
      for (let sent = 0; sent < 4; sent++) send(outside, ['u']);
      // Two are on each of them, and shadow copies on the other.
      at(minute, () => {
        model.beginServerOutage(server('M2'));
        model.endDatabaseOutage(database('DB1'));
        if (hasPressure) model.backPressure.beginFill(server('M1'), 1);
      });
      at(4 * hour, () => {
        if (hasPressure) model.backPressure.endFill(server('M1'), 1);
      });
      simulation.runUntil(3.9 * hour);
      const promoted = () => recorder.shadowEnds.filter(({ isPromoted }) => isPromoted).length;
      const before = promoted();
      simulation.runUntil(4.2 * hour);
      expect(promoted()).toBeGreaterThan(0);
      expect(before).toBe(hasPressure ? 0 : promoted());
      expect(levels(running, 'M1').length).toBe(hasPressure ? 4 : 0);
      model.audit();
    },
  );

  it('BP-06, SN-02: Safety Net does not answer while its server is under pressure', () => {
    const organization = watched({ ...twoMembers, behavior: '2016' });
    const { model, simulation, at, server } = organization;
    sendEverySecond(organization, 5 * minute);
    const activeMs = failOver(organization, 'DB1', 'A2', 6 * minute, 4 * minute);
    const own = () => effects(organization).filter(([, what]) => String(what).includes('A1 resubmits'));
    at(5.5 * minute, () => model.backPressure.beginFill(server('A1'), 1));
    at(activeMs + 20 * minute, () => model.backPressure.endFill(server('A1'), 1));
    simulation.runUntil(activeMs + 29 * minute);
    expect(own()).toEqual([]);
    simulation.runUntil(2 * hour);
    // Asked every 15 minutes.
    expect(own().map(([atMs]) => atMs)).toEqual([activeMs + 30 * minute]);
    expect(model.audit()).toMatchObject({ alive: 0, lost: 0 });
  });
});
