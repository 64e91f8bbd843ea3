import { type Assumption, assumption } from '../rule.js';

/** Shadow redundancy, Safety Net and back pressure; in name order. */
export const protectionAssumptions: readonly Assumption[] = [
  assumption(
    'A-shadow-time',
    `What a shadow copy adds to an acceptance follows from the organization alone: it is the same while the partners are
    down or cannot be reached, and what is accepted then counts as any other.`,
    `That a second copy exists is not modelled before shadow redundancy is; SH-03 then has the attempts and what becomes
    of a message without one.`,
  ),
  assumption(
    'A-shadows-of-mailbox-servers',
    `An Edge and a hub of 2007 or 2010 acknowledge a message as soon as they have committed it.`,
    `SH-02 is of 2013. The shadow of 2010 stays with the server before, 2007 has none, and an Edge is in no
    boundary (SH-01).`,
  ),
];
