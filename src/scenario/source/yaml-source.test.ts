import { describe, expect, test } from 'vitest';
import { deepestNesting, largestFileBytes, mostNodes, readYaml } from './yaml-source.js';

/** Problems as `line:column message`. */
function problemsOf(text: string | Uint8Array): string[] {
  return readYaml(text).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test('YAML and JSON become plain data', () => {
  expect(readYaml('a: [1, x, null, true]\nb: { c: 09:30 }\n').value).toEqual({
    a: [1, 'x', null, true],
    b: { c: '09:30' },
  });
  expect(readYaml('{"a": [1.5, "x"]}').value).toEqual({ a: [1.5, 'x'] });
});

test('values are located in the text, keys too', () => {
  const source = readYaml('a:\n  - x\n  - b: 1\n    c: [ 2,  3 ]\nd:\n');
  expect(source.locate(['a', 1, 'c', 1], 'value')).toEqual({ line: 4, column: 14 });
  expect(source.locate(['a', 1, 'c'], 'key')).toEqual({ line: 4, column: 5 });
  expect(source.locate(['d'], 'value')).toEqual({ line: 5, column: 1 });
  expect(source.locate(['a', 1, 'gone', 'further'], 'value')).toEqual({ line: 3, column: 5 });
});

test('a syntax error has its place, and marks what follows as doubtful', () => {
  const source = readYaml('a: 1\nb: [1, 2\nc: 3\n');
  expect(source.problems.length).toBeGreaterThan(0);
  expect(source.problems[0]!.line).toBeGreaterThanOrEqual(2);
  expect(source.syntaxErrorAt).toEqual({
    line: source.problems[0]!.line,
    column: source.problems[0]!.column,
  });
});

test('a key that is here twice, or is no plain key, is a problem', () => {
  expect(problemsOf('a: 1\nb: 2\na: 3\n')).toEqual(['3:1 the key "a" is here a second time']);
  expect(problemsOf('? [a]\n: 1\n')).toEqual(['1:3 expected a plain key before the colon']);
});

test('__proto__ is an unknown key and reaches no object', () => {
  const source = readYaml('{"__proto__": {"polluted": 1}, "a": {"__proto__": 2}}');
  expect(source.problems.map(({ message }) => message)).toEqual([
    'unknown key "__proto__"',
    'unknown key "__proto__"',
  ]);
  expect(Object.keys(source.value as object)).toEqual(['a']);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test('merge keys are ordinary keys', () => {
  expect(readYaml('a: &x { b: 1 }\nc: { <<: *x }\n').value).toEqual({ a: { b: 1 }, c: { '<<': { b: 1 } } });
});

describe('what would be too much', () => {
  test('an empty file', () => {
    const empty = ['1:1 expected an organization or a scenario, but the file is empty'];
    expect(problemsOf('')).toEqual(empty);
    expect(problemsOf('# only a comment\n')).toEqual(empty);
    expect(problemsOf('\n---\n')).toEqual(empty);
  });

  test('a file that is no text', () => {
    expect(problemsOf(Uint8Array.of(0xff, 0xfe, 0x00))).toEqual([
      '1:1 expected YAML or JSON in UTF-8, but this is no text',
    ]);
    expect(problemsOf('a: 1\nb: \u0000')).toEqual([
      '2:4 expected text, but there is a control character (U+0000)',
    ]);
  });

  test('a file above 8 MiB', () => {
    expect(problemsOf(new Uint8Array(largestFileBytes + 1).fill(0x20))).toEqual([
      '1:1 expected a file of at most 8 MiB',
    ]);
  });

  test('a second document', () => {
    expect(problemsOf('a: 1\n---\nb: 2\n')).toEqual([
      '2:1 expected one document, but a second one begins here',
    ]);
  });

  test('more than a million keys and values, before anything is made of them', () => {
    const refused = [
      expect.stringMatching(`^\\d+:\\d+ expected at most ${mostNodes} keys and values in one file`),
    ];
    for (const [opening, piece] of [
      ['a: [', '{},'],
      ['a: [', '1,'],
      ['a: [', '"",'],
      ['a: [', ','],
      ['x: &x 1\na: [', '*x,'],
      ['', '- \n'],
      ['', '?\n'],
      ['{', 'a:,'],
    ] as const) {
      const started = performance.now();
      const text = `${opening}${piece.repeat(Math.floor(7_500_000 / piece.length))}`;
      expect(problemsOf(text)).toEqual(refused);
      expect(performance.now() - started).toBeLessThan(20_000);
    }
    const second = `- ${'x'.repeat(mostNodes)}\n- [${'1,'.repeat(mostNodes)}]`;
    expect(problemsOf(second)).toEqual([
      `2:2000000 expected at most ${mostNodes} keys and values in one file`,
    ]);
    expect(problemsOf(`[${'1,'.repeat(mostNodes / 10)}]`)).toEqual([]);
  });

  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

  test('more than 64 levels, before anything recurses', () => {
    expect(problemsOf(nested(deepestNesting))).toEqual([]);
    expect(problemsOf(nested(deepestNesting + 1))).toEqual(['1:65 expected at most 64 levels of nesting']);
    for (const text of [
      nested(1_000_000),
      '- '.repeat(1_000_000),
      '{a: '.repeat(1_000_000),
      '? '.repeat(1_000_000),
    ]) {
      expect(problemsOf(text)).toHaveLength(1);
    }
    const block = Array.from({ length: 100 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    expect(problemsOf(block)).toEqual(['65:66 expected at most 64 levels of nesting']);
  });

  test('aliases that grow without end', () => {
    const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level <= 8; level++) {
      const previous = `*a${level - 1}`;
      laughs.push(`a${level}: &a${level} [${Array(10).fill(previous).join(', ')}]`);
    }
    expect(new Set(readYaml(laughs.join('\n')).problems.map(({ message }) => message))).toEqual(
      new Set(['expected aliases to repeat less']),
    );
    const shared = readYaml('a: &a [x]\nb: [*a, *a]\n');
    expect(shared.problems).toEqual([]);
    expect(shared.value).toEqual({ a: ['x'], b: [['x'], ['x']] });
  });

  test('aliases that lead nowhere, or to themselves', () => {
    expect(problemsOf('a: *b\n')).toEqual(['1:4 there is no anchor &b above']);
    expect(problemsOf('a: &a [*a]\n')).toEqual(['1:8 *a holds itself']);
  });
});
