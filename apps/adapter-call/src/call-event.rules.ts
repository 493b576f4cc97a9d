import {
  formatIdentifier,
  type Author,
  type CallAgent,
  type CallData,
  type Direction,
  type EventType,
  type IdentifierRef,
  type KeypressData,
  type RecordingData,
  type VoicemailData,
} from '@lienmach/contracts';
import type { DraftEvent } from '@lienmach/adapter-kit';

/** What is known of any event of a call, whatever the vendor. */
export interface CallFacts {
  readonly vendor: string;
  readonly account: string;
  readonly type: EventType;
  readonly time: number | null;
  readonly vendorEventId: string;
  readonly callId: string;
  readonly legId: string | null;
  readonly direction: Direction;
  readonly customer: IdentifierRef | null;
  readonly hotline: string | null;
  readonly agent: CallAgent | null;
  readonly vendorData: Record<string, unknown>;
}

/** What only one family of events says. */
export type CallDetail =
  | Pick<CallData, 'kind' | 'queue' | 'durationSeconds' | 'talkSeconds' | 'cause' | 'endedBy' | 'transcript'>
  | Pick<RecordingData, 'kind' | 'url' | 'durationSeconds'>
  | Pick<KeypressData, 'kind' | 'digits' | 'purpose'>
  | Pick<VoicemailData, 'kind' | 'url' | 'durationSeconds'>;

/** An event of a call: its thread is the call, its identifier the customer's number in either direction. */
export function draftCallEvent(facts: CallFacts, detail: CallDetail): DraftEvent {
  const author = authorOf(facts, detail);
  const data = {
    vendor: facts.vendor,
    vendorEventId: facts.vendorEventId,
    thread: facts.callId,
    direction: facts.direction,
    author,
    participants: [customer(facts), agent(facts)].filter((party) => party.kind !== author.kind && isNamed(party)),
    vendorData: facts.vendorData,
    callId: facts.callId,
    legId: facts.legId,
    hotline: facts.hotline,
    ...(detail.kind === 'call' ? { ...detail, agent: facts.agent } : detail),
  };
  return {
    account: facts.account,
    type: facts.type,
    time: facts.time,
    subject: facts.customer?.value ?? facts.callId,
    ...(facts.customer ? { identifier: formatIdentifier(facts.customer) } : {}),
    data,
  };
}

function authorOf(facts: CallFacts, detail: CallDetail): Author {
  switch (facts.type) {
    case 'call.ringing':
    case 'call.queued':
    case 'call.missed':
      return facts.direction === 'inbound' ? customer(facts) : agent(facts);
    case 'voicemail.left':
    case 'call.keyed':
      return customer(facts);
    case 'call.ended':
      return detail.kind === 'call' ? endedBy(facts, detail.endedBy) : system();
    case 'call.recorded':
    case 'call.transcribed':
      return system();
    default:
      return agent(facts);
  }
}

function endedBy(facts: CallFacts, who: CallData['endedBy']): Author {
  if (who === 'customer') return customer(facts);
  return who === 'agent' ? agent(facts) : system();
}

const customer = (facts: CallFacts): Author => ({
  kind: 'customer',
  identifiers: facts.customer ? [facts.customer] : [],
  name: null,
});

const agent = (facts: CallFacts): Author => ({
  kind: 'agent',
  identifiers: [],
  name: facts.agent?.name ?? null,
  id: facts.agent?.id ?? null,
});

const system = (): Author => ({ kind: 'system', identifiers: [], name: null });

const isNamed = (party: Author): boolean => party.identifiers.length > 0 || party.id != null;
