import { metricMeanings } from '../../src/measure/index.js';
import { type TableName, tableColumns } from '../../src/measure/tables/columns.js';
import { stages } from '../../src/sim/model/index.js';
import { ndrReasons } from '../../src/sim/model/ndr.js';

type ColumnMeanings = {
  readonly [T in TableName]: {
    readonly row: string;
    readonly columns: Readonly<Record<(typeof tableColumns)[T][number], string>>;
  };
};

const replication = 'counts from 1';
const message = 'its number within the replication, from 1 in order of submission';

const stageColumns = Object.fromEntries(
  stages.map((stage) => [`${stage}Ms`, `time in the stage \`${stage}\`; empty while pending`]),
) as Readonly<Record<`${(typeof stages)[number]}Ms`, string>>;

/** What the rows and columns of the CSV files mean. */
export const tableMeanings: ColumnMeanings = {
  timeline: {
    row: 'a sample interval; counts are those of the interval',
    columns: {
      replication,
      timeMs: 'the end of the interval',
      submitted: 'recipients of new mail, notifications left out',
      delivered: 'recipients',
      returned: 'recipients, those that expired left out',
      inFlight: 'messages that have not ended, at the end of the interval',
      queued: 'copies of these in all queues but the Submission queues, waiting and being sent',
      redirects: 'recipients',
      retries: 'attempts from number 1 on, by when they started',
      fallbacks: 'messages',
      backoffs: 'messages',
    },
  },
  queues: {
    row: 'a queue at the end of a sample interval in which it held something; the Submission queue, with the categorizer, has the delivery type `Undefined`',
    columns: {
      replication,
      timeMs: 'the end of the interval',
      server: 'whose queue it is',
      deliveryType: 'as Exchange spells it',
      nextHopDomain: 'where it leads',
      length: 'messages, waiting and being sent',
      oldestMs:
        'age of the oldest message since its submission; of a Submission queue that holds something: empty',
      status: '`Active`, `Connecting`, `Ready` or `Retry`',
      velocity: 'messages a second out less messages a second in, over the last minute (QU-09)',
    },
  },
  redirects: {
    row: 'a recipient whose message was sent elsewhere',
    columns: {
      replication,
      timeMs: 'when it was refused, or moved',
      message,
      recipient: 'address',
      server: 'which had sent it',
      database: 'which the mailbox is in; empty for a drain',
      believedServer: 'which was believed to hold the active copy, and refused; empty for a drain',
      activeServer: 'which held it; of a drain the server that took the message',
      cause: '`active-elsewhere` or `drain`',
    },
  },
  ndrs: {
    row: 'a recipient that was returned or expired, whether anybody could be told or not',
    columns: {
      replication,
      timeMs: 'when that was decided',
      message,
      recipient: 'address',
      server: 'which decided; empty: the sending system outside',
      code: 'enhanced status code',
      text: 'of the report',
      rule: 'that leads to it',
    },
  },
  backoffs: {
    row: 'a message that a tier other than the first accepted: a fallback or a back-off',
    columns: {
      replication,
      timeMs: 'when it was accepted',
      message,
      server: 'which sent it',
      nextHopDomain: 'of its queue; from front ends and submission the delivery group',
      tier: 'the number of the tier, from 1',
      reason: 'of the tier, as `mailflow route` names it',
      site: 'of the tier',
      acceptedBy: 'server',
    },
  },
  retries: {
    row: 'an attempt of a queue, or of one message, that failed, or got through after failures',
    columns: {
      replication,
      timeMs: 'when the attempt started',
      server: 'whose queue it is',
      deliveryType: 'of the queue',
      nextHopDomain: 'of the queue',
      attempt: '0: the first that failed; 1: the first retry, …',
      stage: '`glitch`, `transient`, `interval`, `mailbox`, or `message` for one message by itself',
      outcome: '`failed` or `connected`',
      durationMs: 'length of the attempt',
      queueLength: 'messages in the queue when it ended',
    },
  },
  faults: {
    row: 'the beginning or end of a fault, or what came of it',
    columns: {
      replication,
      timeMs: 'when',
      kind: 'of the fault; of effects also `failover`, `dismount`, `mount`, `safety-net`, `back-pressure`',
      subject: 'what it is about',
      phase: '`begin`, `end` or `effect`',
    },
  },
  links: {
    row: 'a site link in a sample interval',
    columns: {
      replication,
      timeMs: 'the end of the interval',
      link: 'name',
      bytes: 'that crossed it in the interval, both directions together, transfers under way included',
      utilization: 'share of what it could have carried; 0 where it is unlimited',
    },
  },
  latency: {
    row: 'a sample interval: how long the recipients delivered in it had waited, warm-up included, no notifications',
    columns: {
      replication,
      timeMs: 'the end of the interval',
      delivered: 'recipients, inside and outside',
      meanMs: 'from submission to delivery; empty without a delivery, as the next three',
      p50Ms: 'half take no longer',
      p95Ms: '95 % take no longer',
      maxMs: 'the longest',
    },
  },
  messages: {
    row: 'a recipient, with `--messages`: those that ended, in that order, then those that are pending',
    columns: {
      replication,
      message,
      recipient: 'address',
      submittedMs: 'when the message was submitted',
      end: '`delivered`, `returned`, `expired`, `lost` or `pending`',
      endMs: 'when; empty while pending',
      server: 'where it ended or is; empty outside the organization',
      hops: 'Transport services that accepted it; empty while pending',
      ...stageColumns,
    },
  },
};

function nonDeliveryTable(): string {
  const reasons = Object.values(ndrReasons).sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  const rows = reasons.map(({ code, text, rule }) => `| ${code} | \`${text}\` | ${rule} |`);
  return ['| code | text | rule |', '| --- | --- | --- |', ...rows].join('\n');
}

function fileTables(): string {
  return Object.entries(tableColumns)
    .map(([name, columns]) => {
      const { row, columns: meanings } = tableMeanings[name as TableName];
      const meaningOf: Readonly<Record<string, string>> = meanings;
      const rows = columns.map((column) => `| \`${column}\` | ${meaningOf[column]} |`);
      return [`**\`${name}.csv\`**: ${row}`, '', '| column | meaning |', '| --- | --- |', ...rows].join('\n');
    })
    .join('\n\n');
}

function metricTable(): string {
  const rows = metricMeanings.map(
    ({ metric, unit, meaning, covers }) => `| \`${metric}\` | ${unit} | ${meaning} | ${covers} |`,
  );
  return ['| metric | unit | meaning | covers |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const generated = {
  'non-deliveries': nonDeliveryTable,
  tables: fileTables,
  metrics: metricTable,
} as const satisfies Record<string, () => string>;

const sections = /(<!-- ([a-z-]+): generated by npm run docs -->\n)[\s\S]*?(<!-- end -->)/g;

/** docs/model.md with its generated parts made anew. */
export function modelPage(page: string): string {
  return page.replace(sections, (_, begin: string, name: string, end: string) => {
    if (!Object.hasOwn(generated, name)) throw new RangeError(`nothing generates ${name}`);
    return `${begin}\n${generated[name as keyof typeof generated]()}\n\n${end}`;
  });
}

/** The names of the parts that are generated, in the order of the page. */
export function generatedParts(page: string): readonly string[] {
  return [...page.matchAll(sections)].map(([, , name]) => name!);
}

/** What of the page is written by hand. */
export function handWritten(page: string): string {
  return page.replace(sections, '');
}
