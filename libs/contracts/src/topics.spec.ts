import { describe, expect, it } from '@jest/globals';
import { CHANNEL_DATA, EVENT_TYPES } from './events/channel-event.js';
import { CORE_DATA } from './events/core-event.js';
import { CHANNEL_FAMILIES, TOPIC_DEFINITIONS } from './topics.js';

describe('topics', () => {
  it('carry only families that have a class', () => {
    const known = Object.keys({ ...CHANNEL_DATA, ...CORE_DATA });
    expect(TOPIC_DEFINITIONS.flatMap(({ families }) => families).filter((family) => !known.includes(family))).toEqual(
      [],
    );
  });

  it('leave no family and no type out', () => {
    const carried = new Set(TOPIC_DEFINITIONS.flatMap(({ families }) => families));
    expect([...carried].sort()).toEqual(Object.keys({ ...CHANNEL_DATA, ...CORE_DATA }).sort());
    expect([...CHANNEL_FAMILIES].sort()).toEqual([...new Set(Object.values(EVENT_TYPES))].sort());
  });

  it('have names of their own', () => {
    const names = TOPIC_DEFINITIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
