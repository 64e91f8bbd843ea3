/**
 * What the simulator makes of a rule: `modelled`, it does what the documentation says; `assumed`, it does what we chose
 * where the documentation says nothing, or contradicts itself; `left-out`, it does nothing of it.
 */
export type RuleState = 'modelled' | 'assumed' | 'left-out';

/** A rule of Exchange mail transport as the project numbers and words it. */
export interface Rule {
  /** `RT-31`; of a section whose rules have no numbers the section alone: `DS`. */
  readonly id: string;
  /** One to three sentences in our own words. */
  readonly statement: string;
  /** The heading of the document, and which kind of document it is. */
  readonly source: string;
  readonly state: RuleState;
  /** Why it is assumed or left out, or which part of a modelled rule is. Always there unless it is modelled whole. */
  readonly note?: string;
}

/** Rules on one subject. */
export interface RuleSection {
  readonly title: string;
  /** In the order of their numbers. */
  readonly rules: readonly Rule[];
}

/** A choice of ours that stands beside the documents' rules: where nobody has published anything. */
export interface Assumption {
  /** `A-drain-limit`. */
  readonly id: string;
  readonly statement: string;
  readonly reason: string;
}

/** A rule that the simulator follows; the note names what of it is left out. */
export function modelled(id: string, source: string, statement: string, note?: string): Rule {
  const rule = { id, statement: onOneLine(statement), source, state: 'modelled' } as const;
  return note === undefined ? rule : { ...rule, note: sentence(note) };
}

/** A choice of ours. */
export function assumed(id: string, source: string, statement: string, note: string): Rule {
  return { id, statement: onOneLine(statement), source, state: 'assumed', note: sentence(note) };
}

/** A rule that nothing is made of. */
export function leftOut(id: string, source: string, statement: string, note: string): Rule {
  return { id, statement: onOneLine(statement), source, state: 'left-out', note: sentence(note) };
}

/** A choice that a setting or a piece of code names; the texts may be written over several lines. */
export function assumption(id: string, statement: string, reason: string): Assumption {
  return { id, statement: onOneLine(statement), reason: onOneLine(reason) };
}

/** Texts are written over several lines, as the code around them is indented. */
function onOneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** Reasons that many rules share are parts of sentences: a note begins and ends as a sentence does. */
function sentence(text: string): string {
  const line = onOneLine(text);
  return `${line[0]!.toUpperCase()}${line.slice(1)}${line.endsWith('.') ? '' : '.'}`;
}
