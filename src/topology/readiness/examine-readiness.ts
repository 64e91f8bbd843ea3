import { normalizeName } from '../names.js';
import type { Organization } from '../organization.js';
import { readinessRules } from './index.js';
import type { ReadinessRule, RuleFinding } from './kind.js';
import type { MessageParameters, ReadinessLanguage } from './message.js';

/** What to examine, and in which language to speak. */
export interface ReadinessOptions {
  /** The server that Setup is to remove, whatever its case; absent: the organization as it stands. */
  readonly removeServer?: string | undefined;
  readonly language: ReadinessLanguage;
}

/** Something that Setup would refuse or warn of, or that is to be looked at by hand. All but the texts is language-free. */
export interface ReadinessFinding {
  /** `SR-01` to `SR-10`. */
  readonly rule: string;
  /** As Setup spells it: `ServerIsSourceForSendConnector`; null where the documentation gives no name. */
  readonly setupRule: string | null;
  /** Setup would refuse. */
  readonly blocking: boolean;
  /** An organization file cannot say whether the rule holds; never blocking. */
  readonly leftOut: boolean;
  /** Which message it is, in every language. */
  readonly id: string;
  /** Whom it is about, by name. */
  readonly parameters: MessageParameters;
  /** What is the case. */
  readonly statement: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Statement and remedy. */
  readonly text: string;
  /** Commands of the Exchange Management Shell that help, each a line. */
  readonly commands: readonly string[];
}

/**
 * What Exchange Setup would say (SR-01 to SR-10): would it let a server go, or what is amiss in the organization as it
 * stands. Blocking findings come first, then warnings, then what an organization file cannot say; the last only of a
 * server to be removed.
 * @param organization - one that `checkOrganization` has found sound
 * @throws RangeError when there is no server named `removeServer`
 */
export function examineReadiness(
  organization: Organization,
  { removeServer, language }: ReadinessOptions,
): readonly ReadinessFinding[] {
  const wanted = removeServer === undefined ? undefined : normalizeName(removeServer);
  const removed = organization.servers.find(({ name }) => normalizeName(name) === wanted);
  if (wanted !== undefined && removed === undefined) {
    throw new RangeError(`no server named ${JSON.stringify(removeServer)}`);
  }
  return Object.values<ReadinessRule>(readinessRules)
    .flatMap(({ setupRule, examine }) =>
      examine({ organization, removed }).map((finding) => ({ setupRule, ...finding })),
    )
    .sort((a, b) => urgency(a) - urgency(b))
    .map(({ rule, setupRule, blocking, leftOut, message }): ReadinessFinding => {
      const { statement, remedy } = message.say(language);
      return {
        rule,
        setupRule,
        blocking,
        leftOut,
        id: message.id,
        parameters: message.parameters,
        statement,
        remedy,
        text: `${statement} ${remedy}`,
        commands: message.commands,
      };
    });
}

function urgency({ blocking, leftOut }: RuleFinding): number {
  return blocking ? 0 : leftOut ? 2 : 1;
}
