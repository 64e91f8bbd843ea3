import { Composer, type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser } from 'yaml';
import type { PathSegment } from './path.js';

/** Input caps (design section 11). */
export const largestFileBytes = 8 * 1_024 ** 2;
export const deepestNesting = 64;
/** Keys, values, lists and mappings: ten for each of the objects that an organization may have. */
export const mostNodes = 1_000_000;
/** Pieces of text (words, punctuation, white space): what the largest sound file has, several times over. */
const mostLexemes = 5_000_000;
/** Values that aliases may repeat, over the whole file: no billion laughs. */
const mostRepeatedValues = 100_000;
/** So that a file of nothing but errors gives a readable answer. */
const mostSyntaxErrors = 100;

/** Where something stands in a text, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SourceProblem extends Position {
  readonly path: readonly PathSegment[];
  readonly message: string;
  readonly hint: string | null;
}

/** A YAML text as plain data: null, booleans, numbers, texts, arrays and objects, with the places they came from. */
export interface YamlSource {
  /** Undefined when there is nothing to go on with. */
  readonly value: unknown;
  /** What keeps the text from being sound, in its order. */
  readonly problems: readonly SourceProblem[];
  /** Where the text stops being YAML: what the data says from there on is not to be trusted. */
  readonly syntaxErrorAt: Position | undefined;
  /** The place of a value, or of its key; for a path that is not there, of the nearest value above. */
  locate(path: readonly PathSegment[], part: 'key' | 'value'): Position;
}

/**
 * Reads one YAML 1.2 document (or JSON). Never throws on bad content.
 * @param of - a file must hold something, a single value may be null
 */
export function readYaml(content: Uint8Array | string, of: 'file' | 'value' = 'file'): YamlSource {
  if (content.length > largestFileBytes) return unreadable('expected a file of at most 8 MiB');
  let text: string;
  try {
    text = typeof content === 'string' ? content : new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return unreadable('expected YAML or JSON in UTF-8, but this is no text');
  }
  const strange = firstControlCharacter(text);
  if (strange !== -1) {
    const code = text.charCodeAt(strange).toString(16).toUpperCase().padStart(4, '0');
    const lines = text.slice(0, strange).split('\n');
    return unreadable(`expected text, but there is a control character (U+${code})`, {
      line: lines.length,
      column: lines.at(-1)!.length + 1,
    });
  }
  return new YamlReader(text, of);
}

function unreadable(message: string, position: Position = { line: 1, column: 1 }): YamlSource {
  return {
    value: undefined,
    problems: [{ ...position, path: [], message, hint: null }],
    syntaxErrorAt: position,
    locate: () => position,
  };
}

/** The index of the first control character that no text file holds; -1 if there is none. */
function firstControlCharacter(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x7f || (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d)) return index;
  }
  return -1;
}

/** What a node became: shared by all aliases of it. */
interface Converted {
  readonly value: unknown;
  /** Values inside, itself included. */
  readonly size: number;
  /** Collections from here down, itself included. */
  readonly height: number;
}

interface MapEntry {
  readonly key: unknown;
  readonly value: unknown;
}

const collections = new Set(['block-map', 'block-seq', 'flow-collection']);

class YamlReader implements YamlSource {
  readonly value: unknown;
  readonly problems: SourceProblem[] = [];
  syntaxErrorAt: Position | undefined;
  readonly #lines = new LineCounter();
  readonly #anchors = new Map<string, unknown>();
  readonly #converted = new Map<unknown, Converted>();
  /** The entries of mappings that have been looked into, by key. */
  readonly #entries = new Map<unknown, ReadonlyMap<string | undefined, MapEntry>>();
  readonly #open = new Set<unknown>();
  #repeated = 0;
  readonly #root: unknown;

  constructor(text: string, of: 'file' | 'value') {
    const document = this.#compose(text);
    if (document === undefined) return;
    this.#root = document.contents;
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
      if (of === 'value') this.value = null;
      else if (this.problems.length === 0)
        this.#report(0, [], 'expected an organization or a scenario, but the file is empty', null);
      return;
    }
    this.value = this.#convert(document.contents, [], 0).value;
    this.problems.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  #compose(text: string): Document.Parsed | undefined {
    // The parser counts lines only from the second on unless it drives the lexer itself.
    this.#lines.addNewLine(0);
    const surplus = findSurplusNode(text);
    if (surplus !== -1) {
      for (let at = text.indexOf('\n'); at !== -1 && at < surplus; at = text.indexOf('\n', at + 1)) {
        this.#lines.addNewLine(at + 1);
      }
      return this.#giveUp(surplus, `expected at most ${mostNodes} keys and values in one file`);
    }
    const parser = new Parser(this.#lines.addNewLine);
    const composer = new Composer({ version: '1.2', schema: 'core', merge: false, uniqueKeys: false });
    const documents: Document.Parsed[] = [];
    let lexemes = 0;
    for (const lexeme of new Lexer().lex(text)) {
      for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
      // The parser keeps its own stack, the composer recurses: depth has to be known before composing.
      if (parser.stack.length > deepestNesting) {
        const depth = parser.stack.filter((token) => collections.has(token.type)).length;
        if (depth > deepestNesting) {
          return this.#giveUp(
            parser.offset - lexeme.length,
            `expected at most ${deepestNesting} levels of nesting`,
          );
        }
      }
      if (++lexemes > mostLexemes) return this.#giveUp(parser.offset, 'expected fewer values in one file');
    }
    for (const token of parser.end()) documents.push(...composer.next(token));
    documents.push(...composer.end(true, text.length));
    for (const { errors, warnings } of documents) {
      for (const { pos, message } of [...errors, ...warnings].slice(0, mostSyntaxErrors)) {
        this.#report(pos[0], [], `this is not YAML: ${message}`, null);
        const at = this.#position(pos[0]);
        if (this.syntaxErrorAt === undefined || isBefore(at, this.syntaxErrorAt)) this.syntaxErrorAt = at;
      }
    }
    const second = documents[1];
    if (second !== undefined) {
      this.#report(second.range[0], [], 'expected one document, but a second one begins here', null);
    }
    return documents[0];
  }

  #giveUp(offset: number, message: string): undefined {
    this.#report(offset, [], message, null);
    this.syntaxErrorAt = this.#position(offset);
    return undefined;
  }

  #convert(node: unknown, path: PathSegment[], depth: number): Converted {
    if (isAlias(node)) return this.#follow(node, path, depth);
    if (isScalar(node)) {
      if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
      return { value: node.value, size: 1, height: 0 };
    }
    if (!isMap(node) && !isSeq(node)) return { value: null, size: 1, height: 0 };
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    this.#open.add(node);
    const converted = isMap(node)
      ? this.#convertMap(node.items, path, depth)
      : this.#convertList(node.items, path, depth);
    this.#open.delete(node);
    if (node.anchor !== undefined) this.#converted.set(node, converted);
    return converted;
  }

  #convertList(items: readonly unknown[], path: PathSegment[], depth: number): Converted {
    const value: unknown[] = [];
    let size = 1;
    let height = 0;
    for (const [index, item] of items.entries()) {
      path.push(index);
      const element = this.#convert(item, path, depth + 1);
      path.pop();
      value.push(element.value);
      size += element.size;
      height = Math.max(height, element.height);
    }
    return { value, size, height: height + 1 };
  }

  #convertMap(items: readonly MapEntry[], path: PathSegment[], depth: number): Converted {
    const value: Record<string, unknown> = {};
    let size = 1;
    let height = 0;
    for (const pair of items) {
      const offset = startOf(pair.key) ?? startOf(pair.value) ?? 0;
      const key = keyText(pair.key);
      if (key === undefined) {
        this.#report(offset, [...path], 'expected a plain key before the colon', null);
        continue;
      }
      path.push(key);
      if (key === '__proto__') this.#report(offset, [...path], `unknown key "${key}"`, null);
      else if (Object.hasOwn(value, key)) {
        this.#report(offset, [...path], `the key "${key}" is here a second time`, 'keep one of them');
      } else {
        const converted = this.#convert(pair.value, path, depth + 1);
        value[key] = converted.value;
        size += converted.size;
        height = Math.max(height, converted.height);
      }
      path.pop();
    }
    return { value, size, height: height + 1 };
  }

  #follow(alias: { readonly source: string }, path: PathSegment[], depth: number): Converted {
    const nothing: Converted = { value: null, size: 1, height: 0 };
    const offset = startOf(alias) ?? 0;
    const target = this.#anchors.get(alias.source);
    if (target === undefined) {
      this.#report(offset, [...path], `there is no anchor &${alias.source} above`, null);
      return nothing;
    }
    if (this.#open.has(target)) {
      this.#report(offset, [...path], `*${alias.source} holds itself`, null);
      return nothing;
    }
    const converted = this.#converted.get(target) ?? this.#convert(target, path, depth);
    this.#repeated += converted.size;
    if (this.#repeated > mostRepeatedValues || depth + converted.height > deepestNesting) {
      this.#report(offset, [...path], 'expected aliases to repeat less', 'write the values out');
      return nothing;
    }
    return converted;
  }

  locate(path: readonly PathSegment[], part: 'key' | 'value'): Position {
    let node = this.#root;
    let offset = startOf(node) ?? 0;
    for (const [index, segment] of path.entries()) {
      while (isAlias(node)) node = this.#anchors.get(node.source);
      if (isSeq(node) && typeof segment === 'number') {
        node = node.items[segment];
        offset = startOf(node) ?? offset;
      } else if (isMap(node)) {
        const pair = this.#entriesOf(node).get(String(segment));
        if (pair === undefined) break;
        node = pair.value;
        const keyAt = startOf(pair.key) ?? offset;
        offset = part === 'key' && index === path.length - 1 ? keyAt : (startOf(node) ?? keyAt);
      } else break;
    }
    return this.#position(offset);
  }

  #entriesOf(map: { readonly items: readonly MapEntry[] }): ReadonlyMap<string | undefined, MapEntry> {
    const known = this.#entries.get(map);
    if (known !== undefined) return known;
    // Backwards, so that of equal keys the first wins.
    const entries = new Map(map.items.toReversed().map((entry) => [keyText(entry.key), entry]));
    this.#entries.set(map, entries);
    return entries;
  }

  #report(offset: number, path: readonly PathSegment[], message: string, hint: string | null): void {
    this.problems.push({ ...this.#position(offset), path, message, hint });
  }

  #position(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

/**
 * Where a text has one node more than a file may have; -1 if it has not so many. Asked before anything is made of
 * them: a node takes far more memory than its text. Marks are counted too, since what they announce may be empty.
 */
function findSurplusNode(text: string): number {
  if (text.length <= mostNodes) return -1;
  let offset = 0;
  let nodes = 0;
  let marks = 0;
  let isText = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (isText) isText = false;
    else if (lexeme === announcesText || beginsNode(lexeme)) {
      nodes++;
      isText = lexeme === announcesText;
    } else if (lexeme.length === 1 && '-?:,'.includes(lexeme)) marks++;
    if (nodes > mostNodes || marks > mostNodes) return offset;
    if (!controlLexemes.has(lexeme)) offset += lexeme.length;
  }
  return -1;
}

/** What the lexer says of the text that is not in the text. */
const announcesText = '\u001f';
const controlLexemes = new Set(['\u0002', '\u0018', announcesText]);

/** An alias, text in quotes, or a list or mapping in brackets. */
function beginsNode(lexeme: string): boolean {
  return /^[*"'{[]/.test(lexeme);
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.column < b.column);
}

function startOf(node: unknown): number | undefined {
  const range = (node as { readonly range?: readonly number[] | null } | null | undefined)?.range;
  if (range === undefined || range === null) return undefined;
  // An empty value has a place of its own, behind its key, that nobody would call one.
  return isScalar(node) && range[0] === range[1] ? undefined : range[0];
}

/** A key as text: numbers and words such as `true` as they are written. */
function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}
