/** The cache manager of NestJS, installed from the registry, as the store of tokens of the packed client library. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packSdk } from '../../test/support/pack-sdk.ts';
import { NoRegistry, npm } from './tools.ts';

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
let folder: string;
let whyNot: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-nest-'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: DEPENDENCIES }));
  await cp(FIXTURE, join(folder, 'nest-cache.mjs'));
  const tarball = await packSdk(folder);
  await npm(folder, ['install', '--ignore-scripts', '--no-package-lock', tarball]).catch((error: unknown) => {
    if (!(error instanceof NoRegistry)) throw error;
    whyNot = error.message;
  });
}, 300_000);
afterAll(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

it('NestJS: the injected cache shares one login, and one more after a refusal', async (context) => {
  if (whyNot !== undefined) context.skip(whyNot);
  const { stdout } = await promisify(execFile)(process.execPath, ['nest-cache.mjs'], { cwd: folder, timeout: 60_000 });
  expect(JSON.parse(stdout)).toEqual({ shared: 1, afterRefusal: 2, kept: 'string' });
}, 90_000);
