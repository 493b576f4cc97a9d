import { describe, expect, it } from '@jest/globals';
import { deterministicId } from '@lienmach/contracts';
import { diffThreads, type Threads } from './diff.rules.js';
import { MINUTE } from './fixtures/events.js';
import { ZALO, at, foldStory, replies, resolves, reopens, writes, type Told } from './fixtures/story.js';

const NOTHING: Threads = { segments: [], conversations: [] };
const hash = (name: string): string => deterministicId('event', name);
const conversation = (name: string): string => deterministicId('conversation', 'demo', hash(name));
const segment = (name: string): string => deterministicId('segment', 'demo', hash(name));
const types = (before: Threads, after: Threads): string[] => diffThreads(before, after, 'why').map(({ type }) => type);

/** As two people, each folded alone. */
const apart = (...people: Told[][]): Threads => {
  const folds = people.map((person) => foldStory(person));
  return {
    segments: folds.flatMap(({ segments }) => segments),
    conversations: folds.flatMap(({ conversations }) => conversations),
    switches: folds.flatMap(({ switches }) => switches),
  };
};

describe('what changed between two folds', () => {
  const an = [writes('a', '09:00')];
  const ba = [writes('b', '09:20', ZALO), replies('c', '09:30', ZALO)];
  const together = foldStory([...an, ...ba]);
  const alone = apart(an, ba);

  it('joined: the younger conversation goes into the older one', () => {
    const events = diffThreads(alone, together, 'evidence-1');
    expect(events).toMatchObject([
      {
        type: 'conversation.unlinked',
        conversationId: conversation('b'),
        segmentId: segment('b'),
        cause: 'evidence-1',
      },
      {
        type: 'conversation.linked',
        conversationId: conversation('a'),
        segmentId: segment('b'),
        by: 'same-person',
        cause: 'evidence-1',
      },
      {
        type: 'conversation.channel-switched',
        conversationId: conversation('a'),
        change: { from: 'facebook', to: 'zalo' },
      },
      { type: 'conversation.replied', conversationId: conversation('a'), waitedMs: 30 * MINUTE, by: 'message' },
      { type: 'target.stopped', conversationId: conversation('a'), waitedMs: 30 * MINUTE, by: 'message' },
    ]);
  });

  it('split again: every segment goes back, and the question waits as if it had never been answered', () => {
    expect(diffThreads(together, alone, 'retraction-1')).toMatchObject([
      { type: 'conversation.unlinked', conversationId: conversation('a'), segmentId: segment('b') },
      { type: 'conversation.opened', conversationId: conversation('b'), segmentId: segment('b') },
      { type: 'conversation.waiting', conversationId: conversation('a'), since: at('09:00') },
      { type: 'target.started', conversationId: conversation('a'), since: at('09:00') },
      { type: 'conversation.replied', conversationId: conversation('b'), waitedMs: 10 * MINUTE },
      { type: 'target.stopped', conversationId: conversation('b'), waitedMs: 10 * MINUTE },
    ]);
  });

  it('joined, split and joined again are events of their own', () => {
    const all = [
      ...diffThreads(NOTHING, alone, 'first'),
      ...diffThreads(alone, together, 'evidence-1'),
      ...diffThreads(together, alone, 'retraction-1'),
      ...diffThreads(alone, together, 'evidence-2'),
    ];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(diffThreads(alone, together, 'evidence-1')).toEqual(diffThreads(alone, together, 'evidence-1'));
  });

  it('of what is new are the events that its fold tells', () => {
    const told = foldStory([...an, ...ba]);
    const ids = told.events.map(({ id }) => id);
    for (const { id } of diffThreads(NOTHING, told, 'x')) expect(ids).toContain(id);
  });

  it('a late answer, a resolve, a reopening', () => {
    const waiting = foldStory(an);
    const answered = foldStory([...an, replies('r', '09:10')]);
    const resolved = foldStory([...an, resolves('done', '09:50')]);
    const reopened = foldStory([...an, resolves('done', '09:50'), reopens('undo', '10:00')]);
    expect(types(NOTHING, waiting)).toEqual(['conversation.opened', 'conversation.waiting', 'target.started']);
    expect(types(waiting, answered)).toEqual(['conversation.replied', 'target.stopped']);
    expect(types(waiting, resolved)).toEqual(['target.stopped', 'conversation.resolved']);
    expect(types(resolved, reopened)).toEqual(['conversation.reopened']);
    expect(types(reopened, reopened)).toEqual([]);
  });

  it('a question that goes away takes its wait with it', () => {
    const waiting = foldStory(an);
    expect(diffThreads(waiting, NOTHING, 'moved')).toMatchObject([
      { type: 'conversation.unlinked', cause: 'moved' },
      { type: 'target.stopped', by: 'withdrawn', conversationId: conversation('a') },
    ]);
    const removed = foldStory(
      an.map((told) => ({ ...told, items: told.items.map((item) => ({ ...item, waits: false })) })),
    );
    expect(diffThreads(waiting, removed, 'removal')).toMatchObject([{ type: 'target.stopped', by: 'withdrawn' }]);
  });
});
