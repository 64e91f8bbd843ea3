import type { Organization } from '../../src/topology/index.js';
import type { OracleQuestion } from './oracle-answer.js';

/** The file that decodes to an organization, as JSON, which is YAML: for `mailflow route`, and to read. */
export function asFile(organization: Organization): string {
  const { name, siteLinks, connectors, mailboxes, dags, ...rest } = organization;
  return JSON.stringify({
    organization: name,
    ...rest,
    siteLinks: siteLinks.map(({ maxMessageSizeBytes, latencyMs, ...link }) => ({
      ...link,
      ...sizeOf('maxMessageSize', maxMessageSizeBytes),
      latency: `${latencyMs} ms`,
    })),
    dags,
    connectors: connectors.map(({ addressSpaces, maxMessageSizeBytes, ...connector }) => ({
      ...connector,
      addressSpaces: addressSpaces.map(({ type, space, cost }) => `${type}:${space};${cost}`),
      ...sizeOf('maxMessageSize', maxMessageSizeBytes),
    })),
    mailboxes: mailboxes.map(({ maxReceiveSizeBytes, ...mailbox }) => ({
      ...mailbox,
      ...sizeOf('maxReceiveSize', maxReceiveSizeBytes),
    })),
  });
}

function sizeOf(key: string, bytes: number): object {
  return bytes === Number.POSITIVE_INFINITY ? {} : { [key]: `${bytes} B` };
}

/** The arguments that ask a question of `mailflow route`, but for the settings, which stand in the file. */
export function asArguments(question: OracleQuestion): readonly string[] {
  const { outage } = question;
  const list = (option: string, values: readonly string[]) => (values.length > 0 ? [option, ...values] : []);
  return [
    ...['--from', question.server, '--service', question.service, '--size', `${question.sizeBytes} B`],
    ...list('--to', question.recipients),
    ...list('--sender', question.sender === undefined ? [] : [question.sender]),
    ...list('--down', outage?.servers ?? []),
    ...list('--down-site', outage?.sites ?? []),
    ...list('--down-link', outage?.links ?? []),
    ...list(
      '--active',
      question.active.map(({ database, server }) => `${database}=${server}`),
    ),
    ...(question.follow ? ['--follow'] : []),
  ];
}
