import { plainText } from './quantities.js';

interface Named {
  readonly kind: string;
  readonly name: string;
}

interface QueueKey {
  readonly deliveryType: string;
  readonly nextHopDomain: string;
}

interface ReportedTier {
  readonly reason: string;
  readonly site: string;
  readonly servers: readonly string[];
}

interface ReportedOutcome {
  readonly rule: string;
  readonly decided: boolean;
  readonly text: string;
}

type ReportedAcceptance = { readonly server: string; readonly tier: number } | null;

interface ReportedRecipient {
  readonly address: string;
  readonly expandedFrom?: string;
  readonly forwardedFrom?: string;
  readonly forwardedTo?: string;
  readonly outcome: string;
  readonly ndr?: { readonly code: string; readonly text: string };
  readonly destination: Named | null;
  readonly destinationGroup: Named | null;
  readonly nextHopGroup?: Named | null;
  readonly queue?: QueueKey | null;
  readonly path?: { readonly sites: readonly string[]; readonly cost: number; readonly hops: number } | null;
  readonly addressSpaceCost?: number;
  readonly primarySite?: string | null;
  readonly hubSite?: string | null;
  readonly tiers?: readonly ReportedTier[];
  readonly proxy?: { readonly service: string; readonly servers: readonly string[] };
  readonly rules?: readonly string[];
  readonly explanation?: readonly ReportedOutcome[];
  readonly accepted?: ReportedAcceptance;
  readonly journey?: readonly {
    readonly server: string;
    readonly queue: QueueKey;
    readonly accepted: ReportedAcceptance;
  }[];
  readonly end?: { readonly outcome: string; readonly server: string };
}

/** What the text form shows of a `route/1` answer (design section 5). */
export interface RouteReport {
  readonly from: { readonly server: string; readonly service: string; readonly site: string | null };
  readonly messageSizeBytes: number;
  readonly recipients: readonly ReportedRecipient[];
  readonly queues?: readonly (QueueKey & { readonly recipients: readonly string[] })[];
  readonly selected?: {
    readonly consideredRecipients: readonly string[];
    readonly tiers: readonly ReportedTier[];
    readonly explanation?: readonly ReportedOutcome[];
    readonly accepted?: ReportedAcceptance;
  };
}

/** One labelled part of a recipient's block; further lines stand under the first. */
type Part = readonly [label: string, lines: readonly string[]];

const services: Readonly<Record<string, string>> = {
  transport: 'Transport',
  'front-end': 'Front End Transport',
  submission: 'Mailbox Transport Submission',
};

const reasons: Readonly<Record<string, string>> = {
  'target-servers': 'target servers',
  'hub-site-servers': 'other servers of the hub site',
  'other-group-servers': 'other servers of the delivery group',
  'primary-site-servers': 'other servers of the primary site',
  backoff: 'back-off along the path',
  'local-site-servers': 'servers of the local site',
  'local-group-servers': 'servers of the local delivery group',
};

/** Writes a route answer as plain text that reads well in a ticket: no colours, lines end in `\n`. */
export function formatRouteText(report: RouteReport): string {
  const { from, recipients, selected, queues } = report;
  const service = services[from.service] ?? from.service;
  const blocks = [
    oneLine(
      `${service} on ${from.server} (${from.site === null ? 'subscribed to no site' : `site ${from.site}`}), message of ${sizeText(report.messageSizeBytes)}`,
    ),
    ...(selected === undefined ? [] : [block('One server for the message', selectionParts(selected))]),
    ...recipients.map((recipient) => block(title(recipient), recipientParts(recipient))),
  ];
  if (queues !== undefined && queues.length > 0) {
    const lines = queues.map((queue) => oneLine(`  ${queueText(queue)}: ${queue.recipients.join(', ')}`));
    blocks.push([oneLine(`Queues on ${from.server}`), ...lines].join('\n'));
  }
  return `${blocks.join('\n\n')}\n`;
}

function title({ address, expandedFrom, forwardedFrom, forwardedTo }: ReportedRecipient): string {
  const origins = [
    ...(expandedFrom === undefined ? [] : [`member of ${expandedFrom}`]),
    ...(forwardedFrom === undefined ? [] : [`forwarded from ${forwardedFrom}`]),
    ...(forwardedTo === undefined ? [] : [`forwarded to ${forwardedTo}`]),
  ];
  return oneLine(origins.length === 0 ? address : `${address} (${origins.join(', ')})`);
}

function proxyText({ servers }: NonNullable<ReportedRecipient['proxy']>): string {
  return servers.length === 0
    ? 'Front End Transport of the own site, which has none'
    : `Front End Transport on ${servers.join(', ')}`;
}

function selectionParts({
  consideredRecipients,
  tiers,
  accepted,
  explanation,
}: NonNullable<RouteReport['selected']>): Part[] {
  const considered = consideredRecipients.length === 0 ? 'no mailbox' : consideredRecipients.join(', ');
  return [
    ['chosen by', [considered]],
    ['tries', tierLines(tiers)],
    ['accepted', accepted === undefined ? [] : [acceptanceText(accepted, 'nobody')]],
    ['because', explanationLines(explanation)],
  ];
}

function recipientParts(recipient: ReportedRecipient): Part[] {
  const { ndr, queue, path, tiers, proxy, accepted, journey, end, rules, explanation, outcome } = recipient;
  const outcomes: Readonly<Record<string, string>> = {
    ndr: ndr === undefined ? 'returned' : `returned: ${ndr.text}`,
    unreachable: 'no route: the message waits in the Unreachable queue',
  };
  return [
    ['outcome', outcome === 'route' ? [] : [outcomes[outcome] ?? outcome]],
    ['to', destinationLines(recipient)],
    ['queue', queue === undefined || queue === null ? [] : [queueText(queue)]],
    ['path', path === undefined || path === null ? [] : [pathText(recipient, path)]],
    ['tries', tiers === undefined ? [] : tierLines(tiers)],
    ['proxy', proxy === undefined ? [] : [proxyText(proxy)]],
    ['accepted', accepted === undefined ? [] : [acceptanceText(accepted, 'nobody: it stays in Retry')]],
    [
      'journey',
      (journey ?? []).map(
        (stop) => `${stop.server}: ${queueText(stop.queue)} -> ${stop.accepted?.server ?? 'nobody, Retry'}`,
      ),
    ],
    ['end', end === undefined ? [] : [`${end.outcome} at ${end.server}`]],
    ['rules', rules === undefined || rules.length === 0 ? [] : [rules.join(', ')]],
    ['because', explanationLines(explanation)],
  ];
}

function destinationLines({ destination, destinationGroup, nextHopGroup }: ReportedRecipient): string[] {
  if (destination === null) return [];
  const lines = [`${words(destination.kind)} ${destination.name}`];
  if (destinationGroup !== null)
    lines.push(`delivery group ${destinationGroup.name} (${words(destinationGroup.kind)})`);
  const stop =
    nextHopGroup !== undefined && nextHopGroup !== null && nextHopGroup.name !== destinationGroup?.name;
  if (stop) lines.push(`by way of ${nextHopGroup.name} (${words(nextHopGroup.kind)})`);
  return lines;
}

function pathText(
  { primarySite, hubSite, addressSpaceCost }: ReportedRecipient,
  { sites, cost, hops }: NonNullable<ReportedRecipient['path']>,
): string {
  const address = addressSpaceCost === undefined ? '' : ` + ${addressSpaceCost} for the address space`;
  const hub = hubSite === undefined || hubSite === null ? '' : `, hub ${hubSite}`;
  const count = `${hops} ${hops === 1 ? 'hop' : 'hops'}`;
  return `${sites.join(' > ')}; cost ${cost}${address}, ${count}; primary site ${primarySite ?? '-'}${hub}`;
}

function tierLines(tiers: readonly ReportedTier[]): string[] {
  return tiers.map(({ reason, site, servers }, place) => {
    return `${place + 1}. ${servers.join(', ')} in ${site}: ${reasons[reason] ?? reason}`;
  });
}

function acceptanceText(accepted: ReportedAcceptance, nobody: string): string {
  return accepted === null ? nobody : `${accepted.server}, try ${accepted.tier}`;
}

/** A rule that changed nothing stands in brackets. */
function explanationLines(explanation: readonly ReportedOutcome[] | undefined): string[] {
  return (explanation ?? []).map(({ rule, decided, text }) =>
    decided ? `${rule}: ${text}` : `(${rule}: ${text})`,
  );
}

function queueText({ deliveryType, nextHopDomain }: QueueKey): string {
  return `${deliveryType} "${nextHopDomain}"`;
}

function words(kind: string): string {
  return kind.replaceAll('-', ' ').replace('routable dag', 'routable DAG').replace('ad site', 'AD site');
}

function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit++;
  }
  return `${Math.round(value * 100) / 100} ${units[unit]!}`;
}

/** Addresses are other people's text. */
function oneLine(text: string): string {
  return plainText(text, Number.POSITIVE_INFINITY);
}

/** Parts without lines are left out; labels are padded to one width. */
function block(head: string, parts: readonly Part[]): string {
  const shown = parts.filter(([, lines]) => lines.length > 0);
  const width = Math.max(0, ...shown.map(([label]) => label.length));
  const lines = shown.flatMap(([label, own]) =>
    own.map((line, place) => oneLine(`  ${(place === 0 ? label : '').padEnd(width)}  ${line}`)),
  );
  return [head, ...lines].join('\n');
}
