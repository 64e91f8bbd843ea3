import type { ChangedAspect } from './route-comparison.js';

/** A rule that decided a change, and how it did. */
export interface ChangeReason {
  /** Its id in docs/rules.md. */
  readonly rule: string;
  /** What of the route changed by it; never empty. */
  readonly aspects: readonly ChangedAspect[];
  /** One sentence, without its full stop, in the organizations' own names. */
  readonly text: string;
}

/** Collects reasons in the order in which they are given; one that is given again counts for what it is given for. */
export class ReasonList {
  readonly #reasons = new Map<string, { rule: string; aspects: ChangedAspect[]; text: string }>();

  add(rule: string, aspect: ChangedAspect, text: string): void {
    const key = `${rule} ${text}`;
    const found = this.#reasons.get(key);
    if (found === undefined) this.#reasons.set(key, { rule, aspects: [aspect], text });
    else if (!found.aspects.includes(aspect)) found.aspects.push(aspect);
  }

  get reasons(): readonly ChangeReason[] {
    return [...this.#reasons.values()];
  }
}
