import { expect, test } from 'vitest';
import { plainLine } from './plain-line.js';

test('what a terminal would obey is replaced, other text is not', () => {
  expect(plainLine('a\u001b]0;b\u0007c\u009b31m\nd\u202ee\u2066f\u2028g\ud800h\u007f')).toBe(
    'a\ufffd]0;b\ufffdc\ufffd31m\ufffdd\ufffde\ufffdf\ufffdg\ufffdh\ufffd',
  );
  expect(plainLine('Köln "1" … 東京 😀')).toBe('Köln "1" … 東京 😀');
});
