import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { decodeOrganization, parseSizeBytes } from '../../src/scenario/index.js';
import { findMismatch } from '../conformance/pattern.js';
import type { FanOut, OracleAnswer, OracleQuestion, Service } from './oracle-answer.js';
import { answerByHand } from './route-oracle.js';

interface WorkedExample {
  readonly id: string;
  readonly title: string;
  /** Relative to the folder of the worked examples. */
  readonly organization: string;
  readonly args: readonly string[];
  readonly expect: unknown;
}

const fileOf = (name: string) => fileURLToPath(new URL(`../conformance/${name}`, import.meta.url));

const examples = JSON.parse(readFileSync(fileOf('cases.json'), 'utf8')) as readonly WorkedExample[];

/** The values of each option, by its name. */
function readOptions(args: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const options = new Map<string, string[]>();
  let values: string[] = [];
  for (const arg of args) {
    if (!arg.startsWith('--')) values.push(arg);
    else {
      values = [];
      options.set(arg, values);
    }
  }
  return options;
}

function readQuestion(args: readonly string[], fanOut: FanOut): OracleQuestion {
  const options = readOptions(args);
  const values = (name: string) => options.get(name) ?? [];
  const [servers, sites, links] = [values('--down'), values('--down-site'), values('--down-link')];
  const isCut = servers.length + sites.length + links.length > 0;
  return {
    server: values('--from')[0]!,
    service: (values('--service')[0] ?? 'transport') as Service,
    recipients: values('--to'),
    sizeBytes: parseSizeBytes(values('--size')[0] ?? '100 KB'),
    outage: isCut ? { servers, sites, links } : undefined,
    active: values('--active').map((pair) => {
      const [database = '', server = ''] = pair.split('=');
      return { database, server };
    }),
    follow: options.has('--follow'),
    fanOut,
    submissionReach: 'any-site',
  };
}

/** The oracle has codes only; the examples ask for some text. */
function withTexts(answer: OracleAnswer): unknown {
  const recipients = answer.recipients.map((row) =>
    row.ndr === undefined ? row : { ...row, ndr: { ...row.ndr, text: 'not the business of the oracle' } },
  );
  return { ...answer, recipients };
}

test.each(examples.map((each) => [each.id, each.title, each] as const))(
  'the oracle is right on its own: %s: %s',
  (_id, _title, example) => {
    const content = readFileSync(fileOf(example.organization));
    const { organization, settings } = decodeOrganization(content, example.organization);
    const question = readQuestion(example.args, settings.transport.delayedFanOut as FanOut);
    expect(findMismatch(example.expect, withTexts(answerByHand(organization, question)))).toBeNull();
  },
);
