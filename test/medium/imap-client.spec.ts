import { writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ChannelEvent } from '@lienmach/contracts';
import { kafkaConnectionFromEnv, readToEnd } from '@lienmach/kafka';
import { freePorts, type AppProcess } from '@lienmach/tools';
import { createTopics, newSettings, startApp, temporaryFolder, waitUntil, type Settings } from '../support/index.js';

jest.setTimeout(120_000);

interface ImapServer {
  readonly server: Server;
  listen(port: number, done: () => void): void;
  appendMessage(mailbox: object, flags: string[], internalDate: string | false, raw: Buffer): void;
  getMailbox(name: string): { readonly messages: readonly { readonly flags: readonly string[] }[] };
}
const hoodiecrow = createRequire(import.meta.url)('hoodiecrow-imap') as (options: object) => ImapServer;

const MAILBOX = 'cskh@shop.example';
const mail = (id: string): Buffer =>
  Buffer.from(
    `From: a@khach.example\r\nTo: ${MAILBOX}\r\nSubject: Size\r\nMessage-ID: <${id}@khach.example>\r\n\r\nSize M?\r\n`,
  );

describe('the IMAP client', () => {
  let settings: Settings;
  let app: AppProcess;
  let server: ImapServer;
  let port: number;

  beforeAll(async () => {
    [port] = (await freePorts(1)) as [number];
    server = hoodiecrow({
      plugins: ['IDLE', 'UIDPLUS', 'LITERALPLUS'],
      users: { cskh: { password: 'secret' } },
      storage: { INBOX: { messages: [{ raw: mail('first').toString() }] } },
    });
    await new Promise<void>((resolve) => server.listen(port, resolve));
    const imap = { host: '127.0.0.1', port, secure: false, user: 'cskh', password: 'secret' };
    const accounts = join(temporaryFolder('accounts'), 'accounts.json');
    const tenant = { id: 'demo', name: 'demo', accounts: [{ channel: 'email', vendor: 'imap', id: MAILBOX, imap }] };
    writeFileSync(accounts, JSON.stringify({ tenants: [tenant] }));
    settings = await newSettings({ ACCOUNTS_FILE: accounts, EMAIL_DNS_SERVERS: '127.0.0.1:9' });
    await createTopics(settings);
    app = await startApp('adapter-email', settings);
  });

  afterAll(async () => {
    await app?.stop();
    server?.server.close();
  });

  async function idsTaken(): Promise<string[]> {
    const ids: string[] = [];
    await readToEnd(kafkaConnectionFromEnv(settings, 'test'), 'channel.email.v1', ({ value }) =>
      ids.push((JSON.parse(String(value)) as ChannelEvent).data.vendorEventId),
    );
    return ids;
  }
  const marked = () => server.getMailbox('INBOX').messages.map(({ flags }) => flags.includes('$Lienmach'));

  it('takes what is there, then what comes, and marks it', async () => {
    await waitUntil('the first mail', async () => (await idsTaken()).includes('<first@khach.example>'));
    server.appendMessage(server.getMailbox('INBOX'), [], false, mail('second'));
    await waitUntil('the second mail', async () => (await idsTaken()).includes('<second@khach.example>'));
    await waitUntil('the marks', () => marked().every(Boolean));
    expect(marked()).toEqual([true, true]);
  });

  it('takes nothing twice after a restart, but what came meanwhile', async () => {
    await app.stop();
    server.appendMessage(server.getMailbox('INBOX'), [], false, mail('third'));
    app = await startApp('adapter-email', settings);
    await waitUntil('the third mail', async () => (await idsTaken()).includes('<third@khach.example>'));
    expect(await idsTaken()).toEqual(expect.arrayContaining(['<first@khach.example>', '<second@khach.example>']));
    expect(await idsTaken()).toHaveLength(3);
  });
});
