import { groupOfDatabase, nameOnly } from './groups-by-walking.js';
import type { Landscape } from './landscape.js';
import { sameName } from './names.js';
import type { OracleQuestion, OracleRow } from './oracle-answer.js';
import { findMailbox, parseAddress } from './resolution-by-hand.js';

/** RT-48. */
const consideredAtMost = 20;

/** UN-13: the mailbox recipients that count. */
export function consideredOf(rows: readonly OracleRow[]): readonly OracleRow[] {
  return rows.filter(({ destination }) => destination !== null).slice(0, consideredAtMost);
}

/** RT-46, RT-54: only mailboxes have a database and a group; the rest is for Transport to find out. */
export function briefRow(land: Landscape, question: OracleQuestion, address: string): OracleRow {
  const parsed = parseAddress(address);
  const nowhere = { address, outcome: 'route', destination: null, destinationGroup: null } as const;
  if (parsed.kind === 'malformed') return { ...nowhere, outcome: 'ndr', ndr: { code: '5.1.3' } };
  if (parsed.kind === 'typed') return nowhere;
  const mailbox = findMailbox(land, parsed.mail);
  if (mailbox !== undefined) {
    const group = groupOfDatabase(land, question, mailbox.database);
    const { name } = land.organization.databases.find((each) => sameName(each.name, mailbox.database))!;
    return {
      ...nowhere,
      destination: { kind: 'mailbox-database', name },
      destinationGroup: nameOnly(group),
    };
  }
  const { contacts, distributionGroups } = land.organization;
  const isKnown = [...contacts, ...distributionGroups].some((each) => sameName(each.address, parsed.mail));
  const domain = land.acceptedDomains().find((each) => sameName(each.name, parsed.domain));
  // RR-08.
  if (!isKnown && domain?.type === 'authoritative')
    return { ...nowhere, outcome: 'ndr', ndr: { code: '5.1.1' } };
  return nowhere;
}
