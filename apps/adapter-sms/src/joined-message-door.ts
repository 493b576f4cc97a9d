import { defineDoor, fieldsOf, isObject, requiredText, textOf, type Door, type Fields } from '@lienmach/adapter-kit';
import { MalformedPayload } from '@lienmach/contracts';
import type { ConsentWords } from './consent.rules.js';
import type { JoinedMessage } from './message-parts.rules.js';
import { eventsOf } from './sms-event.rules.js';

/** How a message is read that a PartJoiner has joined. */
export const joinedMessageDoor = <S extends ConsentWords & object>(path: string): Door<S> =>
  defineDoor<S, JoinedMessage>({
    path,
    methods: ['POST'],
    accountIn: 'connection',
    contentTypes: ['application/json'],
    verify: () => true,
    parse: (request) => readJoined(fieldsOf(request)),
    normalise: (message, _accounts, _request, owner) => eventsOf([{ kind: 'message', ...message }], owner),
  });

function readJoined(fields: Fields): JoinedMessage {
  const { time, vendorData } = fields;
  if (!isObject(vendorData)) throw new MalformedPayload('vendorData must be an object');
  return {
    id: requiredText(fields, 'id'),
    from: requiredText(fields, 'from'),
    to: textOf(fields, 'to'),
    text: textOf(fields, 'text') ?? '',
    time: typeof time === 'number' ? time : null,
    vendorData,
  };
}
