import { z } from 'zod';

/**
 * A mapping with these keys and no others. The message of its unknown keys lists the known ones, one a line, for the
 * hint, and after `!` and the key the word on each of those that are `refused` with a word of their own.
 */
export function strictObject<Shape extends z.ZodRawShape>(
  shape: Shape,
  refused: Readonly<Record<string, string>> = {},
) {
  const words = Object.entries(refused).map(([key, word]) => `!${key} ${word}`);
  const known = [...Object.keys(shape), ...words].join('\n');
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys' ? known : `expected a mapping with ${listed(Object.keys(shape))}`,
  });
}

function listed(keys: readonly string[]): string {
  const shown = keys.slice(0, 6).map((key) => `\`${key}\``);
  return `${shown.join(', ')}${keys.length > shown.length ? ', …' : ''}`;
}

/** Stands in `params` of an issue that says what is not built. */
export const notYetBuiltMark = 'not-yet-built';

/**
 * Accepts the shape, then says that the behaviour is not built, by name.
 * @param what - as the file spells it: `edgeSubscriptions`
 * @param comesWith - `it comes with …`
 * @param used - which values use it; the others pass and change nothing
 */
export function notYetBuilt<T extends z.ZodType>(
  schema: T,
  what: string,
  comesWith: string,
  used: (value: z.output<T>) => boolean = () => true,
) {
  return schema
    .superRefine((value, context) => {
      if (!used(value)) return;
      context.addIssue({
        code: 'custom',
        message: `\`${what}\` is not built yet: ${comesWith}`,
        params: { mark: notYetBuiltMark },
      });
    })
    .meta({ description: `Not built yet: ${comesWith}.` });
}

/**
 * As `notYetBuilt`, for what routing has no use for: a scenario that says it is refused, an organization file by
 * itself may say it.
 */
export function notYetSimulated<T extends z.ZodType>(schema: T, what: string, comesWith: string) {
  return notYetBuilt(schema, what, comesWith).meta({
    description: refusedInScenarios(schema.description ?? 'Routing does without it', comesWith),
  });
}

function refusedInScenarios(what: string, comesWith: string): string {
  return `${what}; refused in a scenario, for simulations do not have it yet: ${comesWith}.`;
}
