import type { ChannelAccount, Normalised } from '@lienmach/adapter-kit';
import { withPlus } from '../party.rules.js';
import { eventsOf, type ReceiptType, type SmsPart } from '../sms-event.rules.js';
import type { InfobipSettings } from './infobip.config.js';
import { readResult, type InfobipPayload, type InfobipReport } from './infobip.payload.js';

const RECEIPTS: Readonly<Record<string, ReceiptType>> = {
  DELIVERED: 'message.delivered',
  SEEN: 'message.read',
  UNDELIVERABLE: 'message.failed',
  EXPIRED: 'message.failed',
  REJECTED: 'message.failed',
};

export function normaliseInfobip({ results }: InfobipPayload, account: ChannelAccount<InfobipSettings>): Normalised {
  return eventsOf(results.map(partOf), account);
}

function partOf(result: unknown): SmsPart {
  const read = readResult(result);
  if (typeof read === 'string') return { kind: 'broken', reason: read };
  if (read.kind === 'report') return receiptOf(read);
  const { id, from, to, text, attachments, time, rest } = read;
  return { kind: 'message', id, from: withPlus(from), to, text, attachments, time, vendorData: rest };
}

function receiptOf(report: InfobipReport): SmsPart {
  const type = Object.hasOwn(RECEIPTS, report.group) ? RECEIPTS[report.group] : undefined;
  if (!type) return { kind: 'other', name: `status ${report.group}` };
  const words = [report.statusName ?? report.group, report.errorName, report.errorDescription];
  return {
    kind: 'receipt',
    type,
    target: report.id,
    to: withPlus(report.to),
    time: report.time,
    reason: type === 'message.failed' ? words.filter(Boolean).join(': ') : null,
    vendorData: {
      ...(report.statusName && { status: report.statusName }),
      ...(report.errorName && { error: report.errorName }),
      ...(report.errorName && report.isPermanent !== null && { isPermanent: report.isPermanent }),
      ...report.rest,
    },
  };
}
