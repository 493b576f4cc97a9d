import { describe, expect, it } from '@jest/globals';
import { jvmOptions, serverProperties } from './kafka-settings.js';

describe('settings of the embedded broker', () => {
  const lines = serverProperties({ dataDir: 'C:\\data', port: 9092, controllerPort: 9093 }).split('\n');

  it('listens on its own two ports and on this machine only', () => {
    expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093');
    expect(lines).toContain('controller.quorum.voters=1@127.0.0.1:9093');
  });

  it('keeps the backslashes of a path, which properties files read as escapes', () => {
    expect(lines).toContain('log.dirs=C:\\\\data');
  });

  it('takes records of 4 MiB and makes no topic by itself', () => {
    expect(lines).toContain('message.max.bytes=4194304');
    expect(lines).toContain('auto.create.topics.enable=false');
  });

  it('is small by default and optimises under load', () => {
    expect(jvmOptions('256m', false)).toEqual(['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']);
    expect(jvmOptions('1g', true)).toEqual(['-Xms1g', '-Xmx1g', '-XX:+UseG1GC']);
  });
});
