import type { Organization, ServerDescription } from '../../src/topology/index.js';
import { Up } from './acceptance-by-walking.js';
import { briefRow, consideredOf } from './brief-rows.js';
import { acceptWith, decideCopy, followByWalking } from './journey-by-walking.js';
import { Landscape } from './landscape.js';
import { compareNames, hasName } from './names.js';
import type { OracleAnswer, OracleQuestion, OracleRow } from './oracle-answer.js';
import { type Addressee, Resolution } from './resolution-by-hand.js';
import { selectByWalking } from './selection-by-walking.js';
import { isEdge } from './server-roles.js';

/**
 * What `mailflow route` answers (design section 5), found by walking the organization: all simple paths, all servers,
 * all connectors, each rule taken by its words. Slow, and independent of `src/routing`.
 */
export function answerByHand(organization: Organization, question: OracleQuestion): OracleAnswer {
  const land = new Landscape(organization);
  const from = land.server(question.server);
  const head = {
    mailflow: 'route/1',
    from: { server: from.name, service: question.service, site: land.siteOf(from)! },
    messageSizeBytes: question.sizeBytes,
  } as const;
  const rest = question.service === 'transport' ? route(land, question, from) : select(land, question, from);
  return { ...head, ...rest };
}

function route(
  land: Landscape,
  question: OracleQuestion,
  from: ServerDescription,
): Pick<OracleAnswer, 'recipients' | 'queues'> {
  const addressees = resolveOn(land, question, from);
  const copy = { server: from, travellers: addressees };
  const decisions = decideCopy(land, question, copy);
  const up = new Up(land, question.outage);
  const journeys = question.follow ? followByWalking(land, question, up, copy) : [];
  const recipients = addressees.map(({ target, ...names }, place): OracleRow => {
    const decision = decisions[place]!;
    const { onward, ...facts } = decision;
    const accepted = question.outage === undefined || facts.outcome !== 'route';
    return {
      ...names,
      ...facts,
      ...(accepted ? {} : { accepted: acceptWith(land, question, up, copy, decisions, place).accepted }),
      ...journeys[place],
    };
  });
  return { recipients, queues: queuesOf(recipients) };
}

/** Who the message goes to from here; to an Edge, which has no directory, the addresses as they are. */
function resolveOn(
  land: Landscape,
  question: OracleQuestion,
  server: ServerDescription,
): readonly (Pick<Addressee, 'address'> & Partial<Addressee>)[] {
  if (isEdge(server)) {
    return withoutRepeats(question.recipients).map((address) => ({ address }));
  }
  const resolution = new Resolution(land, server, question.sender);
  for (const address of question.recipients) resolution.add(address);
  return resolution.addressees;
}

/** RT-28: recipients with the same key share a queue. */
function queuesOf(rows: readonly OracleRow[]): NonNullable<OracleAnswer['queues']> {
  const keys = new Map(
    rows.flatMap(({ queue, outcome }) =>
      outcome === 'route' && queue ? [[JSON.stringify(queue), queue] as const] : [],
    ),
  );
  return [...keys].map(([text, key]) => ({
    ...key,
    recipients: rows
      .filter(({ queue, outcome }) => outcome === 'route' && JSON.stringify(queue) === text)
      .map(({ address }) => address)
      .sort(compareNames),
  }));
}

function select(
  land: Landscape,
  question: OracleQuestion,
  from: ServerDescription,
): Pick<OracleAnswer, 'recipients' | 'selected'> {
  const addresses = withoutRepeats(question.recipients);
  const rows = addresses.map((address) => briefRow(land, question, address));
  const considered = consideredOf(rows);
  const databases = considered.map(({ destination }) => destination!.name);
  const tiers = selectByWalking(land, question, from, databases);
  const up = new Up(land, question.outage);
  const accepted = up.acceptor(from, tiers);
  const journeys =
    question.follow && accepted !== null
      ? followByWalking(land, question, up, {
          server: land.server(accepted.server),
          travellers: addresses.map((address) => ({ address })),
        })
      : [];
  const recipients = rows.map((row, place): OracleRow => {
    if (!question.follow) return row;
    return { ...row, ...(journeys[place] ?? { journey: [], end: { outcome: 'retry', server: from.name } }) };
  });
  const consideredRecipients = considered.map(({ address }) => address);
  const acceptance = question.outage === undefined ? {} : { accepted };
  return { recipients, selected: { consideredRecipients, tiers, ...acceptance } };
}

function withoutRepeats(addresses: readonly string[]): readonly string[] {
  return addresses.filter((each, place) => !hasName(addresses.slice(0, place), each));
}
