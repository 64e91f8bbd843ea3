import { z } from 'zod';
import {
  anyAddress,
  choice,
  count,
  list,
  name,
  positive,
  size,
  smtpAddress,
  timePoint,
} from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import type { RecipientsModel, SizeModel } from './kind.js';
import { largestMessageBytes } from './message-size.js';

/** Keys that all workloads have. */
export const commonFields = {
  name: name.optional(),
  start: timePoint.optional(),
  end: timePoint.optional(),
};

const messageSize = size(1, largestMessageBytes);

/** `size` of a workload's messages. */
export const sizeField = z
  .union(
    [
      choice('typical'),
      strictObject({ fixed: messageSize }),
      strictObject({ lognormal: strictObject({ median: messageSize, p95: messageSize }) }),
    ],
    { error: 'expected `typical`, `{ fixed: 50 KB }` or `{ lognormal: { median: 5 KB, p95: 200 KB } }`' },
  )
  .transform((value, context): SizeModel => {
    if (value === 'typical') return { kind: 'typical' };
    if ('fixed' in value) return { kind: 'fixed', bytes: value.fixed };
    const { median, p95 } = value.lognormal;
    if (p95 < median) {
      context.addIssue({ code: 'custom', message: 'expected a p95 that is not below the median' });
      return z.NEVER;
    }
    return { kind: 'lognormal', medianBytes: median, p95Bytes: p95 };
  })
  .prefault('typical');

const mostRecipients = 5_000;

/** `recipients` of a workload's messages. */
export const recipientsField = z
  .union([choice('typical'), strictObject({ fixed: count(1, mostRecipients) })], {
    error: 'expected `typical` or `{ fixed: 3 }`',
  })
  .transform(
    (value): RecipientsModel =>
      value === 'typical' ? { kind: 'typical' } : { kind: 'fixed', count: value.fixed },
  )
  .prefault('typical');

/** `shape` of the day. */
export const shapeField = choice('flat', 'office-day', 'two-humps').default('flat');

/** `messagesPerSecond`. */
export const messagesPerSecondField = positive(1_000_000).optional();

export const fromField = smtpAddress;

/** One address or several. */
export const toField = z
  .union([anyAddress, list(anyAddress, 'addresses')], { error: 'expected an address or a list of addresses' })
  .transform((value) => (typeof value === 'string' ? [value] : value));
