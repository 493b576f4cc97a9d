import { getMetadataStorage } from 'class-validator';
import { targetConstructorToSchema, validationMetadatasToSchemas } from 'class-validator-jsonschema';

type Schema = Readonly<Record<string, unknown>>;

/**
 * JSON Schema (draft 7) of a class of settings, for those who check and edit accounts without knowing the vendor. Unknown settings are refused, nested classes
 * stand under `definitions`, and a setting whose class says in its own words what is expected has these as its `errorMessage`.
 */
export function settingsSchema(settings: new () => object): object {
  let schema = known.get(settings);
  if (!schema) known.set(settings, (schema = schemaOf(settings)));
  return schema;
}

/** A class says the same for ever, and asking it is slow. */
const known = new WeakMap<new () => object, object>();

function schemaOf(settings: new () => object): object {
  const words = ownWords(settings);
  const { properties = {}, ...schema } = targetConstructorToSchema(settings);
  const described = Object.fromEntries(
    Object.entries(properties).map(([name, property]): [string, unknown] => {
      const expected = words.get(name);
      return [name, expected ? { ...property, errorMessage: [...expected].join('; ') } : property];
    }),
  );
  return closed({ ...schema, properties: described, definitions: nestedIn(described) });
}

/** What `message` says of each setting. */
function ownWords(settings: new () => object): Map<string, Set<string>> {
  const words = new Map<string, Set<string>>();
  for (const { propertyName, message } of getMetadataStorage().getTargetValidationMetadatas(
    settings,
    '',
    true,
    false,
  )) {
    if (typeof message !== 'string' || message.includes('$')) continue;
    words.set(propertyName, (words.get(propertyName) ?? new Set()).add(message));
  }
  return words;
}

/** The classes that the properties refer to, by name. */
function nestedIn(properties: Schema): Schema {
  const names = [...JSON.stringify(properties).matchAll(/"#\/definitions\/(\w+)"/g)];
  if (names.length === 0) return {};
  const all = validationMetadatasToSchemas() as Record<string, Schema>;
  return Object.fromEntries(names.map(([, name]) => [name!, closed(all[name!]!)]));
}

const closed = (schema: Schema): Schema => ({ ...schema, additionalProperties: false });
