import { requiredText, restOf, textOf, type Fields } from '@lienmach/adapter-kit';

/** An SMS to a short code. https://smbplusvn.freshservice.com/support/solutions/articles/24000046090 */
export interface VcomMessage {
  readonly kind: 'message';
  readonly id: string;
  readonly phone: string;
  readonly shortCode: string | null;
  readonly text: string | null;
  readonly time: number | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

export type VcomPayload = VcomMessage | { readonly kind: 'other'; readonly name: string };

const FIELDS: ReadonlySet<string> = new Set([
  'type',
  'client_id',
  'request_id',
  'service_id',
  'message',
  'phone',
  'time',
  'checksum',
]);
/** `recovery`: sent once more because somebody asked for it. */
const TYPES: ReadonlySet<string> = new Set(['new', 'recovery']);

/** @throws MalformedPayload */
export function readVcom(fields: Fields): VcomPayload {
  const type = textOf(fields, 'type') ?? 'new';
  if (!TYPES.has(type)) return { kind: 'other', name: `type ${type}` };
  return {
    kind: 'message',
    id: requiredText(fields, 'request_id'),
    phone: requiredText(fields, 'phone'),
    shortCode: textOf(fields, 'service_id'),
    text: textOf(fields, 'message'),
    time: secondsIn(fields, 'time'),
    rest: { ...restOf(fields, FIELDS), ...(type === 'recovery' && { type }) },
  };
}

function secondsIn(fields: Fields, name: string): number | null {
  const seconds = Number(textOf(fields, name) ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : null;
}
