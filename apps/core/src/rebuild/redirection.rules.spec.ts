import { describe, expect, it } from '@jest/globals';
import { redirect } from './redirection.rules.js';

describe('a statement over the tables beside the live ones', () => {
  it('finds projections there, each by its whole name', () => {
    expect(
      redirect('SELECT FROM core.item i JOIN core.item_words w USING (tenant) JOIN core.item_alias a ON true'),
    ).toBe('SELECT FROM core_next.item i JOIN core_next.item_words w USING (tenant) JOIN core.item_alias a ON true');
    expect(redirect('DELETE FROM core.conversation; DELETE FROM core.conversation_name')).toBe(
      'DELETE FROM core_next.conversation; DELETE FROM core_next.conversation_name',
    );
  });

  it('writes marks, outbox and records in its session alone', () => {
    expect(redirect('INSERT INTO core.dirty SELECT FROM core.evidence; UPDATE core.identifier SET standing = 1')).toBe(
      'INSERT INTO pg_temp.dirty SELECT FROM pg_temp.evidence; UPDATE pg_temp.identifier SET standing = 1',
    );
  });

  it('reads what was said where it is', () => {
    const sql = 'SELECT FROM core.event JOIN core.event_target ON true JOIN core.act ON true JOIN core.thread ON true';
    expect(redirect(sql)).toBe(sql);
    expect(redirect("SELECT notcore.item, 'core_item'")).toBe("SELECT notcore.item, 'core_item'");
  });
});
