import { eventId, schemaUrn, type ChannelEvent, type MessageData } from '@lienmach/contracts';

/** A message of a chat as an adapter publishes it; for specs. */
export function messageEvent(
  changes: Partial<Omit<ChannelEvent<MessageData>, 'data'>> & { data?: Partial<MessageData> } = {},
): ChannelEvent<MessageData> {
  const { data, ...envelope } = changes;
  const customer = { type: 'web_visitor' as const, scope: 'page-1', value: 'visitor-1' };
  const whole: MessageData = {
    kind: 'message',
    vendor: 'chat',
    vendorEventId: 'm-1',
    thread: 'visitor-1',
    direction: 'inbound',
    author: { kind: 'customer', identifiers: [customer], name: null },
    participants: [],
    content: { text: 'Shop ơi', attachments: [], replyTo: null },
    claims: [],
    vendorData: {},
    ...data,
  };
  return {
    specversion: '1.0',
    id: eventId({ tenant: 'demo', channel: 'chat', vendor: whole.vendor, account: 'page-1' }, whole.vendorEventId),
    source: '/chat/page-1',
    type: 'message.received',
    time: '2026-11-20T02:15:30.120Z',
    datacontenttype: 'application/json',
    dataschema: schemaUrn('message'),
    subject: 'visitor-1',
    tenant: 'demo',
    channel: 'chat',
    account: 'page-1',
    identifier: 'web_visitor:page-1:visitor-1',
    receivedtime: '2026-11-20T02:15:30.480Z',
    data: whole,
    ...envelope,
  };
}
