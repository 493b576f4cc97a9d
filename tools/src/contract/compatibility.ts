import { isDeepStrictEqual } from 'node:util';
import { refName, type JsonSchema } from './json-schema.js';

/** One change that a consumer of an older or newer version could not live with. */
export interface Break {
  readonly family: string;
  /** Field, as `content.attachments[].size`; empty for the family itself. */
  readonly field: string;
  readonly what: string;
}

type Schemas = Readonly<Record<string, JsonSchema>>;

interface Side {
  readonly root: JsonSchema;
  readonly schema: JsonSchema;
}

/** Everything that a reader may rely on apart from structure, which is compared field by field. */
const CONSTRAINTS = ['const', 'minLength', 'minItems', 'maxItems', 'pattern'] as const;

function resolve({ root, schema }: Side): Side {
  if (!schema.$ref) return { root, schema };
  const target = root.definitions?.[refName(schema.$ref)];
  if (!target) throw new Error(`${schema.$ref} is not defined in ${root.$id}`);
  return resolve({ root, schema: target });
}

const types = (schema: JsonSchema): string[] => [schema.type ?? []].flat().sort();

function compareProperties(released: Side, current: Side, at: string, compare: Comparison): void {
  const before = released.schema.properties ?? {};
  const after = current.schema.properties ?? {};
  const wasRequired = new Set(released.schema.required);
  const isRequired = new Set(current.schema.required);
  for (const [name, schema] of Object.entries(before)) {
    const field = at ? `${at}.${name}` : name;
    const now = after[name];
    if (!now) {
      compare.report(field, 'was removed (or renamed)');
      continue;
    }
    if (!wasRequired.has(name) && isRequired.has(name)) compare.report(field, 'became required');
    if (wasRequired.has(name) && !isRequired.has(name)) compare.report(field, 'is no longer required');
    compare.schemas({ root: released.root, schema }, { root: current.root, schema: now }, field);
  }
  for (const name of Object.keys(after)) {
    if (!(name in before) && isRequired.has(name))
      compare.report(at ? `${at}.${name}` : name, 'is new and required: a new field must be optional');
  }
}

function compareEnums(released: JsonSchema, current: JsonSchema, field: string, report: Comparison['report']): void {
  if (!released.enum && !current.enum) return;
  if (!released.enum || !current.enum)
    return report(field, `has ${current.enum ? 'now' : 'no longer'} a list of values`);
  const gone = released.enum.filter((value) => !current.enum?.includes(value));
  if (gone.length > 0) report(field, `lost the value ${gone.map(String).join(', ')}`);
}

class Comparison {
  readonly breaks: Break[] = [];
  private readonly open = new Set<string>();

  constructor(private readonly family: string) {}

  readonly report = (field: string, what: string): void => {
    this.breaks.push({ family: this.family, field, what });
  };

  schemas(releasedSide: Side, currentSide: Side, field: string): void {
    const ref = releasedSide.schema.$ref;
    if (!ref) return this.resolved(releasedSide, currentSide, field);
    if (this.open.has(ref)) return; // a type that contains itself
    this.open.add(ref);
    this.resolved(releasedSide, currentSide, field);
    this.open.delete(ref);
  }

  private resolved(releasedSide: Side, currentSide: Side, field: string): void {
    const released = resolve(releasedSide);
    const current = resolve(currentSide);
    const before = released.schema;
    const after = current.schema;
    if (!isDeepStrictEqual(types(before), types(after))) {
      this.report(field, `changed its type from ${types(before).join(' or ')} to ${types(after).join(' or ')}`);
      return;
    }
    for (const key of CONSTRAINTS) {
      if (before[key] !== after[key])
        this.report(field, `changed its ${key} from ${String(before[key])} to ${String(after[key])}`);
    }
    compareEnums(before, after, field, this.report);
    compareProperties(released, current, field, this);
    if (before.items && after.items)
      this.schemas(
        { root: released.root, schema: before.items },
        { root: current.root, schema: after.items },
        `${field}[]`,
      );
    else if (before.items ?? after.items) this.report(field, 'changed what its elements are');
    this.alternatives(released, current, field);
  }

  private alternatives(released: Side, current: Side, field: string): void {
    const before = released.schema.anyOf ?? [];
    const after = current.schema.anyOf ?? [];
    if (before.length !== after.length) this.report(field, 'changed its alternatives');
    else
      before.forEach((schema, index) =>
        this.schemas({ root: released.root, schema }, { root: current.root, schema: after[index]! }, field),
      );
  }
}

/**
 * What breaks FULL_TRANSITIVE evolution between the released schemas and the present ones: fields and families may only be added, optional,
 * and lists of values may only grow. Comparing with the last release covers the earlier ones, as each was held to the same rules.
 */
export function findBreaks(released: Schemas, current: Schemas): Break[] {
  return Object.entries(released).flatMap(([family, before]) => {
    const after = current[family];
    if (!after) return [{ family, field: '', what: 'was removed' }];
    const comparison = new Comparison(family);
    if (before.$id !== after.$id)
      comparison.report(
        '',
        `changed its id from ${before.$id} to ${after.$id}: the old version must stay beside the new one`,
      );
    comparison.schemas({ root: before, schema: before }, { root: after, schema: after }, '');
    return comparison.breaks;
  });
}
