import { describe, expect, it } from '@jest/globals';
import { AccountIndex } from '@lienmach/accounts';
import { TemporarilyUnavailable, UnknownAccount } from '@lienmach/contracts';
import { JsonLogger } from '@lienmach/platform';
import { defineChannel, defineVendor, type Door, type ServerContext } from './channel.js';
import { sample, SampleSettings } from './testing/sample.channel.js';
import { RecordingSender, TENANT } from './testing/test-doors.js';
import { startServers } from './vendor-servers.js';

const base = sample.vendors[0]!.doors[0] as Door<SampleSettings>;
const logger = JsonLogger.create({ name: 'test', level: 'silent' });
const parts = Buffer.from(JSON.stringify([{ account: 'shop-1', id: 'm-1', kind: 'text', at: null, text: 'Chào' }]));
const json = { 'content-type': 'application/json', 'x-envelope-to': 'shop-1' };

/** A vendor whose server hands out what it got; counts how often it was closed. */
function channelWith(start?: () => Promise<never>) {
  const got: { context?: ServerContext<SampleSettings>; closed: number } = { closed: 0 };
  const vendor = (
    name: string,
    begin: (context: ServerContext<SampleSettings>) => Promise<{ close(): Promise<void> }>,
  ) =>
    defineVendor<SampleSettings>({
      name,
      settings: SampleSettings,
      secrets: ['secret'],
      answerWithinSeconds: 5,
      doors: [],
      server: {
        door: { ...base, path: `${name}/:account`, accountIn: 'connection', verify: () => false },
        start: begin,
      },
    });
  const running = vendor('sample', (context) => {
    got.context = context;
    return Promise.resolve({ close: () => Promise.resolve(void got.closed++) });
  });
  return { got, channel: defineChannel({ ...sample, vendors: start ? [running, vendor('other', start)] : [running] }) };
}

async function started(failure?: () => Error) {
  const { got, channel } = channelWith();
  const fixed = {
    channel: 'facebook',
    brand: null,
    enabled: true,
    version: '1',
    tenant: TENANT,
    ownNumbers: [],
    problems: [],
  };
  const account = { ...fixed, vendor: 'sample', id: 'shop-1', settings: { secret: 's' } };
  const tenant = { id: TENANT, name: TENANT, brand: TENANT, orderCodePattern: null, secret: Buffer.alloc(32) };
  const sender = new RecordingSender(failure);
  const surroundings = { accounts: new AccountIndex([tenant], [account]), sender, logger };
  const servers = await startServers(channel, surroundings, { host: '127.0.0.1', env: {}, logger });
  return { context: got.context!, sender, servers, got };
}

describe('a server that is no webhook', () => {
  it('publishes what a webhook would: raw bytes and events in one send, marked as unproven', async () => {
    const { context, sender } = await started();
    await context.publish('shop-1', parts, json);
    expect(sender.records.map(({ topic }) => topic)).toEqual(['raw.facebook.v1', 'channel.facebook.v1']);
    expect(sender.records[0]).toMatchObject({
      value: parts,
      headers: { signature: 'none', http_target: 'sample/shop-1', 'x-envelope-to': 'shop-1' },
    });
  });

  it('knows the accounts of its vendor', async () => {
    const { context } = await started();
    expect(context.accounts.find('shop-1')?.settings.secret).toBe('s');
    expect([context.accounts.loaded, context.accounts.all().length, context.accounts.find('x')]).toEqual([
      true,
      1,
      undefined,
    ]);
  });

  it('hears when nothing was kept', async () => {
    const unknown = await started();
    await expect(unknown.context.publish('nobody', parts, json)).rejects.toThrow(UnknownAccount);
    const away = await started(() => new TemporarilyUnavailable('no broker'));
    await expect(away.context.publish('shop-1', parts, json)).rejects.toThrow(TemporarilyUnavailable);
  });

  it('is closed with the adapter, and when another one cannot start', async () => {
    const { servers, got } = await started();
    await servers.close();
    expect(got.closed).toBe(1);
    const failing = channelWith(() => Promise.reject(new Error('port taken')));
    const surroundings = { accounts: new AccountIndex([], []), sender: new RecordingSender(), logger };
    const place = { host: '127.0.0.1', env: {}, logger };
    await expect(startServers(failing.channel, surroundings, place)).rejects.toThrow('port taken');
    expect(failing.got.closed).toBe(1);
  });
});
