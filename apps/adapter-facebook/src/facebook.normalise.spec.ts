import { describe, expect, it } from '@jest/globals';
import type { ChannelAccount } from '@lienmach/adapter-kit';
import type { FacebookSettings } from './facebook.config.js';
import { normaliseFacebook } from './facebook.normalise.js';

const page = (id: string): ChannelAccount<FacebookSettings> => ({
  tenant: 'demo',
  channel: 'facebook',
  vendor: 'facebook',
  id,
  settings: { appSecret: 's', verifyToken: 'v' },
  ownNumbers: [],
});
const normalise = (...entries: unknown[]) =>
  normaliseFacebook({ object: 'page', entries }, (id) => (id === '1' || id === '2' ? page(id) : undefined));

const text = (mid: string) => ({
  sender: { id: '77' },
  recipient: { id: '1' },
  timestamp: 1795140930120,
  message: { mid, text: mid },
});
const feed = (value: object) => ({ id: '1', time: 1795140930, changes: [{ field: 'feed', value }] });
const messaging = (event: object) => ({ id: '1', messaging: [{ sender: { id: '77' }, ...event }] });

describe('normaliseFacebook counts what it does not know', () => {
  it.each<[string, object, string[]]>([
    ['a messaging event', messaging({ game_play: {} }), ['game_play']],
    ['a messaging event without any field', messaging({}), ['messaging']],
    [
      'both spellings of one',
      { id: '1', messaging: [{ policy_enforcement: {} }, { 'policy-enforcement': {} }] },
      ['policy_enforcement', 'policy_enforcement'],
    ],
    [
      'an attachment',
      messaging({ message: { mid: 'm', attachments: [{ type: 'hologram' }] } }),
      ['attachment:hologram'],
    ],
    ['a reaction that is neither', messaging({ reaction: { mid: 'm', action: 'shrug' } }), ['reaction']],
    ['an item of the feed', feed({ item: 'album', verb: 'add' }), ['feed:album']],
    ['a verb', feed({ item: 'comment', verb: 'pin', post_id: '1_2', comment_id: '2_3' }), ['feed:comment:pin']],
    [
      'a name that every object has',
      feed({ item: 'reaction', verb: 'constructor', post_id: '1_2' }),
      ['feed:reaction:constructor'],
    ],
    ['a field', { id: '1', changes: [{ field: 'ratings', value: {} }] }, ['ratings']],
    ['an entry', { id: '1', surprises: [] }, ['entry']],
  ])('%s', (_name, entry, unknown) => {
    expect(normalise(entry).unknown).toEqual(unknown);
    expect(normalise(entry).malformed).toEqual([]);
  });
});

describe('normaliseFacebook sets aside what is broken', () => {
  it.each<[string, unknown, object[]]>([
    ['an entry that is none', null, [{ account: null, reason: 'an entry that is no object' }]],
    ['an entry without id', { messaging: [] }, [{ account: null, reason: 'an entry without its id' }]],
    ['a list that is none', { id: '1', messaging: {} }, [{ account: '1', reason: 'messaging is no list' }]],
    ['a message without mid', messaging({ message: {} }), [{ account: '1', reason: 'a message without its mid' }]],
    [
      'a message of nobody',
      { id: '1', messaging: [{ message: { mid: 'm' } }] },
      [{ account: '1', reason: 'a messaging event without its customer' }],
    ],
    ['a kind that is no object', messaging({ read: 5 }), [{ account: '1', reason: 'read is no object' }]],
    ['a receipt of nothing', messaging({ read: {} }), [{ account: '1', reason: 'a read without watermark and mids' }]],
    [
      'a comment without post',
      feed({ item: 'comment', verb: 'add', comment_id: '3' }),
      [{ account: '1', reason: 'a change of the feed without its post_id' }],
    ],
    [
      'another page',
      { id: '3', messaging: [text('m')] },
      [{ account: '3', reason: 'not an account that this signature proves' }],
    ],
  ])('%s', (_name, entry, malformed) => {
    const found = normalise({ id: '1', messaging: [text('before')] }, entry, { id: '2', messaging: [text('after')] });
    expect(found.malformed).toEqual(malformed);
    expect(found.events.map(({ account, data }) => [account, data.vendorEventId])).toEqual([
      ['1', 'before'],
      ['2', 'after'],
    ]);
  });
});

describe('normaliseFacebook gives an event the same id', () => {
  const ids = (...entries: unknown[]) => normalise(...entries).events.map(({ data }) => data.vendorEventId);

  it('when it is delivered again with a later time of the entry', () => {
    const events = [
      text('m'),
      { ...text('m'), message: undefined, postback: { payload: 'A' } },
      { ...text('m'), message: undefined, reaction: { mid: 'm', action: 'react' } },
    ].map((event) => JSON.parse(JSON.stringify(event)) as object);
    expect(ids({ id: '1', time: 1795140939999, messaging: events })).toEqual(
      ids({ id: '1', time: 1795140930999, messaging: events }),
    );
  });

  it('whether it came to us or to the app beside us', () => {
    expect(ids({ id: '1', standby: [text('m')] })).toEqual(ids({ id: '1', messaging: [text('m')] }));
  });

  it('never for two edits of one comment', () => {
    const edited = (time: number) => ({
      ...feed({ item: 'comment', verb: 'edited', post_id: '1_2', comment_id: '2_3', created_time: 1795140000 }),
      time,
    });
    expect(new Set(ids(edited(1795140930), edited(1795140931))).size).toBe(2);
  });
});

describe('an echo of our own app', () => {
  const echo = (message: object, appId = '9') =>
    normaliseFacebook(
      {
        object: 'page',
        entries: [
          {
            id: '1',
            messaging: [
              {
                sender: { id: '1' },
                recipient: { id: '77' },
                timestamp: 1795140930120,
                message: { mid: 'm', text: 'Dạ', is_echo: true, ...message },
              },
            ],
          },
        ],
      },
      (id) => ({ ...page(id), settings: { ...page(id).settings, appId } }),
    ).events[0]!.data;

  it('of a private answer names whom it reached by both of his ids', () => {
    expect(echo({ app_id: 9, metadata: 'cmd 55' })).toMatchObject({
      commandId: 'cmd',
      author: { kind: 'agent' },
      participants: [
        {
          kind: 'customer',
          identifiers: [
            { type: 'fb_psid', scope: '1', value: '77' },
            { type: 'fb_commenter', scope: '1', value: '55' },
          ],
        },
      ],
    });
  });

  it.each([
    ['of a message', { app_id: 9, metadata: 'cmd' }, 'cmd'],
    ['that is another application’s after all', { app_id: 10, metadata: 'cmd 55' }, undefined],
  ])('%s names nobody else', (_, message, commandId) => {
    expect(echo(message)).toMatchObject({ participants: [], ...(commandId && { commandId }) });
    expect('commandId' in echo(message)).toBe(commandId !== undefined);
  });
});
