import { z } from 'zod';
import { organizationSchema } from './organization-schema.js';
import { scenarioSchema } from './scenario-schema.js';

/** The JSON Schema of organization files: what the validator accepts, before references are checked. */
export function organizationJsonSchema(): Record<string, unknown> {
  return toJsonSchema(organizationSchema, 'mailflow organization');
}

/** The JSON Schema of scenario files. */
export function scenarioJsonSchema(): Record<string, unknown> {
  return toJsonSchema(scenarioSchema, 'mailflow scenario');
}

function toJsonSchema(schema: z.ZodType, title: string): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
  return { $schema, title, ...rest };
}
