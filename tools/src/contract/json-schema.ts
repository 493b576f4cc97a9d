/** The part of JSON Schema (draft-07) that the contract's schemas use. */
export interface JsonSchema {
  $schema?: string;
  $id?: string;
  $ref?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  definitions?: Record<string, JsonSchema>;
  examples?: unknown[];
  minLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
}

const POINTER = '#/definitions/';

export const refTo = (name: string): string => POINTER + name;

/** Name of the definition that a `$ref` points to. */
export function refName(ref: string): string {
  if (!ref.startsWith(POINTER)) throw new Error(`${ref} points outside of its own schema`);
  return ref.slice(POINTER.length);
}

/** Every subschema directly inside of a schema, definitions left out. */
export function children(schema: JsonSchema): JsonSchema[] {
  return [...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : []), ...(schema.anyOf ?? [])];
}
