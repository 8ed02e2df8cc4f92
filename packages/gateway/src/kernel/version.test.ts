import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compareVersions, VERSION } from './version.ts';

test('VERSION is the version in package.json', async () => {
  const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(VERSION).toBe(manifest.version);
});

test.each([
  ['0.1.0', '0.1.0', 0],
  ['0.1.0', '0.1.7', 0],
  ['0.1.0', '0.2.0', -1],
  ['0.10.0', '0.9.9', 1],
  ['1.0.0', '0.99.0', 1],
  ['2.0.0-rc.1', '2.0.0', 0],
] as const)('%s compared with %s has the sign %d', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b) ?? Number.NaN)).toBe(sign);
});

test.each(['', '1', '1.2', 'v1.2.3', 'later'])('%j is not comparable as a version', (text) => {
  expect(compareVersions(text, '1.0.0')).toBeUndefined();
});
