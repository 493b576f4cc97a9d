import { describe, expect, it } from '@jest/globals';
import { majorOf, parseJavaVersion } from './java.js';

describe('Java versions', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6)', '17.0.15', 17],
    ['java version "1.8.0_392"\nJava(TM) SE Runtime Environment', '1.8.0_392', 8],
    ['openjdk version "21" 2023-09-19', '21', 21],
    ['openjdk version "25-ea" 2025-09-16', '25-ea', 25],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "11.0.2" 2019-01-15', '11.0.2', 11],
  ])('reads %j', (output, version, major) => {
    expect(parseJavaVersion(output)).toBe(version);
    expect(majorOf(version)).toBe(major);
  });

  it('finds no version in other words', () => {
    expect(parseJavaVersion('No Java runtime present, requesting install.')).toBeNull();
  });
});
