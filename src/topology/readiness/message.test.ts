import { expect, test } from 'vitest';
import { listed, shellString, spelledAs } from './message.js';

test('a name in a command is a string in which the shell evaluates nothing and which no quote ends', () => {
  expect(shellString('Internet')).toBe("'Internet'");
  expect(shellString('$(Stop-Computer) `n "x"')).toBe(`'$(Stop-Computer) \`n "x"'`);
  expect(shellString("x'; Stop-Computer; '")).toBe("'x''; Stop-Computer; '''");
  expect(shellString('x\u{2019}; Stop-Computer; \u{2018}')).toBe(
    "'x\u{2019}\u{2019}; Stop-Computer; \u{2018}\u{2018}'",
  );
});

test('names in a text are quoted one by one, so that a name cannot pass for two', () => {
  expect(listed(['B1', 'a", "b'])).toBe('"B1", "a\\", \\"b"');
});

test('UN-02: a reference is shown as the object is spelled', () => {
  expect(spelledAs([{ name: 'B1' }], 'b1')).toBe('B1');
  expect(spelledAs([{ name: 'B1' }], 'b2')).toBe('b2');
});
