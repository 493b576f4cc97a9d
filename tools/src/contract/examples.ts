import {
  deterministicId,
  eventId,
  schemaUrn,
  type AnyChannelData,
  type ChannelFamily,
  type CoreFamily,
  type CORE_DATA,
  type CHANNEL_DATA,
  type EventType,
  type CoreEventType,
} from '@lienmach/contracts';

const PAGE = '1234567890';
const PSID = '7788990011223344';
const POST = '1234567890_5550001';
const CALL = 'c-77';

const customer = (type: 'fb_psid' | 'fb_commenter', value: string) => ({
  kind: 'customer' as const,
  identifiers: [{ type, scope: PAGE, value }],
  name: null,
});
const caller = {
  kind: 'customer' as const,
  identifiers: [{ type: 'phone' as const, scope: null, value: '+84900000123' }],
  name: null,
};

const messenger = (vendorEventId: string) => ({
  vendor: 'facebook',
  vendorEventId,
  thread: PSID,
  direction: 'inbound' as const,
  author: customer('fb_psid', PSID),
  participants: [],
  vendorData: {},
});
const feed = (vendorEventId: string) => ({
  ...messenger(vendorEventId),
  thread: POST,
  author: customer('fb_commenter', '8899001122'),
});
const pbx = (vendorEventId: string) => ({
  vendor: 'generic',
  vendorEventId,
  thread: CALL,
  direction: 'inbound' as const,
  author: caller,
  participants: [],
  vendorData: {},
  callId: CALL,
  legId: null,
  hotline: '1900000001',
});
const says = (text: string) => ({ text, attachments: [], replyTo: null });

type ChannelExamples = {
  readonly [F in ChannelFamily]: { type: EventType; data: InstanceType<(typeof CHANNEL_DATA)[F]> };
};
type CoreExamples = {
  readonly [F in CoreFamily]: { type: CoreEventType | null; data: InstanceType<(typeof CORE_DATA)[F]> };
};

/** One realistic `data` per family of channel events, without anybody's personal data. */
export const CHANNEL_EXAMPLES: ChannelExamples = {
  message: {
    type: 'message.received',
    data: {
      kind: 'message',
      ...messenger('m_Ex1'),
      content: says('Shop ơi đơn DH1024 đâu rồi? SĐT em 0900 000 123'),
      claims: [
        { type: 'order_code', value: 'DH1024', where: 'text' },
        { type: 'phone', value: '+84900000123', where: 'text' },
      ],
    },
  },
  comment: {
    type: 'comment.received',
    data: { kind: 'comment', ...feed('5550001_1'), content: says('Giá bao nhiêu ạ?'), claims: [], parent: null },
  },
  mention: {
    type: 'mention.received',
    data: { kind: 'mention', ...feed('mention|5550009|add'), content: says('Mua ở đây nè') },
  },
  edit: {
    type: 'message.edited',
    data: {
      kind: 'edit',
      ...messenger('m_Ex1|edit|1'),
      target: 'm_Ex1',
      content: says('Shop ơi đơn DH1025 đâu rồi?'),
      editNumber: 1,
    },
  },
  removal: { type: 'message.removed', data: { kind: 'removal', ...messenger('m_Ex1|removed'), target: 'm_Ex1' } },
  visibility: {
    type: 'comment.hidden',
    data: { kind: 'visibility', ...feed('5550001_1|hide|1785312610'), target: '5550001_1', hidden: true },
  },
  receipt: {
    type: 'message.read',
    data: {
      kind: 'receipt',
      ...messenger('read|7788990011223344|1795140930120'),
      targets: [],
      watermark: '2026-11-20T02:15:30.120Z',
    },
  },
  reaction: {
    type: 'reaction.added',
    data: {
      kind: 'reaction',
      ...messenger('m_Ex2|7788990011223344|react|1795140930120'),
      target: 'm_Ex2',
      reaction: 'love',
      emoji: '❤️',
    },
  },
  postback: {
    type: 'postback.received',
    data: { kind: 'postback', ...messenger('m_Ex3'), title: 'Bắt đầu', payload: 'GET_STARTED' },
  },
  referral: {
    type: 'referral.received',
    data: {
      kind: 'referral',
      ...messenger('referral|7788990011223344|1795140930120|summer'),
      ref: 'summer',
      source: 'SHORTLINK',
      adId: null,
    },
  },
  contact: {
    type: 'contact.opted-in',
    data: { kind: 'contact', ...messenger('optin|7788990011223344|1795140930120'), purpose: 'checkout' },
  },
  form: {
    type: 'form.submitted',
    data: {
      kind: 'form',
      ...messenger('form|1'),
      fields: [{ name: 'phone', value: '0900 000 123' }],
      claims: [{ type: 'phone', value: '+84900000123', where: 'form' }],
    },
  },
  handover: {
    type: 'thread.handed-over',
    data: {
      kind: 'handover',
      ...messenger('7788990011223344|1795140930120|pass'),
      action: 'passed',
      from: null,
      to: '123456789',
    },
  },
  call: {
    type: 'call.ended',
    data: {
      kind: 'call',
      ...pbx('e-3'),
      agent: { id: 'ext-101', name: null },
      queue: 'cskh',
      durationSeconds: 107,
      talkSeconds: 95,
      cause: null,
      endedBy: 'customer',
    },
  },
  recording: {
    type: 'call.recorded',
    data: { kind: 'recording', ...pbx('e-4'), url: 'https://pbx.example/recordings/c-77', durationSeconds: 95 },
  },
  keypress: { type: 'call.keyed', data: { kind: 'keypress', ...pbx('e-5'), digits: '5', purpose: 'survey' } },
  voicemail: {
    type: 'voicemail.left',
    data: { kind: 'voicemail', ...pbx('e-6'), url: 'https://pbx.example/voicemail/c-77', durationSeconds: 20 },
  },
};

const id = (name: string): string => deterministicId('derived', 'example', name);
const AT = '2026-11-20T02:15:30.120Z';

/** One realistic `data` per family that core publishes; `type` is null for a state, which is no event. */
export const CORE_EXAMPLES: CoreExamples = {
  evidence: {
    type: 'evidence.asserted',
    data: {
      evidenceId: id('evidence'),
      kind: 'claim',
      strength: 'claimed',
      pair: [id('psid'), id('phone')],
      at: AT,
      sourceEventId: id('message'),
      actor: null,
      rule: 'I3',
      reason: null,
      retracts: null,
      rulesVersion: 1,
    },
  },
  'identity-map': {
    type: null,
    data: {
      identifierId: id('phone'),
      type: 'phone',
      epoch: 1,
      personId: id('person'),
      level: 'corroborated',
      class: 'personal',
      rulesVersion: 1,
    },
  },
  'person-state': {
    type: null,
    data: {
      personId: id('person'),
      formerIds: [id('caller')],
      name: null,
      identifiers: [
        { id: id('psid'), type: 'fb_psid', scope: PAGE, value: PSID, epoch: 1, class: 'personal', level: 'verified' },
        {
          id: id('phone'),
          type: 'phone',
          scope: null,
          value: '+84900000123',
          epoch: 1,
          class: 'personal',
          level: 'corroborated',
        },
      ],
      rulesVersion: 1,
    },
  },
  'person-change': {
    type: 'person.linked',
    data: {
      before: [
        { personId: id('person'), identifiers: [id('psid')] },
        { personId: id('caller'), identifiers: [id('phone')] },
      ],
      after: [{ personId: id('person'), identifiers: [id('psid'), id('phone')] }],
      cause: 'evidence',
      rule: 'I5',
      evidenceIds: [id('evidence'), id('contact')],
      actor: null,
      rulesVersion: 1,
    },
  },
  'conversation-state': {
    type: null,
    data: {
      conversationId: id('conversation'),
      formerIds: [],
      state: 'open',
      personId: id('person'),
      channels: ['facebook', 'call'],
      ambiguous: false,
      segments: [
        {
          id: id('segment-1'),
          channel: 'facebook',
          account: PAGE,
          thread: PSID,
          startedAt: AT,
          resolvedAt: null,
          linkedBy: null,
        },
        {
          id: id('segment-2'),
          channel: 'call',
          account: 'pbx-1',
          thread: CALL,
          startedAt: '2026-11-20T02:35:00.000Z',
          resolvedAt: null,
          linkedBy: 'same-person',
        },
      ],
      clock: { waitingSince: null, stage: 'stopped', stoppedBy: id('call') },
      rulesVersion: 1,
    },
  },
  'conversation-event': {
    type: 'conversation.channel-switched',
    data: {
      conversationId: id('conversation'),
      personId: id('person'),
      segmentIds: [id('segment-2')],
      itemId: id('call'),
      from: 'facebook',
      to: 'call',
      cause: 'item',
      rule: 'T7',
      actor: null,
      rulesVersion: 1,
    },
  },
  'target-event': {
    type: 'target.stopped',
    data: {
      conversationId: id('conversation'),
      clock: id('clock'),
      startedAt: AT,
      stoppedAt: '2026-11-20T02:35:30.120Z',
      stage: 'stopped',
      workingMs: 1_200_000,
      wallMs: 1_200_000,
      stoppedBy: 'call',
    },
  },
  reply: {
    type: 'reply.requested',
    data: {
      channel: 'facebook',
      vendor: 'facebook',
      account: PAGE,
      thread: PSID,
      to: { type: 'fb_psid', scope: PAGE, value: PSID },
      text: 'Dạ đơn DH1024 đang trên đường giao ạ',
      author: 'Lan',
      lastCustomerAt: AT,
      replyTo: null,
    },
  },
  'customer-record': {
    type: 'customer.recorded',
    data: {
      crmId: 'KH-7',
      loyaltyId: null,
      phones: ['0900 000 123'],
      emails: ['lan@example.com'],
      name: 'Nguyễn Thị Lan',
      validFrom: '2026-01-15',
      validTo: null,
    },
  },
};

function channelEvent(family: string, type: string, data: AnyChannelData): object {
  const channel = data.vendor === 'facebook' ? 'facebook' : 'call';
  const account = channel === 'facebook' ? PAGE : 'pbx-1';
  const { type: identifierType, scope, value } = data.author.identifiers[0]!;
  return {
    specversion: '1.0',
    id: eventId({ tenant: 'demo', channel, vendor: data.vendor, account }, data.vendorEventId),
    source: `/${channel}/${account}`,
    type,
    time: AT,
    datacontenttype: 'application/json',
    dataschema: schemaUrn(family),
    subject: data.thread,
    tenant: 'demo',
    channel,
    account,
    identifier: `${identifierType}:${scope ?? ''}:${value}`,
    receivedtime: '2026-11-20T02:15:30.480Z',
    data,
  };
}

function coreEvent(family: string, type: string, data: object): object {
  return {
    specversion: '1.0',
    id: id(`${family}-event`),
    source: '/core',
    type,
    time: AT,
    datacontenttype: 'application/json',
    dataschema: schemaUrn(family),
    subject: id(family),
    tenant: 'demo',
    causation: id('message'),
    rulesversion: 1,
    data,
  };
}

/** An example of `data`, and of the whole event where the family is published as one. */
export interface Example {
  readonly data: object;
  readonly event: object | null;
}

/** Examples of every family. */
export function examples(): Record<string, Example> {
  const channel = Object.entries(CHANNEL_EXAMPLES).map(([family, { type, data }]): [string, Example] => [
    family,
    { data, event: channelEvent(family, type, data) },
  ]);
  const core = Object.entries(CORE_EXAMPLES).map(([family, { type, data }]): [string, Example] => [
    family,
    { data, event: type === null ? null : coreEvent(family, type, data) },
  ]);
  return Object.fromEntries([...channel, ...core]);
}
