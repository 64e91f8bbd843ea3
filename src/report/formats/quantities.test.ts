import { expect, test } from 'vitest';
import {
  formatBitRate,
  formatCount,
  formatLimit,
  formatShare,
  formatSpan,
  plainText,
  threeDigits,
} from './quantities.js';

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

test('no number has an exponent or a dozen digits', () => {
  expect([1e-9, -1e-9, 1 / 3e5, 1 / 3].map(threeDigits)).toEqual([
    '< 0.000001',
    '> -0.000001',
    '0.00000333',
    '0.333',
  ]);
  expect([0, 1e-9, 0.00066, 0.0042, 0.0423, 0.0996, 0.9372, 1, 12.345].map(formatShare)).toEqual([
    ...['0 %', '< 0.1 %', '< 0.1 %', '0.4 %', '4.2 %', '10 %', '94 %', '100 %', '1,235 %'],
  ]);
  expect([0, 0.5, 999, 999.9, 3_740_000, 2.5e10].map(formatBitRate)).toEqual([
    ...['0 bit/s', '0.5 bit/s', '999 bit/s', '1 kbit/s', '3.74 Mbit/s', '25 Gbit/s'],
  ]);
});

test('a limit is written as its figure is', () => {
  expect(formatLimit('recipients.submitted', 'equals 6660')).toBe('equals 6,660');
  expect(formatLimit('deliveryLatency.maxMs', 'equals 12600.375 s')).toBe('equals 12,600.375 s (3 h 30 min)');
  expect(formatLimit('deliveryLatency.maxMs', 'below 70 min')).toBe('below 70 min (1 h 10 min)');
  expect(formatLimit('deliveryLatency.p50Ms', 'below 5 s')).toBe('below 5 s');
  expect(formatLimit('deliveryLatency.p50Ms', 'at-most 0 s')).toBe('at-most 0 s');
  expect(formatLimit('links.BC.bytes', 'at-least 614400000')).toBe('at-least 614,400,000');
  expect(formatLimit('links.BC.bytes', 'at-most 2.86 GB')).toBe('at-most 2.86 GB');
  expect(formatLimit('servers.B1.utilization', 'below 0.12345')).toBe('below 0.12345');
  expect(formatLimit('a', 'below\u202e 1')).toBe('below\ufffd 1');
});

test('text of others cannot break, colour or reorder a line', () => {
  expect(plainText('a\nb\r\tc\u001b[31m\u202ed\u2028')).toBe('a�b��c�[31m�d�');
  expect(plainText('x'.repeat(70), 10)).toBe('xxxxxxxxx…');
  expect(plainText('Köln "1"')).toBe('Köln "1"');
});
