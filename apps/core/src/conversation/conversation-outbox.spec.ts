import { describe, expect, it } from '@jest/globals';
import { threadEventRow } from './conversation-outbox.js';
import { threadEvent } from './thread-event.js';

describe('an event of threads as it is published', () => {
  const resolved = threadEvent('c-1', 1_000, 'act-1', { type: 'conversation.resolved' });

  it("names the agent whose act it follows from, and a rule's word nobody", () => {
    const { payload } = threadEventRow('demo', 'p-1', resolved, 1, 'Lan, evening shift');
    expect(payload).toMatchObject({ data: { cause: 'agent', actor: 'Lan, evening shift', personId: 'p-1' } });
    const reopened = threadEvent('c-1', 2_000, 'item-1', { type: 'conversation.reopened' });
    expect(threadEventRow('demo', 'p-1', reopened, 1).payload).toMatchObject({ data: { cause: 'item', actor: null } });
  });

  it.each([
    ['reference', 'T1'],
    ['call-back', 'T2'],
    ['same-person', 'T5'],
    ['agent', 'T11'],
  ] as const)('names for a link by %s the rule %s', (by, rule) => {
    const linked = threadEvent('c-1', 1_000, 'item-1', { type: 'conversation.linked', segmentId: 's-1', by });
    expect(threadEventRow('demo', 'p-1', linked, 1).payload).toMatchObject({ data: { cause: by, rule } });
  });

  it('tells a stopped clock from its start to its stop', () => {
    const stopped = threadEvent('c-1', 90_000, 'item-2', { type: 'target.stopped', waitedMs: 60_000, by: 'call' });
    expect(threadEventRow('demo', null, stopped, 1)).toMatchObject({
      aggregatetype: 'target.events.v1',
      payload: {
        data: {
          startedAt: '1970-01-01T00:00:30.000Z',
          stoppedAt: '1970-01-01T00:01:30.000Z',
          wallMs: 60_000,
          stoppedBy: 'call',
        },
      },
    });
  });
});
