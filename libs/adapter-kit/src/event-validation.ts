import { EVENT_TYPES, JSON_SCHEMAS, type ChannelEvent, type ChannelFamily } from '@lienmach/contracts';
import { Ajv, type ValidateFunction } from 'ajv';

// lengths in UTF-16 units: the schemas ask only whether a text is empty, which need not count its characters
const ajv = new Ajv({ allErrors: false, strict: false, unicode: false, logger: false });
const compiled = new Map<ChannelFamily, ValidateFunction>();

/** Compiled at the first event of a family: no process sees them all. */
function validatorOf(family: ChannelFamily): ValidateFunction {
  let validate = compiled.get(family);
  if (!validate) {
    validate = ajv.compile(JSON_SCHEMAS[family]);
    compiled.set(family, validate);
  }
  return validate;
}

/** Whether the contract's schemas hold for an event: undefined, or a sentence that names the first field that breaks them. */
export function validateEvent(event: ChannelEvent): string | undefined {
  if (!(event.type in EVENT_TYPES)) return `type ${event.type} is not in the contract`;
  if (!event.subject) return 'subject is empty';
  const validate = validatorOf(EVENT_TYPES[event.type]);
  if (validate(event.data)) return undefined;
  const [error] = validate.errors ?? [];
  return `data${error?.instancePath ?? ''} ${error?.message ?? 'is not valid'}`;
}
