import { answerRouteQuestion, type RouteAnswer } from '../../src/experiment/index.js';
import { compileRoutingTables } from '../../src/routing/index.js';
import { buildTopology, findByName, type Organization, withActiveCopies } from '../../src/topology/index.js';
import { compareNames } from './names.js';
import type { OracleAnswer, OracleQuestion } from './oracle-answer.js';

/** The answer of the compiled tables to a question by names. */
export function answerFromTables(organization: Organization, question: OracleQuestion): RouteAnswer {
  const active = new Map(question.active.map(({ database, server }) => [database, server]));
  const topology = buildTopology(withActiveCopies(organization, active));
  const tables = compileRoutingTables(topology, { submissionReach: () => question.submissionReach });
  const indexes = (list: readonly { readonly name: string }[], names: readonly string[]) =>
    new Set(names.map((name) => findByName(list, name)));
  return answerRouteQuestion(tables, {
    server: findByName(topology.servers, question.server),
    service: question.service,
    recipients: question.recipients,
    sizeBytes: question.sizeBytes,
    sender: question.sender,
    outages: question.outage && {
      servers: indexes(topology.servers, question.outage.servers),
      sites: indexes(topology.sites, question.outage.sites),
      links: indexes(topology.siteLinks, question.outage.links),
    },
    follow: question.follow,
    delayedFanOut: () => question.fanOut,
  });
}

/**
 * An answer as text lines, one a value, that two answers can be held against each other: recipients and queues in name
 * order, without `rules` and the texts of non-delivery reports, which the oracle does not give.
 */
export function asLines(answer: RouteAnswer | OracleAnswer): readonly string[] {
  const recipients = [...answer.recipients]
    .sort((a, b) => compareNames(a.address, b.address) || (a.address < b.address ? -1 : 1))
    .map((row) => withoutKeys(row, ['rules', 'explanation']))
    .map((row) => (row.ndr ? { ...row, ndr: { code: row.ndr.code } } : row));
  const text = (value: unknown) => JSON.stringify(value);
  const queues =
    answer.queues && [...answer.queues].map(inKeyOrder).sort((a, b) => (text(a) < text(b) ? -1 : 1));
  const whole = {
    ...answer,
    recipients: Object.fromEntries(recipients.map((row) => [row.address, row])),
    queues,
  };
  return linesOf(whole, '');
}

function withoutKeys<T extends object>(value: T, keys: readonly string[]): T {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key))) as T;
}

function inKeyOrder(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Tiers, stops and queues are one line each; objects go by their keys. */
function linesOf(value: unknown, path: string): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) {
    return [
      `${path}: ${value.length} of`,
      ...value.map((each, place) => `${path}.${place}: ${textOf(each)}`),
    ];
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, part]) => linesOf(part, `${path}.${key}`));
  }
  return [`${path}: ${JSON.stringify(value)}`];
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(' ')}]`;
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => `${key}=${textOf(part)}`)
      .join(' ');
  }
  return JSON.stringify(value);
}

/** What two answers do not have in common: lines of the first with `-`, of the second with `+`. */
export function difference(expected: readonly string[], actual: readonly string[]): string[] {
  return [
    ...expected.filter((line) => !actual.includes(line)).map((line) => `- ${line}`),
    ...actual.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`),
  ];
}
