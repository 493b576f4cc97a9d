import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@lienmach/contracts';
import { Api, demo, facebookMessages, rival, startPipeline, waitUntil, type Pipeline } from '../support/index.js';

/** The same customer, by the same number and the same ids, of two tenants on one stack. */
describe('two tenants on one stack', () => {
  const psid = '7400000000000001';
  const shops = [demo, rival];
  let pipeline: Pipeline;

  beforeAll(async () => {
    pipeline = await startPipeline();
  }, 120_000);

  afterAll(() => pipeline?.stop(), 30_000);

  const apiOf = (tenant: string) => new Api(pipeline.app('core').url, tenant);

  it('each sees its own, and by no id of the other anything of it', async () => {
    const people = new Map<string, string>();
    for (const shop of shops) {
      const text = `của ${shop.tenant}, SĐT 0905 999 000`;
      const webhook = facebookMessages([{ mid: 'm_same', psid, text, at: Date.now() }], shop);
      expect((await pipeline.send(webhook)).status).toBe(200);
      const person = await waitUntil(`the message of ${shop.tenant}`, async () => {
        return (await apiOf(shop.tenant).peopleOf('fb_psid', psid, shop.page))[0];
      });
      expect((await apiOf(shop.tenant).timeline(person)).map((item) => item.text)).toEqual([text]);
      people.set(shop.tenant, person);
    }
    const [own, foreign] = [people.get(demo.tenant) as string, people.get(rival.tenant) as string];
    expect(own).not.toBe(foreign);
    const api = apiOf(demo.tenant);
    for (const path of [`/v1/people/${foreign}`, `/v1/people/${foreign}/timeline`, `/v1/people/${foreign}/why`]) {
      await expect(api.get(path)).rejects.toThrow('answered 404');
    }
    expect(await api.peopleOf('fb_psid', psid, rival.page)).toEqual([]);
    expect(await api.peopleOf('phone', '0905999000')).toEqual([own]);
  }, 60_000);

  it('and their records never share a key', async () => {
    const keys = (await pipeline.events(TOPICS.interactionEvents)).map(({ tenant, key }) => [tenant, key]);
    expect(keys.sort()).toEqual(shops.map(({ tenant, page }) => [tenant, `${tenant}|facebook|${page}|${psid}`]));
  });
});
