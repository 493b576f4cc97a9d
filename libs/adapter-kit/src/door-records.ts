import { randomUUID } from 'node:crypto';
import { keyPart, TOPICS, type ChannelEvent } from '@lienmach/contracts';
import type { OutgoingRecord } from '@lienmach/kafka';
import type { Door, DoorRequest } from './channel.js';
import type { DoorAccount } from './door-accounts.js';
import { isoTime } from './event-time.js';

/** How the sender of a raw record was proven. */
const PROOFS = { 'path-id': 'verified', body: 'verified', 'path-secret': 'path-secret', connection: 'none' } as const;
/** Frozen: encoded once for all records. */
const EVENT_HEADERS = Object.freeze({ 'content-type': 'application/cloudevents+json' });
/** Vendors' own headers worth keeping beside the body: signatures, delivery ids, versions. */
const KEPT = /^x-|signature/;
const SECRET = /auth|token|secret|cookie|passw|api-?key|forwarded|real-ip/;
/** Names of headers come from outside: what is remembered of them must not grow for ever. */
const REMEMBERED = 500;
const kept = new Map<string, boolean>();

function isKept(name: string): boolean {
  let answer = kept.get(name);
  if (answer === undefined) {
    answer = KEPT.test(name) && !SECRET.test(name);
    if (kept.size < REMEMBERED) kept.set(name, answer);
  }
  return answer;
}

/** The target without the unguessable segment that stands for a signature. */
function publicTarget(request: DoorRequest, secret: string | undefined): string {
  return secret === undefined ? request.target : request.target.replace(encodeURIComponent(secret), ':secret');
}

/** The request as it came: exact bytes, the vendor's headers without secrets. */
export function rawRecord(
  request: DoorRequest,
  door: Pick<Door<object>, 'accountIn'>,
  owner: DoorAccount<unknown>,
  received: number,
  secret: string | undefined,
): OutgoingRecord {
  const headers: Record<string, string> = {
    'content-type': request.headers['content-type'] ?? '',
    ce_specversion: '1.0',
    ce_id: randomUUID(),
    ce_type: 'request.received',
    ce_source: owner.source,
    ce_time: isoTime(received),
    http_method: request.method,
    http_target: publicTarget(request, secret),
    signature: PROOFS[door.accountIn],
  };
  for (const name in request.headers) {
    const value = request.headers[name];
    if (value !== undefined && isKept(name)) headers[name] = value;
  }
  return { topic: owner.rawTopic, key: owner.rawKey, value: request.body, headers };
}

/** One event of the contract, by the key of its thread. */
export function eventRecord(
  event: ChannelEvent,
  { channelTopic, rawKey }: Pick<DoorAccount<unknown>, 'channelTopic' | 'rawKey'>,
): OutgoingRecord {
  return {
    topic: channelTopic,
    key: `${rawKey}|${keyPart(event.data.thread)}`,
    value: JSON.stringify(event),
    headers: EVENT_HEADERS,
  };
}

/** The whole request once more for whoever must look at it, with what was wrong with it or with parts of it. */
export function deadLetterRecord(
  raw: OutgoingRecord,
  problems: readonly string[],
  errorName = 'MalformedPayload',
): OutgoingRecord {
  const reason = problems.join('; ');
  return {
    topic: TOPICS.deadLetter,
    key: raw.key,
    value: raw.value,
    headers: {
      ...raw.headers,
      '__connect.errors.topic': raw.topic,
      '__connect.errors.stage': 'door',
      '__connect.errors.exception.class.name': errorName,
      '__connect.errors.exception.message': reason.slice(0, 2_000),
    },
  };
}
