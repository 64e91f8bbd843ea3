import { expect, test } from 'vitest';
import { unknownMetricName } from './metric-names.js';

const names = { servers: ['B1', 'F1'], sites: ['Berlin', 'Frankfurt'], links: ['BF'] };
const check = (...path: string[]) => unknownMetricName(path, names);

test.each([
  ['queues', 'B1', 'maxLength'],
  ['queues', 'b1/DAG1', 'maxLength'],
  ['queues', '12', 'maxLength'],
  ['servers', 'f1', 'utilization'],
  ['servers', '1', 'utilization'],
  ['links', 'bf', 'bytes'],
  ['redirects', 'byCause', 'active-elsewhere'],
  ['fallbacks', 'byReason', 'other-group-servers'],
  ['backoffs', 'bySite', 'BERLIN'],
  ['ndrs', 'byCode', '5.1.1'],
  ['ndrs', 'byCode', '4.4.316'],
  ['recipients', 'lost'],
])('%s %s %s is known', (...path) => {
  expect(check(...path)).toBeNull();
});

test('a name that nothing has is found, with those that there are', () => {
  expect(check('queues', 'B9', 'maxLength')).toEqual({
    message: 'no server "B9"',
    place: 1,
    known: ['B1', 'F1'],
  });
  expect(check('queues', 'B9/DAG1', 'maxLength')).toMatchObject({ message: 'no server "B9/DAG1"' });
  expect(check('servers', '2', 'utilization')).toMatchObject({ known: ['B1', 'F1'] });
  expect(check('links', 'FB', 'bytes')).toEqual({ message: 'no site link "FB"', place: 1, known: ['BF'] });
  expect(check('backoffs', 'bySite', 'Bonn')).toMatchObject({
    place: 2,
    known: ['Berlin', 'Frankfurt'],
  });
  expect(check('redirects', 'byCause', 'moved')).toMatchObject({ known: ['active-elsewhere', 'drain'] });
  expect(check('fallbacks', 'byReason', 'backoff')!.known).toContain('other-group-servers');
});

test.each(['5.1', '511', '5.1.1.1', '2.1.1', '5.1.x', 'toString', ''])('%j is no code of an NDR', (code) => {
  expect(check('ndrs', 'byCode', code)).toEqual({
    message: `no status code ${JSON.stringify(code)}`,
    place: 2,
    known: [],
    form: 'expected n.n.n in double quotes, as ndrs.byCode."5.1.1"',
  });
});

test.each([
  ['backoffs', 'bySite', 'toString'],
  ['fallbacks', 'byReason', 'target-servers'],
  ['redirects', 'byCause', 'active_elsewhere'],
])('%s.%s.%s occurs in no run', (...path) => {
  expect(check(...path)).toMatchObject({ place: 2 });
});
