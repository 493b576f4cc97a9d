import { children, refName, type JsonSchema } from './json-schema.js';

function union(types: readonly string[]): string {
  return types.join(' | ');
}

function typeOf(schema: JsonSchema): string {
  if (schema.$ref) return refName(schema.$ref);
  if (schema.anyOf) return union(schema.anyOf.map(typeOf));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  return union([schema.type ?? []].flat().map((type) => simpleType(type, schema)));
}

function simpleType(type: string, schema: JsonSchema): string {
  if (type === 'integer') return 'number';
  if (type === 'array') return `Array<${schema.items ? typeOf(schema.items) : 'unknown'}>`;
  if (type === 'object') return 'Record<string, unknown>';
  return type;
}

const comment = (description: string | undefined, indent: string): string =>
  description ? `${indent}/** ${description.replaceAll('*/', '*\\/')} */\n` : '';

function interfaceOf(name: string, schema: JsonSchema): string {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(
    ([field, value]) =>
      `${comment(value.description, '  ')}  ${field}${required.has(field) ? '' : '?'}: ${typeOf(value)};\n`,
  );
  return `${comment(schema.description, '')}export interface ${name} {\n${fields.join('')}}\n`;
}

/** Every class that the given schemas need, by name. */
function reachable(names: readonly string[], classes: Readonly<Record<string, JsonSchema>>): string[] {
  const found = new Set<string>();
  const visit = (schema: JsonSchema): void => {
    if (schema.$ref) add(refName(schema.$ref));
    children(schema).forEach(visit);
  };
  const add = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    visit(classes[name]!);
  };
  names.forEach(add);
  return [...found].sort();
}

/** Declarations for consumers in TypeScript: one interface per class of data and one per event. */
export function consumerTypes(
  classes: Readonly<Record<string, JsonSchema>>,
  dataClasses: readonly string[],
  events: readonly JsonSchema[],
): string {
  const data = reachable(dataClasses, classes).map((name) => interfaceOf(name, classes[name]!));
  const envelopes = events.map((schema) => interfaceOf(schema.title!, schema));
  const any = `/** Any event of a history topic; \`dataschema\` tells which. */\nexport type AnyEvent =\n${events.map(({ title }) => `  | ${title}`).join('\n')};\n`;
  return `// Made by \`npm run gen\` from libs/contracts: do not edit.\n\n${[...data, ...envelopes, any].join('\n')}`;
}
