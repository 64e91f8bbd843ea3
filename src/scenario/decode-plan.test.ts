import { describe, expect, test } from 'vitest';
import { decodePlan, readVariations } from './decode-plan.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const settings = (text: string, file = 'plan.yaml') =>
  decodePlan(bytes(text), file).map(({ set }) => Object.fromEntries([...set].map(([k, v]) => [k, v.value])));

describe('--vary', () => {
  test('a path and its values, in YAML', () => {
    expect(readVariations(['a.b=10, 20', 'c="x,y",[1, 2],{ d: 1 },1 d'])).toEqual([
      {
        path: 'a.b',
        values: [
          { value: 10, text: '10' },
          { value: 20, text: '20' },
        ],
      },
      {
        path: 'c',
        values: [
          { value: 'x,y', text: '"x,y"' },
          { value: [1, 2], text: '[1, 2]' },
          { value: { d: 1 }, text: '{ d: 1 }' },
          { value: '1 d', text: '1 d' },
        ],
      },
    ]);
  });

  test('a name with an equals sign or a dot stands in quotes, an apostrophe in a word does not', () => {
    expect(readVariations(['links."a=b.c".cost=1'])[0]!.path).toBe('links."a=b.c".cost');
    expect(readVariations(["name=O'Neil,Bob"])[0]!.values.map(({ text }) => text)).toEqual(["O'Neil", 'Bob']);
  });

  test.each([
    [['seed'], /--vary:1:1 seed: expected `<path>=<v1,v2,…>`/],
    [['=1'], /--vary:1:1: expected `<path>=<v1,v2,…>`/],
    [['x=1', 'y=1,,2'], /--vary:2:1 y: a value is missing/],
    [['x='], /a value is missing/],
    [['x=1,2,1'], /--vary:1:1 x: has the value 1 twice/],
    [['x=1', 'x=2'], /--vary:2:1 x: is varied twice/],
    [['x=[1'], /--vary:1:1 x: /],
  ])('%j is refused', (texts, message) => {
    expect(() => readVariations(texts)).toThrow(message);
  });
});

describe('a plan', () => {
  test('in YAML is a list of mappings, and knows where each stands', () => {
    const text = '# two\n- { a.b: 10, c: 1 d }\n- a.b: 20\n';
    expect(settings(text)).toEqual([{ 'a.b': 10, c: '1 d' }, { 'a.b': 20 }]);
    expect(decodePlan(bytes(text), 'p').map(({ line }) => line)).toEqual([2, 3]);
    expect([...decodePlan(bytes(text), 'p')[0]!.set.values()].map((each) => each.text)).toEqual([
      '10',
      '"1 d"',
    ]);
  });

  test('in CSV has paths in its header and a row a point', () => {
    expect(settings('\uFEFFa.b,c\r\n10,1 d\r\n20,"[1, 2]"\r\n', 'plan.CSV')).toEqual([
      { 'a.b': 10, c: '1 d' },
      { 'a.b': 20, c: [1, 2] },
    ]);
  });

  test.each([
    ['plan.yaml', '', /plan\.yaml:1:1/],
    ['plan.yaml', '[]', /there is no point in it/],
    ['plan.yaml', 'a: 1', /expected a list of points/],
    ['plan.yaml', '- { a: 1 }\n- 7\n', /plan\.yaml:2:3 1: expected a mapping/],
    [
      'plan.yaml',
      '- { a: 1, b: 2 }\n- { b: 2, a: 1 }\n',
      /plan\.yaml:2:3: is the same point as that of line 1/,
    ],
    ['plan.yaml', '- { a: 1, a: 2 }', /plan\.yaml:1:/],
    ['plan.csv', 'a,a\n1,2\n', /plan\.csv:1:1: the header names "a" twice/],
    ['plan.csv', 'a,\n1,2\n', /a path is missing/],
    ['plan.csv', 'a,b\n1\n', /plan\.csv:2:1: expected CSV/],
    ['plan.csv', 'a\n', /there is no point/],
  ])('%s: %j is refused', (file, text, message) => {
    expect(() => decodePlan(bytes(text), file)).toThrow(message);
  });
});
