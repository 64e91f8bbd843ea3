import type { Organization, ServerDescription } from '../organization.js';
import type { Message, MessageKind } from './message.js';

/** What a rule of Setup is held against. */
export interface Examination {
  readonly organization: Organization;
  /** The server that Setup is to remove, one of the organization's; undefined: the organization as it stands. */
  readonly removed: ServerDescription | undefined;
}

/** Something that Setup would refuse or warn of, or that an organization file cannot say. */
export interface RuleFinding {
  /** `SR-01` to `SR-10`. */
  readonly rule: string;
  /** Setup stops; else it goes on, or warns. */
  readonly blocking: boolean;
  /** The file does not say whether the rule holds: to be looked at by hand. Never blocking. */
  readonly leftOut: boolean;
  readonly message: Message;
}

/** One readiness rule of Exchange Setup. */
export interface ReadinessRule {
  /** As Setup spells it; null where the documentation states the rule without its name. */
  readonly setupRule: string | null;
  /** Every kind of message that the rule's findings have. */
  readonly messages: readonly MessageKind[];
  /** Findings in name order of what they are about; empty where the rule is kept. Expects a checked organization. */
  examine(examination: Examination): readonly RuleFinding[];
}

/** A finding that stops Setup. */
export function blocks(rule: string, message: Message): RuleFinding {
  return { rule, blocking: true, leftOut: false, message };
}

/** A finding that does not stop Setup, but is better known before. */
export function warns(rule: string, message: Message): RuleFinding {
  return { rule, blocking: false, leftOut: false, message };
}

/** What the file cannot say. */
export function leavesOut(rule: string, message: Message): RuleFinding {
  return { rule, blocking: false, leftOut: true, message };
}
