import { describe, expect, it } from '@jest/globals';
import { htmlBeforeQuote, htmlToText } from './html-text.js';
import { mailText } from './mail-text.js';
import { bareSubject, replyText } from './reply-text.js';

const QUOTE = '> Chào anh\n>\n>> Trước đó';

describe('the text of a reply', () => {
  it.each([
    [
      'Gmail, wrapped before the address',
      'Vào Th 6, 15 thg 11, 2019 vào lúc 13:30 Tên <\ncskh+t.abc@shop.example> đã viết:',
    ],
    ['Gmail, wrapped after the address', 'Vào Th 6, 15 thg 11, 2019 vào lúc 13:30 Tên <cskh@shop.example>\nđã viết:'],
    ['Gmail, older', 'Vào 14:24 8 tháng 6, 2017, Tên <a@b.example> đã viết:'],
    ['Gmail, newer', 'Vào Th 2, 3 thg 3, 2025 lúc 14:22 Tên <a@b.example> đã viết:'],
    ['Gmail, English', 'On Mon, Mar 3, 2025 at 2:05 PM CSKH <\ncskh@shop.example> wrote:'],
    ['Apple Mail', 'Vào 14:05, 3 thg 3, 2025, CSKH <cskh@shop.example> đã viết:'],
    ['name first', 'CSKH <cskh@shop.example> đã viết:'],
    ['a bare quote', '>'],
  ])('ends before the quote of %s', (_program, introduction) => {
    expect(replyText(`Cảm ơn shop.\n\n${introduction}\n\n${QUOTE}`)).toBe('Cảm ơn shop.');
  });

  it.each([
    [
      'Outlook, Vietnamese',
      '________________________________\nTừ: CSKH <a@b.example>\nĐã gửi: Thứ Hai\nĐến: Lê\nChủ đề: Re: x',
    ],
    ['Outlook without the line', 'Từ: CSKH <a@b.example>\nĐã gửi: Thứ Hai\nĐến: Lê\nChủ đề: Re: x'],
    ['Outlook, English', 'From: CSKH <a@b.example>\nSent: Monday\nTo: Lê\nSubject: Re: x'],
    ['a forward', '---------- Forwarded message ---------\nFrom: x'],
    ['an original message', '-----Original Message-----\nFrom: x'],
  ])('ends before the head of %s', (_program, head) => {
    expect(replyText(`Cảm ơn shop.\n\n${head}\n\nChào anh`)).toBe('Cảm ơn shop.');
  });

  it.each([
    '-- \nLê Thị Mẫu\n0900 000 123',
    'Trân trọng,\nLê Thị Mẫu',
    'Best regards\nMau',
    'Đã gửi từ iPhone của tôi',
    'Sent from my iPhone',
  ])('ends before the signature %j', (signature) =>
    expect(replyText(`Đổi size M.\n\n${signature}`)).toBe('Đổi size M.'),
  );

  it.each([
    'Vào thứ Hai tôi đã viết: xin đổi size.',
    'Từ: Hà Nội\nTôi muốn hỏi phí giao hàng.',
    'Trân trọng cảm ơn shop đã hỗ trợ, nhưng hàng vẫn lỗi.',
    'Giá > 100k thì miễn phí đúng không?',
  ])('keeps what only looks like a quote or signature: %j', (text) => expect(replyText(text)).toBe(text));

  it('keeps the paragraph that touches the introduction', () => {
    const intro = 'Vào Th 2, 3 thg 3, 2025 lúc 14:22 Tên <a@b.example> đã viết:';
    expect(replyText(`Vào ngày mai nhé.\n${intro}\n> x`)).toBe('Vào ngày mai nhé.');
  });

  it('is what stands below the quote where nothing stands above', () => {
    expect(replyText('On Monday, CSKH <a@b.example> wrote:\n> Size nào?\n\nSize M ạ.')).toBe('Size M ạ.');
  });

  it('is the whole where nothing else is left', () => {
    const forward = '---------- Forwarded message ---------\nFrom: x\n\nHàng lỗi';
    expect(replyText(forward)).toBe(forward);
    expect(replyText('Trân trọng,\nLê')).toBe('Trân trọng,\nLê');
  });

  it('takes no more than a moment for a text made to take long', () => {
    const started = performance.now();
    for (const line of ['Vào '.repeat(100), `a <a@b.example>${' '.repeat(300)}`, '> ', 'Từ: x'])
      replyText(`${line}:\n`.repeat(5_000));
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe('the text of HTML', () => {
  const quoted = (mark: string) => `<div>Cảm ơn&nbsp;shop.</div>${mark}<div>Chào anh</div>`;

  it.each([
    '<div class="gmail_quote gmail_quote_container">',
    '<div dir="ltr" class="gmail_attr">',
    '<div id="divRplyFwdMsg" dir="ltr">',
    '<div id="appendonsend"></div>',
    '<blockquote type="cite">',
    "<blockquote style='x' type=cite>",
  ])('ends before %s', (mark) => {
    expect(mailText({ text: null, html: quoted(mark), forwarded: [] })).toEqual({
      text: 'Cảm ơn shop.',
      fullText: expect.stringContaining('Chào anh') as unknown,
    });
  });

  it('is the whole where nothing stands before the quote', () => {
    expect(htmlBeforeQuote('<div class="gmail_quote">x</div>')).toBeNull();
  });

  it('has no scripts, styles, pictures and hidden words', () => {
    const html =
      '<style>p{}</style><script>alert(1)</script><p>Một</p><img src="https://t.example/p.gif" alt="x"><p style="display:none">ẩn</p><p>Hai</p>';
    expect(htmlToText(html)).toBe('Một\nHai');
  });

  it('survives HTML made to exhaust a reader', () => {
    const started = performance.now();
    for (const open of ['<div>', '<ul><li>', '<table><tr><td>', '<x-y>', '<p><font>'])
      expect(htmlToText(`<b>đầu</b>${open.repeat(200_000)}`)).toContain('đầu');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('stands in where the plain text is empty', () => {
    expect(mailText({ text: ' \n', html: '<p>Chào</p>', forwarded: [] }).text).toBe('Chào');
  });
});

it.each([
  ['Re: Trả lời: Fwd: Đổi size', 'Đổi size'],
  ['RE[2]: Đổi size', 'Đổi size'],
  ['Tại sao: chưa giao', 'Tại sao: chưa giao'],
])('bare subject of %j', (subject, bare) => expect(bareSubject(subject)).toBe(bare));
