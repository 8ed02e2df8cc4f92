/** Callbacks in Express 4 and 5, Koa and Hono from the registry, with the packed client library. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import { signCallback } from '@webpos/sdk/testing';
import { bodyOf } from '../../packages/sdk/test/callbacks.ts';
import { freePorts } from '../../test/support/free-ports.ts';
import { packedSdk } from '../../test/support/programs/packed-sdk.ts';
import { installedFolder } from './installed-folder.ts';

const FIXTURE = fileURLToPath(new URL('fixtures/frameworks.mjs', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../examples/callbacks/express.mjs', import.meta.url));
const DEPENDENCIES = {
  '@hono/node-server': '1.19.6',
  express4: 'npm:express@4.21.2',
  express5: 'npm:express@5.1.0',
  hono: '4.10.7',
  koa: '3.1.1',
  'koa-body': '7.0.1',
  'koa-bodyparser': '4.4.1',
};
const folder = installedFolder(DEPENDENCIES, async (at) => {
  await cp(FIXTURE, join(at, 'frameworks.mjs'));
  return [await packedSdk()];
});

it('every framework refuses an unsigned POST, and accepts the valid one after it', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['frameworks.mjs'], { cwd: folder(), timeout: 60_000 });
  const [taken, parsedTooEarly] = [
    [400, 400, 204],
    [500, 500, 500],
  ];
  expect(JSON.parse(stdout)).toEqual({
    'express4 /adapter': taken,
    'express4 /bare': taken,
    'express4 /late': parsedTooEarly,
    'express5 /adapter': taken,
    'express5 /bare': taken,
    'express5 /late': parsedTooEarly,
    'koa-bodyparser /adapter': taken,
    'koa-body /adapter': taken,
    'koa-body that keeps nothing /adapter': parsedTooEarly,
    'hono /adapter': taken,
    'hono /raw': taken,
    'hono /text': taken,
    'hono /json': taken,
    'hono /arrayBuffer': taken,
    'hono /eaten': parsedTooEarly,
  });
}, 240_000);

it.each(['express4', 'express5'])(
  'the example survives an unsigned POST in %s',
  async (version) => {
    const [port = 0] = await freePorts(1);
    const example = (await readFile(EXAMPLE, 'utf8')).replace("from 'express'", `from '${version}'`);
    await writeFile(join(folder(), `${version}.mjs`), example);
    const shop = spawn(process.execPath, [`${version}.mjs`], {
      cwd: folder(),
      env: { PATH: process.env['PATH'], WEBPOS_SECRET: 'of the shop', PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      let out = '';
      shop.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      await vi.waitFor(() => expect(out).toContain('are taken at'), { timeout: 60_000 });
      const body = bodyOf();
      const post = async (headers: Record<string, string>): Promise<number> =>
        (await fetch(`http://127.0.0.1:${port}/callback`, { method: 'POST', body, headers })).status;
      expect(await post({})).toBe(400);
      expect(await post({ 'chainside-signature': await signCallback(body, 'of the shop') })).toBe(204);
      await vi.waitFor(() => expect(out).toContain('payment.completed'), { timeout: 60_000 });
      expect(shop.exitCode).toBeNull();
    } finally {
      shop.kill('SIGKILL');
      if (shop.exitCode === null && shop.signalCode === null) await once(shop, 'exit');
    }
  },
  60_000,
);
