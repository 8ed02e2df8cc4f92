/** The cache manager of NestJS from the registry, as the token store of the packed client library. */
import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { packedSdk } from '../../test/support/programs/packed-sdk.ts';
import { installedFolder } from './installed-folder.ts';

const FIXTURE = fileURLToPath(new URL('fixtures/nest-cache.mjs', import.meta.url));
const DEPENDENCIES = {
  '@nestjs/cache-manager': '3.1.3',
  '@nestjs/common': '11.2.10',
  '@nestjs/core': '11.2.10',
  'cache-manager': '7.2.9',
  keyv: '5.6.0',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
};
const folder = installedFolder(DEPENDENCIES, async (at) => {
  await cp(FIXTURE, join(at, 'nest-cache.mjs'));
  return [await packedSdk()];
});

it('clients share one login through the cache that NestJS injects, and one more after a refusal', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['nest-cache.mjs'], { cwd: folder(), timeout: 60_000 });
  expect(JSON.parse(stdout)).toEqual({ shared: 1, afterRefusal: 2, kept: 'string' });
}, 240_000);
