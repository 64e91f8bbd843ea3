import type { SettingOverrides } from '../../../src/sim/model/index.js';
import { type RunningOrganization, run, type SmallOrganization } from '../small-organization.js';

export const second = 1_000;
export const minute = 60 * second;
export const megabyte = 1_048_576;
export const gigabyte = 1_024 * megabyte;
export const outside = 'x@out.example';

/** C has the front end alone; M1 and M2 stand in sites of their own, so that what one sends the other is relayed. */
export const twoSites: SmallOrganization = {
  links: { 'A-B': 10 },
  servers: {
    C: { site: 'A', roles: ['client-access'] },
    M1: { site: 'A', roles: ['mailbox'] },
    M2: { site: 'B', roles: ['mailbox'] },
  },
  databases: { DB1: ['M1'], DB2: ['M2'] },
  mailboxes: { u: 'DB1', v: 'DB2' },
};

/** C and M1 alone: nobody else takes what M1 refuses. */
export const oneSite: SmallOrganization = {
  servers: {
    C: { site: 'A', roles: ['client-access'] },
    M1: { site: 'A', roles: ['mailbox'] },
  },
  databases: { DB1: ['M1'] },
  mailboxes: { u: 'DB1', w: 'DB1' },
};

/** Nothing takes time but what a test says. */
export const instant = {
  distribution: { kind: 'deterministic' },
  ...{ connectTime: 0, commitTime: 0, shadowCopyTime: 0, shadowCopyTimeRemote: 0, categorizerTime: 0 },
  ...{ frontEndTime: 0, submissionTime: 0, relayTime: 0, mailboxDeliveryTime: 0, cpuPerMessage: 0 },
} as const;

/**
 * A categorizer that keeps each message for half an hour, however many there are: what it is given stays in the Submission
 * queue for so long.
 */
export const slowCategorizer: SettingOverrides = {
  hardware: { ...instant, categorizerTime: 30 * minute },
  transport: { categorizerSlots: 1_024 },
};

/** What a mailbox sends goes to the Transport services of its own site first. */
export const relaying: SettingOverrides = {
  hardware: instant,
  mailboxTransport: { submissionReach: 'own-site' },
};

/** A running organization whose servers have settings of their own. */
export function pressed(
  small: SmallOrganization,
  ofServers: Readonly<Record<string, SettingOverrides>>,
  settings: SettingOverrides = { hardware: instant },
): RunningOrganization {
  return run(small, settings, null, ofServers);
}

/** Settings of a slow categorizer, with others of the Transport service. */
export function slow(transport: SettingOverrides[string]): SettingOverrides {
  return { ...slowCategorizer, transport: { ...slowCategorizer['transport'], ...transport } };
}

/** The changes of level of a server, as `<seconds> <resource> <level>`. */
export function levels({ recorder, server }: RunningOrganization, of: string): string[] {
  return recorder.pressures
    .filter((each) => each.server === server(of))
    .map(({ atMs, resource, level }) => `${atMs / second} ${resource} ${level}`);
}
