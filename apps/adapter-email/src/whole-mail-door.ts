import { defineDoor, type Door } from '@lienmach/adapter-kit';
import { MAIL_BODY } from './mail-door.js';
import { normaliseWholeMail } from './whole-mail.normalise.js';
import { readWholeMail, type WholeMail } from './whole-mail.payload.js';

/** How mail is read that a server or client of ours brings whole. */
export const wholeMailDoor = <S extends object>(path: string): Door<S> =>
  defineDoor<S, WholeMail>({
    path,
    methods: ['POST'],
    accountIn: 'connection',
    contentTypes: ['message/rfc822'],
    maxBodyBytes: MAIL_BODY,
    verify: () => true,
    parse: readWholeMail,
    normalise: (payload, _accounts, _request, owner) => normaliseWholeMail(payload, owner),
  });
