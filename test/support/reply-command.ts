import { randomUUID } from 'node:crypto';
import { outboundTopic, threadKey, type ReplyData } from '@lienmach/contracts';
import type { OutgoingRecord } from '@lienmach/kafka';

export interface ReplyCommand {
  tenant: string;
  /** Of the command; a new one by default. */
  id?: string;
  /** When it was asked for; now by default. */
  at?: string;
  data: Pick<ReplyData, 'channel' | 'vendor' | 'account' | 'thread' | 'to'> & Partial<ReplyData>;
}

/** A reply to send, on the topic as core's relay puts it there. */
export function replyRecord({ tenant, id = randomUUID(), at = new Date().toISOString(), data }: ReplyCommand): {
  id: string;
  record: OutgoingRecord;
} {
  const { channel, account, thread } = data;
  const command = {
    specversion: '1.0',
    id,
    source: '/core',
    type: 'reply.requested',
    time: at,
    datacontenttype: 'application/json',
    dataschema: 'urn:lienmach:schema:reply:1',
    subject: thread,
    tenant,
    data: { text: 'Dạ', author: 'Lan', lastCustomerAt: at, replyTo: null, ...data },
  };
  const key = threadKey(tenant, channel, account, thread);
  return { id, record: { topic: outboundTopic(channel), key, value: JSON.stringify(command) } };
}
