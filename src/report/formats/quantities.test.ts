import { expect, test } from 'vitest';
import { formatCount, formatSpan, plainText, threeDigits } from './quantities.js';

test.each([
  [0, '0 ms'],
  [0.5, '0.5 ms'],
  [747.3, '747 ms'],
  [999.7, '1 s'],
  [5_592, '5.59 s'],
  [59_960, '1 min'],
  [61_000, '1 min 1 s'],
  [1_636_352, '27 min 16 s'],
  [3_599_600, '1 h'],
  [4_060_058, '1 h 8 min'],
  [86_400_000, '1 d'],
  [172_800_000 + 3 * 3_600_000, '2 d 3 h'],
])('%d ms are %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});

test('numbers have three digits or all of their whole part', () => {
  expect([0, 0.01234, 3.978, 106.18, 999.6, 87_232].map(threeDigits)).toEqual([
    '0',
    '0.0123',
    '3.98',
    '106',
    '1,000',
    '87,232',
  ]);
  expect([0, 999, 1_000, 1_234_567, -1_234].map(formatCount)).toEqual([
    '0',
    '999',
    '1,000',
    '1,234,567',
    '-1,234',
  ]);
});

test('text of others cannot break, colour or reorder a line', () => {
  expect(plainText('a\nb\r\tc\u001b[31m\u202ed\u2028')).toBe('a�b��c�[31m�d�');
  expect(plainText('x'.repeat(70), 10)).toBe('xxxxxxxxx…');
  expect(plainText('Köln "1"')).toBe('Köln "1"');
});
