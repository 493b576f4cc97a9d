import { Readable } from 'node:stream';
import type { ChannelAccount, OutboundReply, SendContext, SendOutcome } from '@lienmach/adapter-kit';
import { createTransport } from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { fetchAttachments, type MailFile } from './attachment.client.js';
import type { OutboundMailSettings, SmtpSettings } from './outbound-mail.config.js';
import { replyMailIds, replyMailOf, type ReplyMail } from './reply-mail.rules.js';
import { serverMessageId, smtpOutcome, type SmtpFailure } from './smtp-outcome.rules.js';

/** What every vendor of the channel sends with: mail goes out by the account's own server, whatever way it comes in. */
export const mailOut = { send: sendByMail, idsOf: replyMailIds } as const;

/** One mail by SMTP. Accepted is not read: what becomes of it further is told by a report about its Message-ID. */
async function sendByMail(
  reply: OutboundReply,
  account: ChannelAccount<OutboundMailSettings>,
  { signal, now, env }: SendContext,
): Promise<SendOutcome> {
  const { smtp, dkim } = account.settings;
  if (!smtp) return { kind: 'failed', reason: 'credentials-missing: give the account its smtp server' };
  const mail = replyMailOf(reply, account);
  if ('problem' in mail) return { kind: 'failed', reason: mail.problem };
  const files = await fetchAttachments(reply.attachments, { signal, env });
  if ('kind' in files) return files;
  let bytes: Buffer;
  try {
    bytes = await mailBytes(mail, files, dkim, now);
  } catch {
    // the key would stand in the error
    const reason = 'dkim-unusable: the mail could not be signed: give the account another dkim.privateKey';
    return { kind: 'not-taken', reason, holds: 'account' };
  }
  return handOver({ mail, bytes }, smtp, signal);
}

/** As it goes over the wire. */
export async function mailBytes(
  mail: ReplyMail,
  files: readonly MailFile[],
  dkim: OutboundMailSettings['dkim'],
  now: number,
): Promise<Buffer> {
  const { from, to, messageId, replyTo, subject, inReplyTo, references, text } = mail;
  const writer = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(dkim && { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
  });
  const { message } = await writer.sendMail({
    from: { name: from.name ?? '', address: from.address },
    to,
    messageId,
    subject,
    text,
    textEncoding: 'quoted-printable',
    attachments: files.map((file) => ({ ...file, contentDisposition: 'attachment' as const })),
    date: new Date(now),
    ...(replyTo && { replyTo }),
    ...(inReplyTo && { inReplyTo }),
    ...(references.length > 0 && { references: [...references] }),
  });
  return message as Buffer;
}

/** The server gets it all or nothing; whether it has it all is known here alone. */
function handOver(
  { mail, bytes }: { readonly mail: ReplyMail; readonly bytes: Buffer },
  smtp: SmtpSettings,
  signal: AbortSignal,
): Promise<SendOutcome> {
  return new Promise((resolve) => {
    const connection = new SMTPConnection(connectionOptions(smtp));
    let isHandedOver = false;
    const source = Readable.from([bytes], { objectMode: false });
    source.once('end', () => (isHandedOver = true));
    const failed = (error: SmtpFailure): void => {
      resolve(smtpOutcome(error, isHandedOver));
      connection.close();
    };
    const send = (): void =>
      connection.send({ from: mail.from.address, to: mail.to, size: bytes.length }, source, (error, info) => {
        if (error) return failed(error);
        const seen = serverMessageId(info.response, smtp.host);
        resolve({ kind: 'sent', ids: [mail.messageId, ...(seen ? [seen] : [])] });
        connection.quit();
      });
    connection.on('error', failed);
    signal.addEventListener('abort', () => failed({ code: 'ETIMEDOUT' }), { once: true });
    connection.connect((error) => {
      if (error) return failed(error);
      if (!smtp.user) return send();
      connection.login({ user: smtp.user, pass: smtp.password ?? '' }, (refused) =>
        refused ? failed(refused) : send(),
      );
    });
  });
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

/** A password goes over TLS or to this machine itself, where a mail server has no name that a certificate could prove. */
function connectionOptions({ host, port, secure = false, user }: SmtpSettings): SMTPConnection.Options {
  const isLocal = LOOPBACK.test(host);
  return {
    host,
    port: port ?? (secure ? 465 : 587),
    secure,
    ignoreTLS: isLocal && !secure,
    requireTLS: !isLocal && user !== undefined,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    // a server that says nothing after QUIT
    socketTimeout: 10_000,
  };
}
