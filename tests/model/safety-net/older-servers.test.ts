import { expect, test } from 'vitest';
import { deterministicHardware, type SmallOrganization } from '../small-organization.js';
import {
  effects,
  failOver,
  hour,
  minute,
  numbersOf,
  resubmittedBy,
  rowsOf,
  running,
  second,
  type Watched,
} from './watched.js';

/** Two servers of 2013, and a hub of 2010 with mailboxes in the same site. */
const small = {
  servers: {
    M1: 'A',
    M2: 'A',
    H10: { site: 'A', version: '2010', roles: ['hub-transport', 'mailbox'] },
  },
  databases: { DM: ['M1'], DN: ['M2'], DB10: ['H10'] },
  mailboxes: {
    m: 'DM',
    n: 'DN',
    old: 'DB10',
    forwarding: { database: 'DB10', forwardTo: 'm@contoso.com', deliverAndForward: true },
  },
  groups: [
    { address: 'all@contoso.com', members: ['m@contoso.com', 'old@contoso.com'] },
    {
      address: 'there@contoso.com',
      members: ['n@contoso.com', 'old@contoso.com'],
      expansionServer: 'H10',
    },
  ],
  connectors: [{ name: 'Internet', sourceServers: ['H10'] }],
} satisfies SmallOrganization;

/** Ten messages come in by M1 and M2 in turn; then M2 has another queue database, and a database has none of the mail. */
function failingOver(database: string, to: string, recipients: readonly string[]) {
  const organization = running(small, deterministicHardware);
  const { at, send, model, server, simulation } = organization;
  for (let n = 0; n < 10; n++) at(n * 10 * second, () => send('x@out.example', recipients));
  at(5 * minute, () => {
    model.beginServerOutage(server('M2'));
    model.loseQueueDatabase(server('M2'));
  });
  at(7 * minute, () => model.endServerOutage(server('M2')));
  const activeMs = failOver(organization, database, to, 10 * minute, 10 * minute);
  simulation.runUntil(hour);
  model.audit();
  return { organization, activeMs };
}

/** Some of the messages were resubmitted from shadow copies, all of them in all, and m has them again. */
function expectAllAgain(organization: Watched) {
  const { mail, again } = rowsOf(organization, 'm');
  expect(mail).toHaveLength(10);
  expect(numbersOf(again)).toEqual(numbersOf(mail));
  expect(again.every(({ end }) => end === 'delivered')).toBe(true);
  expect(resubmittedBy(organization)).toBe(10);
  expect(effects(organization).some(([, what]) => String(what).includes('from shadow copies'))).toBe(true);
}

/** By which messages something has come to the hub of 2010 after a time. */
const sentToHub = ({ recorder, server }: Watched, afterMs: number) =>
  recorder.hops.filter(({ atMs, to }) => atMs >= afterMs && to === server('H10'));

test('SH-10, SN-05: of a group that is expanded anew its mailboxes of 2010 are sent nothing', () => {
  const { organization, activeMs } = failingOver('DM', 'M1', ['all']);
  expectAllAgain(organization);
  expect(sentToHub(organization, 0)).toHaveLength(10);
  expect(sentToHub(organization, activeMs)).toEqual([]);
  expect(organization.recorder.duplicates).toEqual([]);
});

test('SH-10, RR-07: a mailbox of 2010 is sent nothing again, and whom it forwards to is', () => {
  const { organization, activeMs } = failingOver('DM', 'M1', ['forwarding']);
  expectAllAgain(organization);
  expect(sentToHub(organization, activeMs)).toEqual([]);
  expect(organization.recorder.duplicates).toEqual([]);
});

test('SH-10: a group that a hub of 2010 expands is not sent to it again', () => {
  const { organization, activeMs } = failingOver('DM', 'M1', ['m', 'there']);
  expectAllAgain(organization);
  expect(sentToHub(organization, activeMs)).toEqual([]);
  expect(organization.recorder.duplicates).toEqual([]);
});

test('SH-10: what lies behind a connector of a hub of 2010 is not sent again', () => {
  const { organization, activeMs } = failingOver('DM', 'M1', ['m', 'friend@out.example']);
  expectAllAgain(organization);
  expect(sentToHub(organization, 0)).toHaveLength(10);
  expect(sentToHub(organization, activeMs)).toEqual([]);
  expect(organization.recorder.duplicates).toEqual([]);
});

test('SH-10: what a database of 2010 has lost is in no Safety Net: lost at once, and nobody resubmits anything', () => {
  const { organization, activeMs } = failingOver('DB10', 'H10', ['all', 'forwarding']);
  for (const recipient of ['old', 'forwarding']) {
    const { mail, again } = rowsOf(organization, recipient);
    expect(mail).toHaveLength(10);
    expect(again.map(({ end, atMs }) => [end, atMs])).toEqual(Array(10).fill(['lost', activeMs]));
  }
  expect(organization.recorder.losses.map(({ cause }) => cause)).toEqual(Array(20).fill('mailbox-lost'));
  expect(resubmittedBy(organization)).toBe(0);
  expect(effects(organization)).toEqual([]);
});
