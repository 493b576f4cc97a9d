import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { portSetting, projectRoot } from '@lienmach/tools';
import { defaultPorts } from '../../tools/src/start/plan.js';
import { referencesIn } from '../../tools/src/start/secrets.js';

interface Service {
  image: string;
  user?: string;
  restart: string;
  command?: string[];
  environment?: Record<string, string | number>;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
  volumes?: string[];
}

const read = (name: string) => readFileSync(join(projectRoot, name), 'utf8');
const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, unknown> };
const services = Object.entries(compose.services);
const apps = readdirSync(join(projectRoot, 'apps')).filter((name) =>
  existsSync(join(projectRoot, 'apps', name, 'src', 'main.ts')),
);
const isApp = ([name]: [string, Service]) => name === 'core' || name.startsWith('adapter-');

/** The default port that an adapter's definition names; core has its own. */
function ownPort(app: string): number {
  const file = app === 'core' ? 'core.config.ts' : `${app.replace('adapter-', '')}.channel.ts`;
  const found = /(?:defaultPort:|port: number =)\s*(\d+)/.exec(read(join('apps', app, 'src', file)));
  return Number(found?.[1]);
}

describe('docker-compose.yml', () => {
  it('has one service for every app and no other', () => {
    expect(
      services
        .filter(isApp)
        .map(([name]) => name)
        .sort(),
    ).toEqual([...apps].sort());
  });

  it.each(apps)('gives %s its own default port, which it listens on, publishes and asks for its health', (app) => {
    const service = compose.services[app] as Service;
    const port = defaultPorts().get(app);
    expect(port).toBe(ownPort(app));
    expect(service.ports?.[0]).toBe(`\${PUBLISH_HOST:-127.0.0.1}:\${${portSetting(app)}:-${port}}:${port}`);
    expect(service.healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${port}/health/ready`);
  });

  it('runs programs that exist', () => {
    for (const [name, { command }] of services) {
      const program = command?.[1];
      if (program)
        expect([name, existsSync(join(projectRoot, program.replace(/^dist\//, '').replace(/\.js$/, '.ts')))]).toEqual([
          name,
          true,
        ]);
    }
  });

  it('pins every image', () => {
    const images = services.map(([, { image }]) => image).filter((image) => image !== 'lienmach:local');
    expect(images.filter((image) => !/^[a-z/]+:\d+\.\d+(\.\d+)?$/.test(image))).toEqual([]);
    const bases = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(bases).toEqual(['node:20.20.2-bookworm-slim', 'node:20.20.2-bookworm-slim']);
  });

  it('asks everything that keeps running for its health, and waits by condition for what it needs', () => {
    const running = services.filter(([, { restart }]) => restart !== 'no');
    expect(running.filter(([, { healthcheck }]) => !healthcheck).map(([name]) => name)).toEqual([]);
    for (const [name, { depends_on: needs = {} }] of services) {
      for (const [needed, { condition }] of Object.entries(needs)) {
        const once = compose.services[needed]?.restart === 'no';
        expect([name, needed, condition]).toEqual([
          name,
          needed,
          once ? 'service_completed_successfully' : 'service_healthy',
        ]);
      }
    }
    for (const [, { depends_on: needs }] of services.filter(isApp))
      expect(Object.keys(needs ?? {})).toEqual(['migrate', 'topics']);
  });

  it('keeps data in named volumes, PostgreSQL 18 one level above its data', () => {
    const named = services.flatMap(([, { volumes = [] }]) => volumes.filter((volume) => /^[a-z-]+:/.test(volume)));
    expect(named.sort()).toEqual([
      'blobs-data:/var/lib/lienmach/blobs',
      'kafka-data:/var/lib/kafka/data',
      'postgres-data:/var/lib/postgresql',
      'sms-parts-data:/var/lib/lienmach/sms-parts',
      'spool-data:/var/lib/lienmach/spool',
      'spool-data:/var/lib/lienmach/spool',
    ]);
    expect(compose.services['adapter-email']?.environment?.['BLOBS_DIR']).toBe('/var/lib/lienmach/blobs');
    for (const name of ['adapter-facebook', 'adapter-zalo'])
      expect(compose.services[name]?.environment?.['SPOOL_DIR']).toBe('/var/lib/lienmach/spool');
    expect(compose.services['adapter-sms']?.environment?.['SMS_PARTS_DIR']).toBe('/var/lib/lienmach/sms-parts');
    expect(compose.services['kafka']?.environment?.['KAFKA_LOG_DIRS']).toBe('/var/lib/kafka/data');
    expect(Object.keys(compose.volumes).sort()).toEqual([...new Set(named.map((volume) => volume.split(':')[0]))]);
  });

  it('runs nothing as root', () => {
    expect(compose.services['postgres']?.user).toBe('postgres');
    expect(read('Dockerfile')).toMatch(/^USER node$/m);
  });

  it('refuses to start without a secret, and .env.example names each', () => {
    const required = [...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name))].sort();
    const example = read('.env.example');
    expect([...example.matchAll(/^(\w+)=$/gm)].map(([, name]) => name).sort()).toEqual(required);
    const optional = [...new Set([...text.matchAll(/\$\{(\w+):-/g)].map(([, name]) => name))].sort();
    expect([...example.matchAll(/^# (\w+)=/gm)].map(([, name]) => name).sort()).toEqual(optional);
  });

  it('gives the adapters together every secret of the demo accounts', () => {
    const given = services.filter(isApp).flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(referencesIn(read('tools/demo/accounts.yaml')).filter((name) => !given.includes(name))).toEqual([]);
  });

  it('hands the first token to core alone', () => {
    expect(services.filter(([, { environment = {} }]) => 'ADMIN_TOKEN' in environment).map(([name]) => name)).toEqual([
      'core',
    ]);
  });
});
