import { describe, expect, test } from 'vitest';
import { describeOrganization } from '../../../tests/conformance/organization-builder.js';
import { problemsOf, sound } from '../../../tests/topology/organization-problems.js';
import { checkOrganization } from '../check-organization.js';
import type { MailboxDescription } from '../organization.js';

type Mailbox = Partial<MailboxDescription> & { readonly name: string };

/** Mailboxes after `u1@contoso.com`, all in one database. */
const mailboxes = (...list: readonly Mailbox[]) =>
  list.map(({ name, ...more }) => ({ address: `${name}@contoso.com`, database: 'DB1', ...more }));
const found = (...list: readonly Mailbox[]) => problemsOf({ mailboxDescriptions: mailboxes(...list) });

describe('forwarding', () => {
  test('RR-07: to a mailbox, a contact, a group or outside is sound', () => {
    const changes = {
      contacts: { 'c@contoso.com': 'x@partner.example' },
      groups: [{ address: 'g@contoso.com', members: [] }],
    };
    for (const forwardTo of ['U1@contoso.com', 'c@contoso.com', 'g@contoso.com', 'x@partner.example']) {
      const mailboxDescriptions = mailboxes({ name: 'm', forwardTo, deliverAndForward: true });
      expect(problemsOf({ ...changes, mailboxDescriptions })).toEqual({ errors: [], warnings: [] });
    }
  });

  test('RR-07: deliverAndForward alone changes nothing, and is warned of', () => {
    expect(found({ name: 'm', deliverAndForward: true }).warnings).toEqual([
      'mailboxes.1.deliverAndForward: changes nothing without `forwardTo` (RR-07)',
    ]);
  });

  test('RR-08: to nobody in an authoritative domain is an error, with a hint', () => {
    const mailboxDescriptions = mailboxes(
      { name: 'jane.doe', forwardTo: 'u9@partner.example' },
      { name: 'm', forwardTo: 'jane.deo@contoso.com' },
    );
    const { errors } = checkOrganization(describeOrganization({ ...sound, mailboxDescriptions }));
    expect(errors).toEqual([
      {
        path: ['mailboxes', 2, 'forwardTo'],
        message: 'nobody has the address "jane.deo@contoso.com"',
        hint: 'did you mean "jane.doe@contoso.com"?',
        rule: null,
      },
    ]);
  });

  test('what was left out of the organization may be forwarded to', () => {
    const mailboxDescriptions = mailboxes({ name: 'm', forwardTo: 'u9@contoso.com' });
    const organization = describeOrganization({ ...sound, mailboxDescriptions });
    expect(checkOrganization(organization, { contacts: ['u9@contoso.com'] }).errors).toEqual([]);
  });

  test('CN-04: to somebody outside whom no connector takes is warned of', () => {
    const mailboxDescriptions = mailboxes({ name: 'm', forwardTo: 'x@Partner.example' });
    expect(problemsOf({ mailboxDescriptions, connectors: [] }).warnings).toEqual([
      'mailboxes.1.forwardTo: cannot be routed to: no connector has an address space for partner.example (CN-04)',
    ]);
  });
});

describe('rings of forwarding', () => {
  const ring = (index: number, round: string) =>
    `mailboxes.${index}.forwardTo: goes round in a ring, its mail is returned: ${round} (RR-06)`;

  test('RR-06: two mailboxes that only forward to each other are warned of, once', () => {
    expect(
      found({ name: 'a', forwardTo: 'b@contoso.com' }, { name: 'b', forwardTo: 'A@contoso.com' }).warnings,
    ).toEqual([ring(1, 'a@contoso.com > b@contoso.com > a@contoso.com')]);
  });

  test('RR-06: somebody on the way round who keeps the message makes it harmless', () => {
    expect(
      found(
        { name: 'a', forwardTo: 'b@contoso.com' },
        { name: 'b', forwardTo: 'a@contoso.com', deliverAndForward: true },
      ).warnings,
    ).toEqual([]);
  });

  test('RR-06: those whose mail runs into a ring are no part of it', () => {
    expect(
      found(
        { name: 'in', forwardTo: 'a@contoso.com', deliverAndForward: true },
        { name: 'a', forwardTo: 'b@contoso.com' },
        { name: 'b', forwardTo: 'a@contoso.com' },
        { name: 'late', forwardTo: 'b@contoso.com' },
      ).warnings,
    ).toEqual([ring(2, 'a@contoso.com > b@contoso.com > a@contoso.com')]);
  });

  test('RR-06: a chain that ends somewhere is none', () => {
    expect(
      found({ name: 'a', forwardTo: 'b@contoso.com' }, { name: 'b', forwardTo: 'u1@contoso.com' }).warnings,
    ).toEqual([]);
  });

  test('RR-06: a mailbox that forwards to itself is one; so is a pattern to one of its own', () => {
    expect(found({ name: 'a', forwardTo: 'a@contoso.com' }).warnings).toEqual([
      ring(1, 'a@contoso.com > a@contoso.com'),
    ]);
    expect(found({ name: 'p{n}', count: 1_000, forwardTo: 'p77@contoso.com' }).warnings).toEqual([
      ring(1, 'p77@contoso.com > p77@contoso.com'),
    ]);
    expect(found({ name: 'p{n}', count: 1_000, forwardTo: 'u1@contoso.com' }).warnings).toEqual([]);
  });

  test('RR-07: contacts are links of the chain', () => {
    const contacts = { 'c@contoso.com': 'a@contoso.com', 'd@contoso.com': 'SMTP:d@contoso.com' };
    const mailboxDescriptions = mailboxes({ name: 'a', forwardTo: 'c@contoso.com' });
    expect(problemsOf({ contacts, mailboxDescriptions }).warnings).toEqual([
      ring(1, 'a@contoso.com > c@contoso.com > a@contoso.com'),
      'contacts.1.target: goes round in a ring, its mail is returned: d@contoso.com > d@contoso.com (RR-06)',
    ]);
  });

  test('RR-06: of a long ring the beginning is shown', () => {
    const around = Array.from({ length: 9 }, (_, n) => ({
      name: `r${n}`,
      forwardTo: `r${(n + 1) % 9}@contoso.com`,
    }));
    const shown = [0, 1, 2, 3, 4].map((n) => `r${n}@contoso.com`).join(' > ');
    expect(found(...around).warnings).toEqual([ring(1, `${shown} > … > r0@contoso.com`)]);
  });
});

describe('senders', () => {
  test('5.7.1: somebody inside whom nobody is, twice the same, and nobody at all are errors', () => {
    expect(
      found(
        { name: 'a', acceptOnlyFrom: ['u9@contoso.com', 'x@partner.example', 'X@partner.example'] },
        { name: 'b', acceptOnlyFrom: [] },
      ).errors,
    ).toEqual([
      'mailboxes.1.acceptOnlyFrom.2: "X@partner.example" is here twice',
      'mailboxes.1.acceptOnlyFrom.0: nobody has the address "u9@contoso.com"',
      'mailboxes.2.acceptOnlyFrom: expected at least one sender',
    ]);
  });

  test('5.7.1: a group is no sender', () => {
    const mailboxDescriptions = mailboxes({ name: 'a', acceptOnlyFrom: ['G@contoso.com', 'u1@contoso.com'] });
    const groups = [{ address: 'g@contoso.com', members: [] }];
    expect(problemsOf({ mailboxDescriptions, groups }).warnings).toEqual([
      'mailboxes.1.acceptOnlyFrom.0: "G@contoso.com" is a distribution group, and groups send nothing',
    ]);
  });
});

test('RR-08: a relay domain whose unknown recipients no connector takes is warned of', () => {
  const warned = (type: 'authoritative' | 'internal-relay' | 'external-relay', ...spaces: string[]) =>
    problemsOf({
      acceptedDomains: [
        { name: 'contoso.com', type: 'authoritative' },
        { name: 'fabrikam.com', type },
      ],
      connectors: [{ name: 'C', sourceServers: ['B1'], spaces }],
    }).warnings;
  for (const type of ['internal-relay', 'external-relay'] as const) {
    expect(warned(type, 'partner.example')).toEqual([
      'acceptedDomains.1: no connector has an address space for fabrikam.com: addresses of it that nobody here has are unreachable (RR-08, CN-04)',
    ]);
    expect(warned(type, 'Fabrikam.com')).toEqual([]);
    expect(warned(type, '*')).toEqual([]);
  }
  expect(warned('authoritative', 'partner.example')).toEqual([]);
});
