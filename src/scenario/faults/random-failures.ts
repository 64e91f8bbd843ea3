import { z } from 'zod';
import { normalizeName } from '../../topology/index.js';
import type { Decoding } from '../decoding.js';
import { explainIssues, slipHint } from '../schema/issues.js';
import { duration, line, timePoint } from '../schema/leaves.js';
import { strictObject } from '../schema/objects.js';
import type { Fault, FaultKind, FaultSpan } from './kind.js';

/**
 * Faults of another kind that strike at random: each object fails by itself, after an exponential time without failure,
 * and is repaired after another (assumption A-random-failures). None begins before `beginMs`, none lasts beyond `endMs`.
 */
export interface RandomFailuresFault extends FaultSpan {
  readonly kind: 'random-failures';
  /** What fails, each by itself; the times of these are not theirs. */
  readonly of: readonly Fault[];
  /** From the end of a failure to the beginning of the next, in the mean. */
  readonly meanTimeBetweenMs: number;
  /** From the beginning of a failure to its end, in the mean. */
  readonly meanTimeToRepairMs: number;
}

/** Stands for every object of its kind, each of which fails by itself. */
const any = 'any';

/** The keys that name one object, and the list of the organization that it is in. */
const objectLists = { server: 'servers', site: 'sites', link: 'siteLinks', database: 'databases' } as const;

const schema = strictObject({
  kind: z.literal('random-failures'),
  // The common keys; without them it strikes from the start to the end.
  at: timePoint.optional(),
  for: duration(1).optional(),
  of: z.looseObject({ kind: line }, { error: 'expected a fault without its times' }),
  meanTimeBetween: duration(1),
  meanTimeToRepair: duration(1),
});

/**
 * The kind, over the other kinds that a fault can be of: those that last, for what happens in an instant, or lasts by
 * its own nature like a move, needs no repair.
 */
export function randomFailuresOf(
  kinds: Readonly<Record<string, FaultKind>>,
): FaultKind<typeof schema, RandomFailuresFault> {
  return {
    schema,
    decode: ({ of, meanTimeBetween, meanTimeToRepair }, span, decoding) => ({
      kind: 'random-failures',
      ...span,
      of: decodeStruck(of, span, kinds, decoding.within('of')),
      meanTimeBetweenMs: meanTimeBetween,
      meanTimeToRepairMs: meanTimeToRepair,
    }),
  };
}

function decodeStruck(
  of: { readonly kind: string; readonly [key: string]: unknown },
  span: FaultSpan,
  kinds: Readonly<Record<string, FaultKind>>,
  decoding: Decoding,
): Fault[] {
  const lasting = Object.keys(kinds).filter((each) => Object.hasOwn(kinds[each]!.schema.shape, 'for'));
  const kind = Object.hasOwn(kinds, of.kind) ? kinds[of.kind]! : undefined;
  if (kind === undefined || !lasting.includes(of.kind)) {
    const expected = lasting.map((each) => JSON.stringify(each)).join(', ');
    const message = `expected a kind that lasts: one of ${expected}, got ${JSON.stringify(of.kind)}`;
    decoding.problem(['kind'], message, slipHint(of.kind, lasting));
    return [];
  }
  for (const key of ['at', 'for']) {
    if (!Object.hasOwn(of, key)) continue;
    decoding.problem([key], `\`${key}\` stands beside \`of\`, not in it: when something fails is random`);
  }
  const { for: _, ...fields } = of;
  const given = { ...fields, at: '+0 ms' };
  if (isAny(of['domain'])) {
    decoding.problem(['domain'], 'expected a domain by its name: there is no list of all domains outside');
    return [];
  }
  const parsed = kind.schema.safeParse(given);
  if (!parsed.success) {
    for (const { path, message, hint } of explainIssues(given, parsed.error.issues)) {
      decoding.problem(path, message, hint);
    }
    return [];
  }
  return eachObject(parsed.data, kind, decoding).flatMap((one) => kind.decode?.(one, span, decoding) ?? []);
}

function isAny(value: unknown): boolean {
  return typeof value === 'string' && normalizeName(value) === normalizeName(any);
}

/** The fields, once for each object that they mean. */
function eachObject(fields: Readonly<Record<string, unknown>>, kind: FaultKind, decoding: Decoding) {
  for (const [key, list] of Object.entries(objectLists)) {
    if (!isAny(fields[key])) continue;
    return decoding.references
      .namesOf(list)
      .map((name) => ({ ...fields, [key]: name }))
      .filter((one) => kind.mayStrike?.(one, decoding.references) ?? true);
  }
  return [fields];
}
