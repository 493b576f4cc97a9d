import { requiredText, restOf, textOf, type Fields } from '@lienmach/adapter-kit';

/**
 * 3CX has no webhook of its own; this is what its add-ons post. https://creomate.com/3cx-webhook-documentation,
 * https://webhooks.k2msoftware.com/Document/WebhookDocs (the same with names in capitals)
 */
export interface ThreeCxPayload {
  readonly event: string;
  readonly callId: string;
  readonly customer: string | null;
  /** Extension, queue or menu. */
  readonly user: string | null;
  /** ext, queue, other. */
  readonly userType: string | null;
  readonly hotline: string | null;
  /** NotDef, Blind, Accomp: how the user came to the call. */
  readonly transferType: string | null;
  /** Ok, Missed. */
  readonly finishType: string | null;
  /** The user has handed the call on: it is not over. */
  readonly isHandedOn: boolean;
  /** External, Internal, Undef. */
  readonly endedBy: string | null;
  readonly talkSeconds: number | null;
  readonly recordings: readonly string[];
  readonly transcript: string | null;
  readonly rest: Readonly<Record<string, unknown>>;
}

const FIELDS: ReadonlySet<string> = new Set([
  'event',
  'id',
  'callerid',
  'user',
  'usertype',
  'did',
  'inbound_did',
  'trtype',
  'finishtype',
  'transfer',
  'breakside',
  'duration',
  'files',
  'fileurls',
  'transcription',
]);

/** @throws MalformedPayload */
export function readThreeCx(body: Fields): ThreeCxPayload {
  const fields = Object.fromEntries(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    event: requiredText(fields, 'event'),
    // the part behind the hyphen counts who has answered: 0 while it rings, 1 the first, 2 after a transfer
    callId: requiredText(fields, 'id').replace(/(?<=.)-\d+$/, ''),
    customer: textOf(fields, 'callerid'),
    user: textOf(fields, 'user'),
    userType: textOf(fields, 'usertype'),
    hotline: numberOfRule(textOf(fields, 'inbound_did')) ?? numberOfRule(textOf(fields, 'did')),
    transferType: textOf(fields, 'trtype'),
    finishType: textOf(fields, 'finishtype'),
    isHandedOn: /^true$/i.test(textOf(fields, 'transfer') ?? ''),
    endedBy: textOf(fields, 'breakside'),
    talkSeconds: secondsIn(textOf(fields, 'duration') ?? textOf(fields, 'title')),
    recordings: [fields['files'], fields['fileurls']]
      .flat()
      .filter((url): url is string => typeof url === 'string' && url !== ''),
    transcript: textOf(fields, 'transcription'),
    rest: restOf(fields, FIELDS),
  };
}

/** A rule for incoming numbers is named by its number, mostly: `DID-842470000001`. */
const numberOfRule = (name: string | null): string | null => /^(?:DID-?)?(\+?\d{4,15})$/i.exec(name ?? '')?.[1] ?? null;

/** `0:43`, `1:02:03`, or a title that ends with it in brackets. */
function secondsIn(text: string | null): number | null {
  const found = /(?:^|\()(?:(\d+):)?(\d+):(\d\d)\)?$/.exec(text ?? '');
  if (!found) return null;
  const [hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0)) as [number, number, number];
  return (hours * 60 + minutes) * 60 + seconds;
}
