import { describe, expect, it } from '@jest/globals';
import { referencesIn } from './secrets.js';

describe('references of an accounts file', () => {
  it('are found once each, in their order, outside comments', () => {
    const text = '# ${COMMENTED}\na: "${B_SECRET}"\nb: "x${A}y${B_SECRET}"\n  # ${INDENTED}\nc: $PLAIN';
    expect(referencesIn(text)).toEqual(['B_SECRET', 'A']);
  });
});
