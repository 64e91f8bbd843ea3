interface ReportedEnd {
  readonly outcome: string;
  readonly connector: string | null;
  readonly ndr: string | null;
}

interface ReportedTier {
  readonly reason: string;
  readonly site: string;
  readonly servers: readonly string[];
}

interface Both<A extends string, T> {
  readonly aspect: A;
  readonly before: T;
  readonly after: T;
}

/** One aspect of a route, before and after. */
export type ReportedDifference =
  | Both<'outcome', ReportedEnd>
  | Both<'connector', { readonly name: string; readonly addressSpaceCost: number | null }>
  | Both<'group', { readonly kind: string; readonly name: string }>
  | Both<'primary-site', string>
  | Both<'path', readonly string[]>
  | Both<'hub', string | null>
  | Both<'queue', { readonly deliveryType: string; readonly nextHopDomain: string | null }>
  | Both<'tiers', readonly ReportedTier[]>
  | Both<'proxy', readonly string[] | null>
  | Both<'size', readonly (ReportedEnd & { readonly aboveBytes: number })[]>;

/**
 * Writes one difference as labelled lines.
 * @param costs - what became of the path's cost
 */
export function differenceLines(
  difference: ReportedDifference,
  costs: string,
): readonly [label: string, lines: readonly string[]] {
  switch (difference.aspect) {
    case 'outcome':
      return ['outcome', [becomes(endText(difference.before), endText(difference.after))]];
    case 'connector': {
      const { before, after } = difference;
      const text = ({ name, addressSpaceCost }: typeof before) =>
        `${name} (address space ${addressSpaceCost})`;
      return ['connector', [becomes(text(before), text(after))]];
    }
    case 'group':
      return ['group', [becomes(difference.before.name, difference.after.name)]];
    case 'primary-site':
      return ['primary', [becomes(difference.before, difference.after)]];
    case 'path': {
      const { before, after } = difference;
      const isSame = before.length === 0 && after.length === 0;
      return ['path', [isSame ? costs : `${becomes(wayText(before), wayText(after))}; ${costs}`]];
    }
    case 'hub':
      return ['hub', [becomes(difference.before ?? 'none', difference.after ?? 'none')]];
    case 'queue':
      return ['queue', [becomes(queueText(difference.before), queueText(difference.after))]];
    case 'tiers':
      return ['tries', tierLines(difference.before, difference.after)];
    case 'proxy':
      return ['by way of', [becomes(proxyText(difference.before), proxyText(difference.after))]];
    case 'size': {
      const lines = sizeLines(difference.before, difference.after);
      return ['larger', lines.length > 0 ? lines : ['larger messages go another way than before']];
    }
  }
}

function becomes(before: string, after: string): string {
  return `${before} becomes ${after}`;
}

function endText({ outcome, connector, ndr }: ReportedEnd): string {
  if (outcome === 'ndr') return `returned (${ndr})`;
  if (outcome === 'unreachable') return 'the Unreachable queue';
  return connector === null ? 'a route' : `out by ${connector}`;
}

function wayText(sites: readonly string[]): string {
  return sites.length === 1 ? `${sites[0]} itself` : sites.join(' > ');
}

function queueText({ deliveryType, nextHopDomain }: ReportedQueue): string {
  return `${deliveryType} ${nextHopDomain === null ? 'of its own' : `"${nextHopDomain}"`}`;
}

type ReportedQueue = Extract<ReportedDifference, { aspect: 'queue' }>['before'];

function proxyText(servers: readonly string[] | null): string {
  if (servers === null) return 'nobody';
  return `Front End Transport ${servers.length === 0 ? 'of which there is none' : `on ${servers.join(', ')}`}`;
}

/** In the order in which tiers are tried. */
const reasons: readonly (readonly [reason: string, text: string])[] = [
  ['target-servers', 'target servers'],
  ['hub-site-servers', 'other servers of the hub site'],
  ['other-group-servers', 'group servers elsewhere'],
  ['primary-site-servers', 'other servers of the primary site'],
  ['backoff', 'back-off'],
];

function tierLines(before: readonly ReportedTier[], after: readonly ReportedTier[]): string[] {
  return reasons.flatMap(([reason, text]) => {
    const [old, now] = [tiersText(before, reason), tiersText(after, reason)];
    return old === now ? [] : [`${text}: ${becomes(old, now)}`];
  });
}

function tiersText(tiers: readonly ReportedTier[], reason: string): string {
  const own = tiers.filter((tier) => tier.reason === reason);
  if (own.length === 0) return 'none';
  return own
    .map(({ site, servers }) =>
      servers.length === 0 ? 'the source itself' : `${servers.join(', ')} in ${site}`,
    )
    .join('; ');
}

/** One line for each span of sizes that ends otherwise than before. */
function sizeLines(
  before: readonly (ReportedEnd & { readonly aboveBytes: number })[],
  after: readonly (ReportedEnd & { readonly aboveBytes: number })[],
): string[] {
  const limits = [...new Set([...before, ...after].map(({ aboveBytes }) => aboveBytes))]
    .filter((limit) => limit >= 0)
    .sort((a, b) => a - b);
  return limits.flatMap((limit, place) => {
    const [old, now] = [before, after].map((ends) =>
      endText(ends.findLast(({ aboveBytes }) => aboveBytes <= limit)!),
    );
    const next = limits[place + 1];
    const upTo = next === undefined ? '' : ` up to ${sizeText(next)}`;
    return old === now ? [] : [`above ${sizeText(limit)}${upTo}: ${becomes(old!, now!)}`];
  });
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
