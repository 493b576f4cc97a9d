import { describe, expect, it } from '@jest/globals';
import { defaultPorts, planStart } from './plan.js';

const names = ['core', 'adapter-facebook'];
const defaults = new Map([
  ['core', 3000],
  ['adapter-facebook', 3101],
]);
const plan = (env: NodeJS.ProcessEnv) => planStart(env, names, defaults);

describe('the plan of npm start', () => {
  it('is embedded, with the demo accounts, when nothing is set', () => {
    const { databaseUrl, kafkaBrokers, accountsFile, host, dataDir } = plan({});
    expect([databaseUrl, kafkaBrokers, host]).toEqual([null, null, '127.0.0.1']);
    expect(accountsFile).toMatch(/tools.demo.accounts\.yaml$/);
    expect(dataDir).toMatch(/\.data$/);
  });

  it('takes ports from the settings, else from the compose file', () => {
    expect(plan({ CORE_PORT: '4000', FACEBOOK_PORT: '' }).apps.map(({ port }) => port)).toEqual([4000, 3101]);
  });

  it.each(['0', '65536', '80a', '-1'])('refuses the port %s by the name of its setting', (port) => {
    expect(() => plan({ FACEBOOK_PORT: port })).toThrow(`FACEBOOK_PORT is "${port}"`);
  });

  it('asks for the port of an app that the compose file does not know', () => {
    expect(() => planStart({}, ['adapter-viber'], defaults)).toThrow('VIBER_PORT is unset');
  });

  it('refuses one port for two', () => {
    expect(() => plan({ CORE_PORT: '3101' })).toThrow('CORE_PORT and FACEBOOK_PORT are both 3101');
  });

  it('makes no keys for a database of the user’s own, but asks for them', () => {
    const DATABASE_URL = 'postgres://db/lienmach';
    expect(() => plan({ DATABASE_URL })).toThrow('SECRETS_KEY and ADMIN_TOKEN must be set');
    expect(() => plan({ DATABASE_URL, SECRETS_KEY: 'x' })).toThrow(/^ADMIN_TOKEN must be set/);
    expect(plan({ DATABASE_URL, SECRETS_KEY: 'x', ADMIN_TOKEN: 'y' })).toMatchObject({
      databaseUrl: DATABASE_URL,
      accountsFile: null,
    });
  });

  it('reads the ports of a compose file', () => {
    const compose = `
x-base: &base { HOST: 0.0.0.0 }
services:
  kafka: { image: x }
  core: { environment: { <<: *base, CORE_PORT: 3000 } }
  adapter-facebook: { environment: { FACEBOOK_PORT: '3101' } }`;
    expect(defaultPorts(compose)).toEqual(defaults);
  });
});
