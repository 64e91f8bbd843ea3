import { z } from 'zod';
import { faultKinds } from '../faults/index.js';
import { childOf } from '../source/path.js';
import type { TimePoint } from '../units.js';
import { workloadKinds } from '../workloads/index.js';
import { slipHint } from './issues.js';
import { choice, count, duration, line, list, startPoint } from './leaves.js';
import { strictObject } from './objects.js';
import { organizationSchema } from './organization-schema.js';
import { settingsSchema } from './settings-schema.js';

/** The name of a scenario is also that of its results folder: what no file system minds. */
const scenarioName = z
  .string({ error: 'expected a name' })
  .meta({ minLength: 1, maxLength: 64 })
  .refine((text) => /^[^\p{Cc}/\\:*?"<>|]{1,64}$/u.test(text) && !/^[. ]|[. ]$/.test(text), {
    error: 'expected a name of 1 to 64 characters that can be a folder: none of / \\ : * ? " < > |',
  });

const expectedSeed = 'expected a seed: text of 1 to 200 characters, or a whole number of at most 15 digits';
const seed = z
  .union(
    [
      z.string({ error: expectedSeed }).min(1, { error: expectedSeed }).max(200, { error: expectedSeed }),
      z.int({ error: expectedSeed }),
    ],
    { error: expectedSeed },
  )
  .transform(String);

const limit = z.union([z.number(), z.string()], { error: 'expected a number, a time or a size' });

const threshold = strictObject({
  metric: line,
  below: limit.optional(),
  'at-most': limit.optional(),
  above: limit.optional(),
  'at-least': limit.optional(),
  equals: limit.optional(),
});

/** What is known of a workload's keys before its kind is asked. */
export interface WorkloadFields {
  readonly kind: keyof typeof workloadKinds;
  readonly name?: string;
  readonly start?: TimePoint;
  readonly end?: TimePoint;
  readonly [key: string]: unknown;
}

/** What is known of a fault's keys before its kind is asked; without `at` it is there from the start. */
export interface FaultFields {
  readonly kind: keyof typeof faultKinds;
  readonly at?: TimePoint;
  readonly for?: number;
  readonly [key: string]: unknown;
}

/** A mapping of one of several kinds, told apart by the key `kind`. */
function oneOfKinds<F>(kinds: Readonly<Record<string, { readonly schema: z.ZodObject }>>, what: string) {
  const words = Object.keys(kinds);
  const expected = `expected one of the kinds ${words.map((word) => JSON.stringify(word)).join(', ')}`;
  const [first, ...rest] = Object.values(kinds).map(({ schema }) => schema);
  return z
    .discriminatedUnion('kind', [first!, ...rest], {
      error: ({ input }) => {
        if (typeof input !== 'object' || input === null || Array.isArray(input)) {
          return `expected a mapping with the keys of a ${what}`;
        }
        const hint = slipHint(String(childOf(input, 'kind')), words);
        return hint === null ? expected : `${expected}\n${hint}`;
      },
    })
    .transform((fields) => fields as F);
}

const longestRunMs = 3_650 * 86_400_000;

/** All keys of a scenario but its organization. */
const ownKeys = {
  mailflow: z.literal(1, { error: 'expected 1, the version of the scenario format' }),
  name: scenarioName.optional(),
  description: z.string({ error: 'expected text' }).default(''),
  seed: seed.prefault('1'),
  start: startPoint.prefault('00:00'),
  duration: duration(1, longestRunMs),
  drain: z
    .union([choice('until-empty'), duration(0, longestRunMs)], {
      error: 'expected `until-empty` or a time with a unit (ms, s, min, h or d)',
    })
    .prefault('0 s'),
  warmUp: z
    .union([choice('auto'), duration(0, longestRunMs)], {
      error: 'expected a time with a unit (ms, s, min, h or d), or `auto`',
    })
    .prefault('0 s'),
  replications: count(1, 100_000).default(1),
  sampleEvery: duration(100, longestRunMs).prefault('1 min'),
  settings: settingsSchema.optional(),
  workloads: list(oneOfKinds<WorkloadFields>(workloadKinds, 'workload'), 'workloads').default([]),
  faults: list(oneOfKinds<FaultFields>(faultKinds, 'fault'), 'faults').default([]),
  thresholds: list(threshold, 'thresholds').default([]),
};

/** A scenario file (design 4.2). */
export const scenarioSchema = strictObject({
  ...ownKeys,
  organization: z.union([line, organizationSchema], {
    error: 'expected the path of an organization file, or an organization',
  }),
});

/** The same for a scenario whose organization is decoded apart. */
export const scenarioFrameSchema = strictObject({ ...ownKeys, organization: z.unknown().optional() });
export type ScenarioInput = z.output<typeof scenarioFrameSchema>;
