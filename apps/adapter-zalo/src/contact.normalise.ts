import { asId, asObject, asText, required, type Json, composedKey } from '@lienmach/adapter-kit';
import {
  LONGEST_ADDRESS,
  type ContactData,
  type FormData,
  type Gender,
  type IdentifierRef,
  type ProfileData,
  type ReferralData,
} from '@lienmach/contracts';
import { toE164 } from '@lienmach/identifiers';
import { add, customerAuthor, customerOf, occasion, userOf, type Reader, type Where } from './part.normalise.js';
import { asTime } from './zalo.payload.js';

export const contact =
  (type: 'contact.followed' | 'contact.unfollowed' | 'contact.opted-in' | 'contact.opted-out'): Reader =>
  (part) => {
    const where = customerOf(part);
    const purpose = type.includes('follow') ? asText(part.body['source']) : part.event;
    add<ContactData>(part, where, type, customerAuthor(where), {
      kind: 'contact',
      vendorEventId: occasion(part, where),
      purpose,
    });
  };

/** Whether the business may call: the vendor tells it of a telephone number. */
export const consent: Reader = (part) => {
  const { body, event } = part;
  const word = asText(body['user_consent']);
  if (word !== 'ALLOW' && word !== 'USER_BLOCKED') {
    part.unknown.push(`${event}:${word ?? ''}`);
    return;
  }
  const given = required(asId(body['phone']), `${event} without its phone`);
  const phone = required(toE164(given), `${event}: phone is no telephone number`);
  const where: Where = { thread: phone, customer: { type: 'phone', scope: null, value: phone } };
  const type = word === 'ALLOW' ? 'contact.opted-in' : 'contact.opted-out';
  add<ContactData>(part, where, type, customerAuthor(where), {
    kind: 'contact',
    vendorEventId: occasion(part, where),
    purpose: 'call',
  });
};

/** The customer opened the chat: the window for replies opens, nothing is said yet. */
export const chatOpened: Reader = (part) => {
  const where = customerOf(part);
  add<ReferralData>(part, where, 'referral.received', customerAuthor(where), {
    kind: 'referral',
    vendorEventId: occasion(part, where),
    ref: null,
    source: 'chatnow',
    adId: null,
  });
};

/** The business's own id of a customer, bound to the vendor's by the vendor: the strongest tie that there is. */
export const widget: Reader = (part) => {
  const { body, oa, event } = part;
  const data = required(asObject(body['data']), `${event} without its data`);
  const id = required(asId(data['user_id']), `${event} without its user`);
  const external = asId(data['user_external_id']);
  const also: IdentifierRef[] = external ? [{ type: 'crm_id', scope: null, value: external }] : [];
  const where: Where = { thread: id, customer: userOf(oa, id), also };
  add<ReferralData>(part, where, 'referral.received', customerAuthor(where), {
    kind: 'referral',
    vendorEventId: occasion(part, where),
    ref: asText(data['url']),
    source: 'widget',
    adId: null,
  });
};

/** Fields of objects inside under their own names; what is empty was not filled in. */
function fieldsOf(info: Json): { name: string; value: string }[] {
  return Object.entries(info).flatMap(([name, value]) => {
    const inside = asObject(value);
    if (inside) return fieldsOf(inside);
    const text = asId(value)?.normalize('NFC');
    return text && name !== '' ? [{ name, value: text }] : [];
  });
}

const GENDERS: Readonly<Record<string, Gender>> = { nam: 'male', nữ: 'female', male: 'male', female: 'female' };
/** Day first, as the vendor's form writes it, or the year. */
const DAY = /^(?:(\d{1,2})[/-](\d{1,2})[/-](\d{4})|(\d{4})-(\d\d)-(\d\d))$/;

function birthdayOf(text: string | null): string | null {
  const found = DAY.exec(text ?? '');
  if (!found) return null;
  const [, day, month, year, isoYear, isoMonth, isoDay] = found;
  const iso = isoYear
    ? `${isoYear}-${isoMonth}-${isoDay}`
    : `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
  const at = new Date(`${iso}T00:00:00Z`);
  // a 31st of February is read as one of March
  return Number.isNaN(at.getTime()) || !at.toISOString().startsWith(iso) ? null : iso;
}

/** The form of `request_user_info`, in its present and its older layout; what can't be read is left to `fields`. */
function profileOf(info: Json): ProfileData | null {
  const inside = asObject(info['full_address']) ?? {};
  const parts = [
    [inside, 'user_address'],
    [inside, 'user_ward'],
    [inside, 'user_city'],
    [info, 'address'],
    [info, 'ward'],
    [info, 'district'],
    [info, 'city'],
  ] as const;
  const address = parts.flatMap(([from, name]) => asText(from[name])?.normalize('NFC').trim() || []).join(', ');
  const gender = GENDERS[asText(info['gender'])?.normalize('NFC').trim().toLowerCase() ?? ''];
  const birthday = birthdayOf(asText(info['user_dob'])?.trim() ?? null);
  const profile = {
    ...(gender && { gender }),
    ...(birthday && { birthday }),
    ...(address && address.length <= LONGEST_ADDRESS && { address }),
  };
  return Object.keys(profile).length > 0 ? profile : null;
}

export const form: Reader = (part) => {
  const where = customerOf(part);
  const info = required(asObject(part.body['info']), `${part.event} without its info`);
  const profile = profileOf(info);
  add<FormData>(part, where, 'form.submitted', customerAuthor(where, asText(info['name'])), {
    kind: 'form',
    vendorEventId: occasion(part, where),
    fields: fieldsOf(info),
    ...(profile && { profile }),
  });
};

/** What was answered to a template sent by telephone number; the vendor says to which message, not who. */
export const feedback: Reader = (part) => {
  const { body, event } = part;
  const content = required(asObject(body['message']), `${event} without its message`);
  const id = required(asId(content['msg_id']), `${event} without its msg_id`);
  const where: Where = { thread: id, customer: null, time: asTime(content['submit_time']) ?? part.time };
  const { msg_id: _id, tracking_id: tracking, submit_time: _time, ...answers } = content;
  add<FormData>(
    part,
    where,
    'form.submitted',
    customerAuthor(where),
    { kind: 'form', vendorEventId: composedKey(event, id), fields: fieldsOf(answers) },
    [],
    { trackingId: asId(tracking) },
  );
};
