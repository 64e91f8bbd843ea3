import { dagAssumptions } from './assumptions/dag-assumptions.js';
import { limitAssumptions } from './assumptions/limit-assumptions.js';
import { machineAssumptions } from './assumptions/machine-assumptions.js';
import { mailboxAssumptions } from './assumptions/mailbox-assumptions.js';
import { networkAssumptions } from './assumptions/network-assumptions.js';
import { outsideAssumptions } from './assumptions/outside-assumptions.js';
import { pressureAssumptions } from './assumptions/pressure-assumptions.js';
import { protectionAssumptions } from './assumptions/protection-assumptions.js';
import { queueAssumptions } from './assumptions/queue-assumptions.js';
import { recipientAssumptions } from './assumptions/recipient-assumptions.js';
import { workloadAssumptions } from './assumptions/workload-assumptions.js';
import type { Assumption } from './rule.js';

/** Every choice that a setting or a piece of code names by an id of its own, in name order. */
export const assumptions: readonly Assumption[] = [
  dagAssumptions,
  limitAssumptions,
  machineAssumptions,
  mailboxAssumptions,
  networkAssumptions,
  outsideAssumptions,
  pressureAssumptions,
  protectionAssumptions,
  queueAssumptions,
  recipientAssumptions,
  workloadAssumptions,
]
  .flat()
  .sort((a, b) => (a.id < b.id ? -1 : 1));
