/** A JSON Schema as zod writes it: the keywords that the walk understands, and no others. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** One thing that a file can say: a value at a place, one of several words there, or a kind of value. */
export interface Leaf {
  /** `siteLinks[].cost`, `behavior="2016"`, `workloads[arrivals].size<1>.fixed`. */
  readonly id: string;
  /** Keys and, for elements of lists, 0. */
  readonly path: readonly (string | number)[];
  /** The kind of workload or fault that the leaf belongs to. */
  readonly kind: string | undefined;
  /** The value, where the schema leaves no choice. */
  readonly fixed: { readonly value: unknown } | undefined;
  readonly schema: JsonSchema;
}

/** Keywords that say what a value looks like, not where further values are. */
const describing = new Set([
  ...['$schema', 'title', 'description', 'default', 'required', 'type', 'pattern', 'propertyNames'],
  ...['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum'],
]);

/** Every leaf of a schema, in its order. Throws at a keyword that it does not know: nothing is passed over. */
export function leavesOf(schema: JsonSchema): Leaf[] {
  return walk(schema, { id: '', path: [], kind: undefined });
}

interface Place {
  readonly id: string;
  readonly path: readonly (string | number)[];
  readonly kind: string | undefined;
}

function walk(schema: JsonSchema, place: Place): Leaf[] {
  const { properties, items, anyOf, oneOf, enum: words, const: word, additionalProperties, ...rest } = schema;
  const unknown = Object.keys(rest).filter((keyword) => !describing.has(keyword));
  if (unknown.length > 0) throw new Error(`the walk does not know ${unknown.join(', ')} at ${place.id}`);
  const fixed = (value: unknown): Leaf => ({
    ...place,
    id: `${place.id}=${JSON.stringify(value)}`,
    fixed: { value },
    schema,
  });

  if (word !== undefined) return [fixed(word)];
  if (Array.isArray(words)) return words.map(fixed);
  const { type } = schema;
  if (Array.isArray(type))
    return type.flatMap((each) => walk({ ...schema, type: each }, { ...place, id: `${place.id}<${each}>` }));
  if (type === 'boolean') return [false, true].map(fixed);
  if (Array.isArray(anyOf)) {
    return anyOf.flatMap((each: JsonSchema, index) => walk(each, { ...place, id: `${place.id}<${index}>` }));
  }
  if (Array.isArray(oneOf)) return oneOf.flatMap((each: JsonSchema) => walkKind(each, place));
  if (items !== undefined) {
    const { id, path, kind } = place;
    return walk(items as JsonSchema, { id: `${id}[]`, path: [...path, 0], kind });
  }
  if (properties !== undefined) {
    // A schema of known keys says that it knows them all; what it says of others would be a leaf.
    const further =
      additionalProperties === false || Object.keys(additionalProperties as object).length === 0;
    if (!further) throw new Error(`the walk does not know additional properties at ${place.id}`);
    return Object.entries(properties as Record<string, JsonSchema>).flatMap(([key, each]) =>
      walk(each, {
        id: place.id === '' ? key : `${place.id}.${key}`,
        path: [...place.path, key],
        kind: place.kind,
      }),
    );
  }
  return [{ ...place, fixed: undefined, schema }];
}

/** A member of a list of several kinds, told apart by `kind`. */
function walkKind(schema: JsonSchema, place: Place): Leaf[] {
  const { kind: kindSchema } = schema['properties'] as Record<string, JsonSchema>;
  const kind = kindSchema?.['const'];
  if (typeof kind !== 'string') throw new Error(`the walk finds no kind at ${place.id}`);
  return walk(schema, { ...place, id: place.id.replace(/\[\]$/, `[${kind}]`), kind });
}
