import type { RouteAspect, RuleOutcome } from '../../src/routing/index.js';

/**
 * `RT-33 primary-site: text` for each outcome; in brackets what was considered and changed nothing.
 * @param aspects - only these; absent: all
 */
export function outcomeLines(outcomes: readonly RuleOutcome[], ...aspects: readonly RouteAspect[]): string[] {
  return outcomes
    .filter(({ aspect }) => aspects.length === 0 || aspects.includes(aspect))
    .map(({ rule, aspect, decided, text }) =>
      decided ? `${rule} ${aspect}: ${text}` : `(${rule} ${aspect}: ${text})`,
    );
}
