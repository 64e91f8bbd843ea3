/** The part of a route that a rule speaks about. */
export type RouteAspect =
  | 'destination'
  | 'connector'
  | 'group'
  | 'path'
  | 'primary-site'
  | 'hub'
  | 'tiers'
  | 'queue'
  | 'size';

/** A rule that was considered for a route, and what came of it, in the organization's own names. */
export interface RuleOutcome {
  /** Its id in docs/rules.md, such as `RT-31`. */
  readonly rule: string;
  readonly aspect: RouteAspect;
  /** The route would be another without it; else it was considered and changed nothing. */
  readonly decided: boolean;
  /** One sentence, without its full stop. */
  readonly text: string;
}

/** The rules that decided, each once, in the order in which they were considered. */
export function decidingRules(outcomes: readonly RuleOutcome[]): readonly string[] {
  return [...new Set(outcomes.filter(({ decided }) => decided).map(({ rule }) => rule))];
}
