import { expect, test } from 'vitest';
import { topologyOf } from '../../tests/conformance/organization-builder.js';
import { forwardedDeliveries, hasDeliveryRules } from './forwarding.js';

const at = (name: string) => `${name}@contoso.com`;

/** `name > target` redirects, `name + target` keeps and forwards; a name alone is a plain mailbox. */
function organization(...texts: string[]) {
  return topologyOf({
    servers: ['S1@S'],
    databases: { DB: ['S1'] },
    mailboxDescriptions: texts.map((text) => {
      const [name = '', sign, target = ''] = text.split(' ');
      const forward = sign === undefined ? {} : { forwardTo: at(target), deliverAndForward: sign === '+' };
      return { address: at(name), database: 'DB', ...forward };
    }),
  });
}

/** `what comes of it < who kept it before`. */
function deliveries(texts: readonly string[], mailbox: string): readonly string[] {
  const topology = organization(...texts);
  const { recipients } = topology;
  const short = (address: string) => address.replace('@contoso.com', '');
  return forwardedDeliveries(topology, recipients.find(at(mailbox))).map(({ resolved, keptBy }) => {
    const what =
      resolved.kind === 'mailbox'
        ? short(recipients.addresses[resolved.recipient]!)
        : resolved.kind === 'ndr'
          ? `${short(resolved.address)} ${resolved.ndr.code}`
          : resolved.kind;
    return keptBy === -1 ? what : `${what} < ${short(recipients.addresses[keptBy]!)}`;
  });
}

test('RR-06: a ring in which somebody keeps the message ends without a word', () => {
  expect(deliveries(['a + b', 'b + a'], 'a')).toEqual(['a', 'b < a']);
  expect(deliveries(['a + b', 'b > c', 'c > a'], 'a')).toEqual(['a']);
  expect(deliveries(['a > b', 'b + a'], 'a')).toEqual(['b']);
  expect(deliveries(['a > b', 'b > c', 'c + a'], 'b')).toEqual(['c']);
});

test('RR-06: a ring in which nobody does is broken, whoever kept the message before it', () => {
  expect(deliveries(['a > a'], 'a')).toEqual(['a 5.4.6']);
  expect(deliveries(['x > a', 'a > b', 'b > a'], 'x')).toEqual(['x 5.4.6']);
  expect(deliveries(['k + a', 'a > b', 'b > a'], 'k')).toEqual(['k', 'a 5.4.6 < k']);
});

test('RR-07: the last who kept the message is the one it comes from', () => {
  expect(deliveries(['a + b', 'b + c', 'c'], 'a')).toEqual(['a', 'b < a', 'c < b']);
});

test('RR-07, 5.7.1: mailboxes that forward or choose their senders have rules, others do not', () => {
  const topology = topologyOf({
    servers: ['S1@S'],
    databases: { DB: ['S1'] },
    mailboxDescriptions: [
      { address: at('plain'), database: 'DB' },
      { address: at('forwards'), database: 'DB', forwardTo: at('plain') },
      { address: at('picky'), database: 'DB', acceptOnlyFrom: [at('plain')] },
    ],
  });
  const rules = (name: string) => hasDeliveryRules(topology, topology.recipients.find(at(name)));
  expect(['plain', 'forwards', 'picky'].map(rules)).toEqual([false, true, true]);
});
