import { normalizeName } from '../names.js';

/** The languages of the readiness texts. */
export const readinessLanguages = ['en', 'de'] as const;
/** A language that Setup is quoted in. */
export type ReadinessLanguage = (typeof readinessLanguages)[number];

/** What a message says about whom: names as the file spells them, lists in name order, counts. */
export type MessageParameters = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A message in one language. */
export interface Wording {
  /** What is the case. */
  readonly statement: string;
  /** What to do about it, or what to look at by hand. */
  readonly remedy: string;
}

/** A message about certain objects, not yet in a language. */
export interface Message {
  /** The same in every language. */
  readonly id: string;
  readonly parameters: MessageParameters;
  /** For the Exchange Management Shell, in the order in which they help; what is in `<` and `>` is to be filled in. */
  readonly commands: readonly string[];
  say(language: ReadinessLanguage): Wording;
}

/** All messages with the same id. */
export interface MessageKind {
  readonly id: string;
}

/** A message kind by whose parameters its messages are made. */
export interface MessageKindWith<P extends MessageParameters> extends MessageKind {
  about(parameters: P): Message;
}

/** How a message is worded in each language. */
export type Texts<P extends MessageParameters> = Readonly<
  Record<ReadinessLanguage, (parameters: P) => Wording>
>;

/** A message in all languages side by side, so that none says more than the other. */
export function defineMessage<P extends MessageParameters>(
  id: string,
  texts: Texts<P>,
  commands: (parameters: P) => readonly string[],
): MessageKindWith<P> {
  return {
    id,
    about: (parameters) => ({
      id,
      parameters,
      commands: commands(parameters),
      say: (language) => texts[language](parameters),
    }),
  };
}

/** A name as the list of what it names spells it: references may differ in case (UN-02). */
export function spelledAs(list: readonly { readonly name: string }[], name: string): string {
  return list.find((each) => normalizeName(each.name) === normalizeName(name))?.name ?? name;
}

/** A name as all languages quote it. */
export function quoted(name: string): string {
  return JSON.stringify(name);
}

/** Names in the order given, each quoted. */
export function listed(names: readonly string[]): string {
  return names.map(quoted).join(', ');
}

/**
 * A name as a string of the Exchange Management Shell in which nothing is evaluated: commands are made to be pasted, and
 * names are those of others. The shell takes typographic quotes for plain ones.
 */
export function shellString(name: string): string {
  return `'${name.replace(/['\u{2018}\u{2019}\u{201a}\u{201b}]/gu, '$&$&')}'`;
}
