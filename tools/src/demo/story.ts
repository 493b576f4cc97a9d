import type { Accounts, Cast, Customer, Scene } from './scene.js';
import { commentBody, messengerBody, postmarkBody, twilioForm } from './vendor-bodies.js';

const MINUTE = 60_000;
const SECOND = 1_000;

/** How long Lan waits for the first answer: from her complaint to the answer of her call. */
export const LAN_WAITS_MS = 27 * MINUTE;

/** A day in a shop's life, told relative to now. */
export class Story {
  readonly lan: Customer;
  readonly lanPhone: Customer;
  readonly hoa: Customer;
  readonly tuan: Customer;
  readonly stranger: Customer;
  readonly minh: Customer;
  readonly mai: Customer;
  readonly maiPhone: Customer;
  readonly scenes: readonly Scene[];

  /** @param now milliseconds, whole seconds: comments and calls know no smaller part */
  constructor(
    private readonly cast: Cast,
    private readonly accounts: Accounts,
    private readonly now: number,
  ) {
    const onPage = (type: string, nth: number): Customer => ({
      type,
      scope: accounts.page,
      value: `9${nth}${cast.run}`,
    });
    const byPhone = (number: string): Customer => ({ type: 'phone', scope: null, value: international(number) });
    this.lan = onPage('fb_psid', 1);
    this.tuan = onPage('fb_psid', 2);
    this.stranger = onPage('fb_psid', 3);
    this.minh = onPage('fb_commenter', 4);
    this.lanPhone = byPhone(cast.lanNumber);
    this.hoa = byPhone(cast.hoaNumber);
    this.mai = { type: 'email', scope: null, value: `mai.${cast.run}@example.com` };
    this.maiPhone = byPhone(cast.maiNumber);
    this.scenes = this.day();
  }

  /** Said after the shop has resolved Tuấn's conversation. */
  thanks(at: number): Scene {
    return this.message(this.tuan, 'Tuấn', at, 'Cảm ơn shop nhiều nhé ❤️');
  }

  /** From the number that her mail named. */
  shortMessage(at: number): Scene {
    const { number, accountSid } = this.accounts.sms;
    const sid = `SM${this.cast.run.padStart(32, '0')}`;
    const text = 'Shop oi da gui hoa don chua a?';
    const body = twilioForm(accountSid, sid, this.maiPhone.value, number, text);
    return {
      at,
      untimed: true,
      customer: this.maiPhone,
      channel: 'sms',
      thread: this.maiPhone.value,
      who: 'Mai',
      told: text,
      deliveries: [{ door: 'sms', body }],
      eventIds: [sid],
    };
  }

  private ago(minutes: number): number {
    return this.now - minutes * MINUTE;
  }

  private day(): Scene[] {
    const { lan, tuan, stranger, minh } = this;
    const { lanNumber, hoaNumber, maiNumber } = this.cast;
    const answered = this.ago(62) + LAN_WAITS_MS;
    const scenes = [
      this.comment(minh, 'Minh', this.ago(180), 'Áo khoác này còn size M không shop?', null),
      this.comment(minh, null, this.ago(171), 'Dạ còn ạ, anh nhắn tin để shop giữ hàng nhé!', 1),
      this.missed(this.hoa, hoaNumber, this.ago(140)),
      this.called(this.hoa, hoaNumber, this.ago(118), 'outbound', 8, 64),
      this.message(tuan, 'Tuấn', this.ago(95), 'Shop cho em hỏi phí ship về Đà Nẵng bao nhiêu ạ?'),
      this.answer(tuan, this.ago(90), 'Dạ 30k anh nhé, 2–3 ngày là tới ạ.'),
      this.message(
        lan,
        'Lan',
        this.ago(62),
        `Shop ơi, đơn DH1024 của em đặt cả tuần rồi sao chưa thấy giao? SĐT của em ${lanNumber}`,
      ),
      this.called(this.lanPhone, lanNumber, answered - 12 * SECOND, 'inbound', 12, 95),
      this.mail('Hóa đơn tháng này', `Nhờ shop gửi lại hóa đơn giúp em. Số của em là ${maiNumber}.`, this.ago(25)),
      this.message(
        stranger,
        'a stranger',
        this.ago(20),
        `Cho mình hỏi đơn của số ${lanNumber} giao tới đâu rồi? Mình hỏi hộ.`,
      ),
      this.message(
        lan,
        'Lan',
        this.ago(2),
        'Em gọi rồi nhưng vẫn chưa thấy hàng, nhờ shop giục bên giao trước 5 giờ chiều giúp em.',
      ),
    ];
    return scenes.sort((a, b) => a.at - b.at);
  }

  private message(customer: Customer, who: string, at: number, text: string): Scene {
    return this.messenger(customer, who, at, text, false);
  }

  /** Written by a person in the page's inbox: Facebook tells us of it with an echo. */
  private answer(customer: Customer, at: number, text: string): Scene {
    return this.messenger(customer, 'the shop', at, text, true);
  }

  private messenger(customer: Customer, who: string, at: number, text: string, echo: boolean): Scene {
    const { page } = this.accounts;
    const mid = `m_${this.cast.run}${customer.value}${at}`;
    return {
      at,
      customer,
      channel: 'facebook',
      thread: customer.value,
      who,
      told: text,
      deliveries: [{ door: 'page', body: messengerBody(page, customer, mid, at, text, echo) }],
      eventIds: [mid],
    };
  }

  /** @param name null: the page itself writes; @param answers number of the comment that it answers */
  private comment(customer: Customer, name: string | null, at: number, text: string, answers: number | null): Scene {
    const { page } = this.accounts;
    const post = `${page}_${this.cast.run}`;
    const id = `${this.cast.run}_${answers === null ? 1 : 2}`;
    const from = name === null ? { id: page, name: 'Cửa hàng Demo' } : { id: customer.value, name: `${name} Nguyễn` };
    const parent = answers === null ? post : `${this.cast.run}_${answers}`;
    return {
      at,
      customer,
      channel: 'facebook',
      thread: post,
      who: name ?? 'the shop',
      told: `${text} (comment)`,
      deliveries: [{ door: 'page', body: commentBody(page, { from, post, id, parent, at, text }) }],
      eventIds: [id],
    };
  }

  private mail(subject: string, text: string, at: number): Scene {
    const messageId = `<${this.cast.run}@mail.example.com>`;
    const body = postmarkBody({
      from: this.mai.value,
      name: 'Mai',
      to: this.accounts.mailbox,
      messageId,
      postmarkId: `${this.cast.run}-0000-4000-8000`,
      subject,
      text,
      at,
    });
    return {
      at,
      customer: this.mai,
      channel: 'email',
      thread: messageId,
      who: 'Mai',
      told: text,
      deliveries: [{ door: 'mail', body }],
      eventIds: [messageId],
    };
  }

  private missed(customer: Customer, number: string, at: number): Scene {
    const events = [
      { event: 'ringing', at },
      { event: 'missed', at: at + 25 * SECOND, cause: 'no answer' },
    ];
    return this.phone(customer, number, at, 'inbound', 'calls the hotline, nobody answers', events);
  }

  private called(
    customer: Customer,
    number: string,
    at: number,
    direction: 'inbound' | 'outbound',
    rings: number,
    talks: number,
  ): Scene {
    const agent = { id: 'ext-101', name: 'Hạnh' };
    const answered = at + rings * SECOND;
    const ended = answered + talks * SECOND;
    const events = [
      { event: 'ringing', at, ...(direction === 'outbound' ? { agent } : {}) },
      { event: 'answered', at: answered, agent },
      { event: 'ended', at: ended, agent, talkSeconds: talks, durationSeconds: rings + talks, endedBy: 'customer' },
      {
        event: 'recording',
        at: ended + 30 * SECOND,
        recordingUrl: `https://pbx.example/recordings/${this.cast.run}-${at}.mp3`,
        durationSeconds: talks,
      },
    ];
    const told = direction === 'inbound' ? 'calls the hotline, Hạnh answers' : 'is called back by Hạnh';
    return this.phone(customer, number, at, direction, told, events);
  }

  private phone(
    customer: Customer,
    number: string,
    at: number,
    direction: 'inbound' | 'outbound',
    told: string,
    events: readonly { event: string; at: number }[],
  ): Scene {
    const callId = `call-${this.cast.run}-${at}`;
    const { hotline } = this.accounts;
    const bodies = events.map(({ at: moment, ...event }, index) => ({
      ...event,
      eventId: `${callId}-${index}`,
      callId,
      at: new Date(moment).toISOString(),
      direction,
      customerNumber: number.replaceAll(' ', ''),
      hotline,
    }));
    return {
      at,
      customer,
      channel: 'call',
      thread: callId,
      who: customer === this.hoa ? 'Hoa' : 'Lan',
      told,
      deliveries: bodies.map((body) => ({ door: 'call', body })),
      eventIds: bodies.map(({ eventId }) => eventId),
    };
  }
}

const international = (number: string) => `+84${number.replaceAll(' ', '').slice(1)}`;
