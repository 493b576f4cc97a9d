import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../embedded/index.js';

/** A request of an adapter's `fixtures/`, as far as it is sent here. */
interface Fixture {
  readonly account: {
    readonly vendor?: string;
    readonly id: string;
    readonly settings: Readonly<Record<string, unknown>>;
  };
  readonly door?: string;
  readonly method?: 'GET' | 'POST';
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly raw?: string;
  readonly body?: unknown;
}

/** What a door is asked again and again. */
export interface DoorCase {
  readonly channel: string;
  readonly vendor: string;
  readonly account: Fixture['account'];
  /** The whole HTTP request. */
  readonly request: Buffer;
  readonly bodyBytes: number;
}

/** Address by which the fixtures' URLs were signed. */
export const PUBLIC_URL = 'https://hooks.example.com';

/** Of each vendor of a webhook one request, a customer's message or the ring of a call; without attachments, for those cost what a disk costs. */
const FIXTURES: readonly (readonly [channel: string, vendor: string, name: string])[] = [
  ['zalo', '', 'user-send-text'],
  ['sms', 'twilio', 'message'],
  ['sms', 'vonage', 'messages-api'],
  ['sms', 'infobip', 'two-messages'],
  ['sms', 'esms', 'message'],
  ['sms', 'speedsms', 'message'],
  ['sms', 'vcom', 'message'],
  ['call', 'generic', 'ringing'],
  ['call', 'stringee', 'answered'],
  ['call', 'twilio', 'voice-incoming'],
  ['call', 'caresoft', 'call-in'],
  ['call', 'omicall', 'ringing'],
  ['call', 'cmc', 'ringing'],
  ['call', 'cloudfone', 'ringing'],
  ['call', 'southtelecom', 'dialing'],
  ['call', 'tel4vn', 'ringing'],
  ['call', 'voicecloud', 'call-in-ring'],
  ['call', 'voip24h', 'ring'],
  ['call', 'fpt', 'target-ringing'],
  ['call', 'freeswitch', 'a-leg'],
  ['call', '3cx', 'ringing-ext'],
  ['email', 'postmark', 'no-message-id'],
  ['email', 'sendgrid', 'parsed'],
  ['email', 'mailgun', 'reply'],
];

/** Paths of doors whose fixtures name none. */
const DOORS: Readonly<Record<string, string>> = {
  'zalo/': '/webhooks/zalo',
  'call/generic': '/webhooks/call/generic/:account',
  'call/stringee': '/webhooks/call/stringee/:account',
  'call/caresoft': '/webhooks/call/caresoft/:account',
  'email/postmark': '/webhooks/email/postmark/:secret',
  'email/sendgrid': '/webhooks/email/sendgrid/:secret',
  'email/mailgun': '/webhooks/email/mailgun/:account',
};

export const doorCases = (): DoorCase[] => FIXTURES.map(([channel, vendor, name]) => caseOf(channel, vendor, name));

function caseOf(channel: string, vendor: string, name: string): DoorCase {
  const path = join(projectRoot, 'apps', `adapter-${channel}`, 'fixtures', vendor, `${name}.json`);
  const {
    account,
    door,
    method = 'POST',
    target,
    headers = {},
    raw,
    body,
  } = JSON.parse(readFileSync(path, 'utf8')) as Fixture;
  const bytes = method === 'GET' ? Buffer.alloc(0) : Buffer.from(raw ?? JSON.stringify(body));
  const where = target ?? pathOf(door ?? DOORS[`${channel}/${vendor}`] ?? '', account);
  const head = {
    host: '127.0.0.1',
    ...(method === 'POST' && { 'content-type': 'application/json', 'content-length': String(bytes.length) }),
    ...headers,
    ...proofOf(channel, vendor, bytes, account.settings),
  };
  const lines = Object.entries(head).map(([header, value]) => `${header}: ${value}\r\n`);
  const request = Buffer.concat([Buffer.from(`${method} ${where} HTTP/1.1\r\n${lines.join('')}\r\n`), bytes]);
  return { channel, vendor: vendor || channel, account, request, bodyBytes: bytes.length };
}

const pathOf = (door: string, { id, settings }: Fixture['account']): string =>
  door.replace(':account', encodeURIComponent(id)).replace(':secret', encodeURIComponent(String(settings['secret'])));

/** For fixtures that hold no proof of their own: as the vendor signs. */
function proofOf(channel: string, vendor: string, body: Buffer, settings: Fixture['account']['settings']): object {
  const by = (algorithm: string, name: string) => createHmac(algorithm, String(settings[name])).update(body);
  switch (`${channel}/${vendor}`) {
    case 'zalo/': {
      const timestamp = /"timestamp":"(\d+)"/.exec(body.toString())?.[1] ?? '';
      const text = `${String(settings['appId'])}${body.toString()}${timestamp}${String(settings['oaSecret'])}`;
      return { 'x-zevent-signature': `mac=${createHash('sha256').update(text).digest('hex')}` };
    }
    case 'sms/vonage': {
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const hash = createHash('sha256').update(body).digest('hex');
      const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: 'Vonage', payload_hash: hash })}`;
      const signature = createHmac('sha256', String(settings['signatureSecret'])).update(signed).digest('base64url');
      return { authorization: `Bearer ${signed}.${signature}` };
    }
    case 'call/generic':
      return { 'x-lienmach-signature': `sha256=${by('sha256', 'secret').digest('hex')}` };
    case 'call/stringee':
      return { 'x-stringee-signature': by('sha1', 'signingSecret').digest('base64') };
    case 'call/caresoft':
      return { 'x-hub-signature': by('sha1', 'signingSecret').digest('hex').toUpperCase() };
    default:
      return {};
  }
}
