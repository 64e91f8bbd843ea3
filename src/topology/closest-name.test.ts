import { expect, test } from 'vitest';
import { closestName, hintAt } from './closest-name.js';

test('a slip of the pen finds its name, nothing alike finds none', () => {
  expect(closestName('Berln', ['Bonn', 'Berlin'])).toBe('Berlin');
  expect(closestName('Oslo', ['Bonn', 'Berlin'])).toBeUndefined();
});

test('a name that differs in case only is the one, digits or not', () => {
  expect(closestName('Seed', ['sees', 'seed'])).toBe('seed');
  expect(closestName('P95', ['p96', 'p95'])).toBe('p95');
  const known = ['connectTimeout', 'messageExpirationTimeout'];
  expect(hintAt('MessageExpirationTimeout', known)).toBe('did you mean "messageExpirationTimeout"?');
});

test('numbered names are all alike: none is a slip for another', () => {
  expect(closestName('MBX9', ['MBX1', 'MBX2'])).toBeUndefined();
});
