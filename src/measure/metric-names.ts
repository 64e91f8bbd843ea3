import type { RedirectCause, TransportObserver } from '../sim/model/index.js';
import { isIndex, sameName } from './metric-reader.js';

/** The names in an organization that a metric's path may enter lists and maps by. */
export interface MetricNames {
  readonly servers: readonly string[];
  readonly sites: readonly string[];
  readonly links: readonly string[];
}

/** A name in a metric's path that nothing has, and the names that there are. */
export interface UnknownMetricName {
  readonly message: string;
  /** Where it stands in the path, from 0. */
  readonly place: number;
  readonly known: readonly string[];
  /** What would do, where names have a form instead of being known one by one. */
  readonly form?: string;
}

/** An enhanced status code of something that was not delivered. */
const ndrCode = /^[45]\.\d{1,3}\.\d{1,3}$/;

type TierReason = Parameters<TransportObserver['fallenBack']>[5];

const redirectCauses: readonly RedirectCause[] = ['active-elsewhere', 'drain'];
const fallbackReasons: readonly TierReason[] = [
  'hub-site-servers',
  'local-group-servers',
  'local-site-servers',
  'other-group-servers',
  'primary-site-servers',
];

/**
 * Finds what decoding a threshold cannot know of its metric's path: a server, link, site, cause, reason or
 * code that does not exist, and whose number would be 0 in every run. Null when there is nothing to find.
 */
export function unknownMetricName(path: readonly string[], names: MetricNames): UnknownMetricName | null {
  const [list = '', key = '', name = ''] = path;
  const has = (known: readonly string[], wanted: string) => known.some((each) => sameName(each, wanted));
  const unknown = (what: string, place: number, known: readonly string[]) => ({
    message: `no ${what} ${JSON.stringify(path[place])}`,
    place,
    known,
  });
  switch (list) {
    case 'queues': {
      const isQueue = names.servers.some((server) => sameName(key.slice(0, server.length + 1), `${server}/`));
      return isIndex(key) || isQueue || has(names.servers, key) ? null : unknown('server', 1, names.servers);
    }
    case 'servers':
      return isElement(key, names.servers) ? null : unknown('server', 1, names.servers);
    case 'links':
      return isElement(key, names.links) ? null : unknown('site link', 1, names.links);
  }
  switch (`${list}.${key}`) {
    case 'redirects.byCause':
      return has(redirectCauses, name) ? null : unknown('cause', 2, redirectCauses);
    case 'fallbacks.byReason':
      return has(fallbackReasons, name) ? null : unknown('reason', 2, fallbackReasons);
    case 'backoffs.bySite':
      return has(names.sites, name) ? null : unknown('site', 2, names.sites);
    case 'ndrs.byCode': {
      const form = 'expected n.n.n in double quotes, as ndrs.byCode."5.1.1"';
      return ndrCode.test(name) ? null : { ...unknown('status code', 2, []), form };
    }
    default:
      return null;
  }
}

function isElement(key: string, names: readonly string[]): boolean {
  return names.some((name) => sameName(name, key)) || (isIndex(key) && Number(key) < names.length);
}
