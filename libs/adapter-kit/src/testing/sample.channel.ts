import { createHmac, timingSafeEqual } from 'node:crypto';
import { MalformedPayload, type AnyChannelData } from '@lienmach/contracts';
import { IsArray, IsOptional, IsString } from 'class-validator';
import { defineChannel, defineDoor, defineVendor, type Door, type DoorRequest, type DraftEvent } from '../channel.js';
import { parseLosslessJson } from '../lossless-json.js';

/** A made-up vendor with a door of each kind, for the kit's own specs. */
export class SampleSettings {
  @IsString()
  secret!: string;

  @IsOptional()
  @IsArray()
  hotlines?: string[];
}

interface SamplePart {
  readonly account: string;
  readonly id: string;
  readonly kind: string;
  readonly at: number | null;
  readonly text: string;
}

export const signature = (body: Buffer | string, secret: string): string =>
  createHmac('sha256', secret).update(body).digest('hex');

function fits(request: DoorRequest, secret: string): boolean {
  const given = Buffer.from(request.headers['x-sample-signature'] ?? '');
  const wanted = Buffer.from(signature(request.method === 'GET' ? request.target : request.body, secret));
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function parse({ body }: DoorRequest): readonly SamplePart[] {
  const parts = parseLosslessJson(body);
  if (!Array.isArray(parts)) throw new MalformedPayload('expected a list');
  return parts as readonly SamplePart[];
}

function draft({ account, id, at, text }: SamplePart): DraftEvent {
  const data: Omit<AnyChannelData, 'claims'> & Record<string, unknown> = {
    kind: 'message',
    vendor: 'sample',
    vendorEventId: id,
    thread: 'u-1',
    direction: 'inbound',
    author: { kind: 'customer', identifiers: [{ type: 'fb_psid', scope: account, value: 'u-1' }], name: null },
    participants: [],
    content: { text, attachments: [], replyTo: null },
    vendorData: {},
  };
  return {
    account,
    type: 'message.received',
    time: typeof at === 'number' ? at : null,
    subject: 'u-1',
    identifier: `fb_psid:${account}:u-1`,
    data,
  };
}

const isReadable = (part: Partial<SamplePart> = {}): boolean =>
  [part.account, part.id, part.kind, part.text].every((each) => typeof each === 'string');

const inBody = defineDoor<SampleSettings, readonly SamplePart[]>({
  path: '/webhooks/sample',
  methods: ['GET', 'POST'],
  accountIn: 'body',
  contentTypes: ['application/json'],
  secretOf: ({ settings }) => settings.secret,
  peek: (body) => [...body.toString('latin1').matchAll(/"account":"([^"]+)"/g)].map(([, id]) => id!),
  handshake: ({ method, query }) =>
    method === 'GET' ? { status: 200, contentType: 'text/plain', body: query.get('challenge') ?? '' } : undefined,
  verify: (request, { settings }) => fits(request, settings.secret),
  parse,
  normalise(parts, accounts) {
    const events: DraftEvent[] = [];
    const unknown: string[] = [];
    const malformed: { account: string | null; reason: string }[] = [];
    for (const part of parts) {
      if (!isReadable(part ?? undefined)) malformed.push({ account: null, reason: 'not a message' });
      else if (part.text === 'throw') throw new TypeError('a mistake of ours');
      else if (part.kind !== 'text') unknown.push(part.kind);
      else if (!accounts(part.account)) malformed.push({ account: part.account, reason: 'unknown account' });
      else events.push(draft(part));
    }
    return { events, unknown, malformed };
  },
});

const byId: Door<SampleSettings> = {
  ...inBody,
  path: '/webhooks/sample/:account',
  methods: ['POST'],
  accountIn: 'path-id',
  handshake: undefined,
  answer: (_request, account, payload) => ({
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify({ for: account?.id, parts: (payload as readonly SamplePart[] | undefined)?.length ?? null }),
  }),
};

const bySecret: Door<SampleSettings> = {
  ...byId,
  path: '/webhooks/sample/hook/:secret',
  accountIn: 'path-secret',
  verify: () => true,
  answer: undefined,
};

export const sample = defineChannel({
  name: 'facebook',
  defaultPort: 3199,
  vendors: [
    defineVendor<SampleSettings>({
      name: 'sample',
      settings: SampleSettings,
      secrets: ['secret'],
      answerWithinSeconds: 5,
      ownNumbers: ({ hotlines = [] }) => hotlines,
      doors: [inBody, byId, bySecret],
      send: ({ id }) => Promise.resolve({ kind: 'sent', ids: [`sample-${id}`] }),
    }),
  ],
});
