import { defineDoor, type Door } from '@lienmach/adapter-kit';
import { joinedMessageDoor } from '../joined-message-door.js';
import type { JoinedMessage } from '../message-parts.rules.js';
import type { SmppSettings } from './smpp.config.js';
import { normaliseSmpp } from './smpp.normalise.js';
import { readSmpp, type SmppPayload } from './smpp.payload.js';

/** When the PDU came, milliseconds since 1970; kept beside it, because its id depends on it. */
export const RECEIVED_AT = 'x-smpp-received-at';
export const PDU_TYPE = 'text/plain';

const PATH = '/smpp/:account';
const whole = joinedMessageDoor<SmppSettings>(PATH) as Door<SmppSettings, JoinedMessage>;

/** A PDU in hexadecimal digits, or a message that was joined out of several. */
export const smppDoor = (isJoined: () => boolean): Door<SmppSettings> =>
  defineDoor<SmppSettings, SmppPayload | JoinedMessage>({
    path: PATH,
    methods: ['POST'],
    accountIn: 'connection',
    contentTypes: [PDU_TYPE, 'application/json'],
    verify: () => true,
    parse: (request) => (request.headers['content-type'] === PDU_TYPE ? readSmpp(request.body) : whole.parse(request)),
    normalise: (payload, accounts, request, owner) =>
      'kind' in payload
        ? normaliseSmpp(payload, owner, Number(request.headers[RECEIVED_AT]) || 0, isJoined())
        : whole.normalise(payload, accounts, request, owner),
  });
