import { describe, expect, test } from 'vitest';
import type { OrganizationShorthand } from '../../../tests/conformance/organization-builder.js';
import { diff, megabyte } from '../../../tests/diff/changes-between.js';

const organization: OrganizationShorthand = {
  links: ['S-P 10'],
  servers: ['S1@S', 'P1@P'],
  databases: { Db: ['P1'] },
};

/** The answers as `[above, outcome, destination or status code]`; asked of an organization that stays as it is. */
function answers(shorthand: OrganizationShorthand, from: string, to: string) {
  const compared = diff(shorthand, shorthand);
  const source = compared.sources.find(({ name }) => name === from)!;
  const destination = compared.destinations.find(({ name }) => name === to)!;
  const found = compared.answersBefore(source, destination);
  expect(compared.answersAfter(source, destination)).toEqual(found);
  return found?.map(({ aboveBytes, outcome, hop, ndr }) => {
    const end = outcome === 'ndr' ? `${ndr?.code}${hop === null ? '' : ` by ${hop.destination.name}`}` : null;
    return [aboveBytes, outcome, end ?? hop?.destination.name ?? null];
  });
}

const connector = (name: string, maxMessageSizeBytes = Number.POSITIVE_INFINITY, space = '*;1') => ({
  name,
  sourceServers: ['P1'],
  spaces: [space],
  maxMessageSizeBytes,
});

const limitedLink = (maxMessageSizeBytes: number) => [
  { name: 'S-P', sites: ['S', 'P'], cost: 10, maxMessageSizeBytes },
];

describe('inside destinations', () => {
  test('RT-11: messages of any size have one way to a database', () => {
    expect(answers(organization, 'S1', 'Db')).toEqual([[-1, 'route', 'Db']]);
  });

  test('AS-05: what is larger than the link takes is returned, counted in whole bytes', () => {
    const limited = { ...organization, links: limitedLink(1_126.4) };
    expect(answers(limited, 'S1', 'Db')).toEqual([
      [-1, 'route', 'Db'],
      [1_126, 'ndr', '5.3.4 by Db'],
    ]);
  });

  test('RT-18: without a path a destination is unreachable for every size', () => {
    const cut = { ...organization, links: [] };
    expect(answers(cut, 'S1', 'Db')).toEqual([[-1, 'unreachable', null]]);
    const compared = diff(cut, cut);
    const [answer] = compared.answersBefore(compared.sources[1]!, compared.destinations[0]!)!;
    expect(answer!.group).toEqual({ kind: 'mailbox-delivery-group', name: 'Site:P;Version:15' });
  });

  test('RT-13, RT-17: the server that expands a group asks nobody about it', () => {
    const expanding = {
      ...organization,
      groups: [{ address: 'all@contoso.com', members: [], expansionServer: 'P1' }],
    };
    expect(answers(expanding, 'S1', 'P1')).toEqual([[-1, 'route', 'P1']]);
    expect(answers(expanding, 'P1', 'P1')).toBeUndefined();
    const cut = diff({ ...expanding, links: [] }, { ...expanding, links: [] });
    const [answer] = cut.answersBefore(cut.sources[1]!, cut.destinations[1]!)!;
    expect(answer!.group).toEqual({ kind: 'server-list', name: 'P1.contoso.com' });
  });

  test('RT-56: an Edge has no ways to databases', () => {
    const edge = { ...organization, edges: ['E1@P'] };
    expect(answers(edge, 'E1', 'Db')).toBeUndefined();
    expect(answers(edge, 'E1', '*')).toEqual([
      [-1, 'route', 'EdgeSync - P to Internet'],
      [25 * megabyte, 'ndr', '5.3.4'],
    ]);
  });
});

describe('outside destinations', () => {
  test('CN-01, CN-02: each connector takes what those before it are too small for, in whole bytes', () => {
    const both = { ...organization, connectors: [connector('A', 1_126.4), connector('B')] };
    expect(answers(both, 'S1', '*')).toEqual([
      [-1, 'route', 'A'],
      [1_126, 'route', 'B'],
    ]);
  });

  test('CN-04: what is too large for all connectors is returned', () => {
    const small = { ...organization, connectors: [connector('A', megabyte)] };
    expect(answers(small, 'S1', '*')).toEqual([
      [-1, 'route', 'A'],
      [megabyte, 'ndr', '5.3.4'],
    ]);
  });

  test('CN-04: where all connectors are disabled, SMTP waits and other types are returned', () => {
    const disabled = {
      ...organization,
      connectors: [{ ...connector('A'), spaces: ['*', 'FAX:*'], enabled: false }],
    };
    expect(answers(disabled, 'S1', '*')).toEqual([[-1, 'unreachable', null]]);
    expect(answers(disabled, 'S1', 'FAX:*')).toEqual([[-1, 'ndr', '5.1.2']]);
  });

  test('AS-05: a link counts besides the connectors, below, at and above their limits', () => {
    const behind = (limit: number) => ({
      ...organization,
      links: limitedLink(limit),
      connectors: [connector('A', 5 * megabyte), connector('B')],
    });
    expect(answers(behind(3 * megabyte), 'S1', '*')).toEqual([
      [-1, 'route', 'A'],
      [3 * megabyte, 'ndr', '5.3.4 by A'],
      [5 * megabyte, 'ndr', '5.3.4 by B'],
    ]);
    expect(answers(behind(5 * megabyte), 'S1', '*')).toEqual([
      [-1, 'route', 'A'],
      [5 * megabyte, 'ndr', '5.3.4 by B'],
    ]);
    expect(answers(behind(7 * megabyte), 'S1', '*')).toEqual([
      [-1, 'route', 'A'],
      [5 * megabyte, 'route', 'B'],
      [7 * megabyte, 'ndr', '5.3.4 by B'],
    ]);
  });

  test('RR-08: who is unknown in an authoritative domain is returned at any size', () => {
    const authoritative = {
      ...organization,
      acceptedDomains: [{ name: 'fabrikam.com', type: 'authoritative' as const }],
      connectors: [connector('A', megabyte, 'fabrikam.com')],
    };
    expect(answers(authoritative, 'S1', 'fabrikam.com')).toEqual([[-1, 'ndr', '5.1.1']]);
  });

  test('RR-08: an address of the directory is for no connector', () => {
    const known = {
      ...organization,
      mailboxes: { 'FAX:123': 'Db' },
      connectors: [connector('A', megabyte, 'FAX:123')],
    };
    expect(answers(known, 'S1', 'FAX:123')).toBeUndefined();
  });
});
