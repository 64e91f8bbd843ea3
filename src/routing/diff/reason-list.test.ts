import { expect, test } from 'vitest';
import { ReasonList } from './reason-list.js';

test('a reason stands once, with all that changed by it', () => {
  const list = new ReasonList();
  list.add('RT-33', 'primary-site', 'Q is the nearest site');
  list.add('RT-30', 'path', 'Q is at cost 5');
  list.add('RT-33', 'path', 'Q is the nearest site');
  list.add('RT-33', 'path', 'Q is the nearest site');
  list.add('RT-34', 'path', 'Q is the nearest site');
  expect(list.reasons).toEqual([
    { rule: 'RT-33', aspects: ['primary-site', 'path'], text: 'Q is the nearest site' },
    { rule: 'RT-30', aspects: ['path'], text: 'Q is at cost 5' },
    { rule: 'RT-34', aspects: ['path'], text: 'Q is the nearest site' },
  ]);
});
