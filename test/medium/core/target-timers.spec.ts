import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TargetService } from '../../../apps/core/src/public.js';
import { CoreDatabase } from './core-database.js';
import { at, DAY, HOUR, message, MINUTE, reply, TENANT } from './stories.js';

interface TargetRow {
  type: string;
  payload: { id: string; time: string; data: { stage: string; workingMs: number; wallMs: number; late?: boolean } };
}

describe('timers of waiting customers', () => {
  let core: CoreDatabase;

  beforeEach(async () => {
    core = await CoreDatabase.create();
  }, 60_000);
  afterEach(() => core.close());

  const now = (ms: number): number => Date.parse(at(ms));
  const fire = async (ms: number): Promise<string[]> => {
    const { stages } = await new TargetService(core.source).fireDue(now(ms), 100);
    return [...stages];
  };
  const targets = async (): Promise<TargetRow[]> =>
    core.query(`SELECT type, payload FROM core.outbox WHERE aggregatetype = 'target.events.v1' ORDER BY seq`);
  const typesOf = (rows: readonly TargetRow[]): string[] => rows.map(({ type }) => type);
  const stage = async (): Promise<string> =>
    (await core.query<{ stage: string }>('SELECT stage FROM core.conversation'))[0]!.stage;

  it('tell each stage once, at the time at which it was reached, and the state with it', async () => {
    await core.take([message('lan', 'm1', 0, 'shop ơi')]);
    await core.settle();
    expect(await fire(29 * MINUTE)).toEqual([]);
    expect(await fire(31 * MINUTE)).toEqual(['warned']);
    expect(await fire(59 * MINUTE)).toEqual([]);
    expect(await fire(61 * MINUTE)).toEqual(['breached']);
    expect(await fire(6 * DAY)).toEqual([]);
    expect(await fire(8 * DAY)).toEqual(['danger']);
    expect(await fire(80 * DAY)).toEqual([]);

    const rows = await targets();
    expect(rows.map(({ type, payload: { time, data } }) => [type, time, data.stage, data.wallMs, data.late])).toEqual([
      ['target.started', at(0), 'running', 0, undefined],
      ['target.warned', at(30 * MINUTE), 'warned', 30 * MINUTE, undefined],
      ['target.breached', at(HOUR), 'breached', HOUR, undefined],
      ['target.endangered', at(7 * DAY), 'danger', 7 * DAY, undefined],
    ]);
    expect(new Set(rows.map(({ payload }) => payload.id)).size).toBe(4);
    const states = await core.query<{ payload: { clock: { stage: string } } }>(
      `SELECT payload FROM core.outbox WHERE aggregatetype = 'conversation.state.v1' ORDER BY seq`,
    );
    expect(states.map(({ payload }) => payload.clock.stage)).toEqual(['running', 'warned', 'breached', 'danger']);
  });

  it('fall silent with the answer, and begin anew with the next question', async () => {
    await core.take([message('lan', 'm1', 0, 'shop ơi')]);
    await core.settle();
    await fire(31 * MINUTE);
    await core.take([reply('lan', 'r1', 40 * MINUTE)]);
    await core.settle();
    expect(await stage()).toBe('stopped');
    expect(await fire(3 * HOUR)).toEqual([]);
    await core.take([message('lan', 'm2', 4 * HOUR, 'còn đơn kia?')]);
    await core.settle();
    expect(await fire(4 * HOUR + 31 * MINUTE)).toEqual(['warned']);
    expect(typesOf(await targets())).toEqual([
      'target.started',
      'target.warned',
      'target.stopped',
      'target.started',
      'target.warned',
    ]);
  });

  it('keep what was told while the customer goes on waiting', async () => {
    await core.take([message('lan', 'm1', 0, 'shop ơi')]);
    await core.settle();
    await fire(31 * MINUTE);
    await core.take([message('lan', 'm2', 35 * MINUTE, 'shop đâu rồi')]);
    await core.settle();
    expect(await stage()).toBe('warned');
    expect(await fire(36 * MINUTE)).toEqual([]);
    expect(await fire(61 * MINUTE)).toEqual(['breached']);
  });

  it('tell as late what had passed before the message came', async () => {
    await core.take([{ ...message('lan', 'm1', 0, 'shop ơi'), receivedtime: at(50 * MINUTE) }]);
    await core.settle();
    expect(await fire(2 * HOUR)).toEqual(['warned', 'breached']);
    expect((await targets()).slice(1).map(({ type, payload: { data } }) => [type, data.late ?? false])).toEqual([
      ['target.warned', true],
      ['target.breached', false],
    ]);
  });

  it('count in the working time of a tenant as soon as it has set one, and by what it sets later', async () => {
    const office = ['08:00-12:00', '13:30-17:30'];
    // the story begins at 08:00 of a Monday in Vietnam
    const set = (version: number, week: object) =>
      core.write('INSERT INTO core.calendar (tenant, version, calendar, at, actor) VALUES ($1, $2, $3, now(), $4)', [
        TENANT,
        version,
        JSON.stringify({ zone: 'Asia/Ho_Chi_Minh', week, holidays: 'VN', days: {} }),
        'Lan',
      ]);
    await set(1, { mon: office, tue: office });
    await core.take([message('lan', 'm1', 3 * HOUR + 50 * MINUTE, 'shop ơi')]);
    await core.settle();
    // ten minutes before lunch: another twenty after it
    expect(await fire(5 * HOUR + 49 * MINUTE)).toEqual([]);
    expect(await fire(5 * HOUR + 51 * MINUTE)).toEqual(['warned']);
    await set(2, { tue: office });
    expect(await fire(12 * HOUR)).toEqual([]);
    await set(3, { mon: ['08:00-24:00'] });
    expect(await fire(12 * HOUR)).toEqual(['breached']);
    await core.take([reply('lan', 'r1', 13 * HOUR)]);
    await core.settle();
    expect((await targets()).map(({ payload: { time, data } }) => [time, data.workingMs, data.wallMs])).toEqual([
      [at(3 * HOUR + 50 * MINUTE), 0, 0],
      [at(5 * HOUR + 50 * MINUTE), 30 * MINUTE, 2 * HOUR],
      [at(4 * HOUR + 50 * MINUTE), HOUR, HOUR],
      [at(13 * HOUR), 9 * HOUR + 10 * MINUTE, 9 * HOUR + 10 * MINUTE],
    ]);
  });

  it('are not told twice by processes that look at the same time, nor lost with one that dies', async () => {
    await core.take(Array.from({ length: 30 }, (_, nth) => message(`c${nth}`, `m${nth}`, nth, 'shop ơi')));
    await core.settle();
    // one dies before its commit
    const dying = core.source.transaction(async (manager) => {
      const own = { transaction: (work: (inside: typeof manager) => Promise<unknown>) => work(manager) };
      const { due } = await new TargetService(own as never).fireDue(now(31 * MINUTE), 10);
      expect(due).toBe(10);
      expect((await new TargetService(core.source).fireDue(now(31 * MINUTE), 15)).due).toBe(15);
      throw new Error('killed');
    });
    await expect(dying).rejects.toThrow('killed');
    const rounds = await Promise.all(
      Array.from({ length: 4 }, () => new TargetService(core.source).fireDue(now(31 * MINUTE), 10)),
    );
    expect(rounds.reduce((sum, { due }) => sum + due, 0)).toBe(15);
    const warned = (await targets()).filter(({ type }) => type === 'target.warned');
    expect(warned).toHaveLength(30);
    expect(new Set(warned.map(({ payload }) => payload.id)).size).toBe(30);
  });
});
