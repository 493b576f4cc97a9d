import {
  channelTopic,
  eventId,
  formatIdentifier,
  schemaUrn,
  threadKey,
  type ChannelEvent,
  type MessageData,
} from '@lienmach/contracts';
import { partitionOf, type OutgoingRecord } from '@lienmach/kafka';
import { TENANT } from './bench-servers.js';
import { PAGE } from './facebook-requests.js';

export const TOPIC = channelTopic('facebook');

/** Of how many messages one names a phone number. */
const WITH_PHONE = 10;
/** Messages of one customer. */
const EACH = 10;
const TEXT =
  'Shop ơi cho em hỏi đơn hàng của em đặt hôm trước mà mãi chưa thấy giao, nhờ shop kiểm tra giúp em với ạ, em cảm ơn shop nhiều. ';

/**
 * A day of customers as an adapter publishes it: ten messages each, one message in ten with a phone number in its text.
 * @param everyMs between two messages; the last is of now
 */
export function messageRecords(
  round: string,
  count: number,
  { customers = Math.max(1, Math.ceil(count / EACH)), everyMs = 1 }: { customers?: number; everyMs?: number } = {},
): OutgoingRecord[] {
  const began = Date.now() - count * everyMs;
  return Array.from({ length: count }, (_, index) => {
    const customer = `${round}-${index % customers}`;
    const event = message(`m_bench-${round}-${index}`, customer, began + index * everyMs, phoneIn(index, customers));
    return {
      topic: TOPIC,
      key: threadKey(event.tenant, event.channel, event.account, event.data.thread),
      value: JSON.stringify(event),
      headers: { 'content-type': 'application/cloudevents+json' },
    };
  });
}

/** The same records by partition, in order. */
export function byPartition(records: readonly OutgoingRecord[], partitions: number): OutgoingRecord[][] {
  const parts = Array.from({ length: partitions }, (): OutgoingRecord[] => []);
  for (const record of records) parts[partitionOf(Buffer.from(record.key ?? ''), partitions)]!.push(record);
  return parts;
}

const phoneIn = (index: number, customers: number): string | null =>
  index % WITH_PHONE === 0 ? `+849${String(10_000_000 + (index % customers)).padStart(8, '0')}` : null;

function message(mid: string, customer: string, at: number, phone: string | null): ChannelEvent<MessageData> {
  const ref = { type: 'fb_psid' as const, scope: PAGE, value: customer };
  const time = new Date(at).toISOString();
  return {
    specversion: '1.0',
    id: eventId({ tenant: TENANT, channel: 'facebook', vendor: 'facebook', account: PAGE }, mid),
    source: `/facebook/${PAGE}`,
    type: 'message.received',
    time,
    datacontenttype: 'application/json',
    dataschema: schemaUrn('message'),
    subject: customer,
    tenant: TENANT,
    channel: 'facebook',
    account: PAGE,
    identifier: formatIdentifier(ref),
    receivedtime: time,
    data: {
      kind: 'message',
      vendor: 'facebook',
      vendorEventId: mid,
      thread: customer,
      direction: 'inbound',
      author: { kind: 'customer', identifiers: [ref], name: null },
      participants: [],
      content: { text: `${TEXT}${phone ? `SĐT em ${phone}` : ''}`, attachments: [], replyTo: null },
      claims: phone ? [{ type: 'phone', value: phone, where: 'text' }] : [],
      vendorData: {},
    },
  };
}
