import { asId, required, composedKey } from '@lienmach/adapter-kit';
import type { Author, CallData, EventType } from '@lienmach/contracts';
import { add, customerAuthor, customerOf, type Reader, type Where } from './part.normalise.js';
import { asNumber, asTime } from './zalo.payload.js';

/**
 * The vendor tells of a call once, when it has ended: what happened before is told from it. `waiting_time` is in seconds, `call_duration` and `talk_time` in
 * milliseconds.
 */
export const call =
  (fromOa: boolean): Reader =>
  (part) => {
    const { body, event } = part;
    const found = customerOf(part);
    const callId = required(asId(body['call_id']), `${event} without its call_id`);
    const begun = asTime(body['init_time']);
    const waited = asNumber(body['waiting_time']);
    const seconds = (name: string): number | null => {
      const milliseconds = asNumber(body[name]);
      return milliseconds === null || milliseconds < 0 ? null : milliseconds / 1_000;
    };
    const talked = seconds('talk_time');
    const where: Where = { ...found, thread: callId };
    const agent: Author = { kind: 'agent', identifiers: [], name: null, id: null };
    const author: Author = fromOa ? agent : customerAuthor(where);
    const tell = (type: EventType, time: number | null, by: Author, detail: Partial<CallData> = {}): void => {
      const drafted = part.events.length;
      add<CallData>(part, { ...where, time }, type, by, {
        kind: 'call',
        vendorEventId: composedKey(callId, type),
        callId,
        legId: null,
        hotline: null,
        agent: null,
        queue: null,
        durationSeconds: null,
        talkSeconds: null,
        cause: null,
        endedBy: null,
        ...detail,
      });
      // the direction is the call's, whoever acts
      const draft = part.events[drafted]!;
      const participants = by.kind === 'customer' ? [] : [customerAuthor(where)];
      const data = { ...draft.data, direction: fromOa ? ('outbound' as const) : ('inbound' as const), participants };
      part.events[drafted] = { ...draft, data };
    };
    if (begun !== null) tell('call.ringing', begun, author);
    const isAnswered = talked !== null && talked > 0;
    if (isAnswered && begun !== null && waited !== null)
      tell('call.answered', begun + waited * 1_000, fromOa ? customerAuthor(where) : agent);
    tell(isAnswered ? 'call.ended' : 'call.missed', part.time, isAnswered ? agent : author, {
      durationSeconds: seconds('call_duration'),
      talkSeconds: talked,
      cause: asId(body['status_code']),
    });
  };
