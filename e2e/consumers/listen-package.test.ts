/** The packed listener, installed as `npx @webpos/listen` installs it: with only the packed client library. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CallbackHandler } from '@webpos/sdk/callbacks';
import { nodeCallbacks } from '@webpos/sdk/adapters';
import { expect, it, vi } from 'vitest';
import { createSandboxPos } from '../../scripts/support/sandbox-pos.ts';
import { packedSdk } from '../../test/support/programs/packed-sdk.ts';
import { openSandboxGateway } from '../../test/support/sandbox-gateway.ts';
import { installedFolder } from './installed-folder.ts';

const LISTEN = fileURLToPath(new URL('../../packages/listen', import.meta.url));
const run = promisify(execFile);
const folder = installedFolder({}, async (at) => [await packedSdk(), await packListener(join(at, 'listener'))]);

/** Builds and packs it in a copy, so that it does not disturb another build. */
async function packListener(to: string): Promise<string> {
  const tsdown = join(dirname(createRequire(import.meta.url).resolve('tsdown/package.json')), 'dist/run.mjs');
  await mkdir(to);
  await run(process.execPath, [tsdown, '--out-dir', join(to, 'dist')], { cwd: LISTEN });
  for (const file of ['package.json', 'bin', 'README.md', 'LICENSE'])
    await cp(join(LISTEN, file), join(to, file), { recursive: true });
  await run('npm', ['pack', '--pack-destination', to], { cwd: to });
  return join(
    to,
    (await readdir(to)).find((file) => file.endsWith('.tgz'))!,
  );
}

it('the listener needs nothing but the client library', async () => {
  const modules = join(folder(), 'node_modules');
  expect((await readdir(modules)).filter((name) => !name.startsWith('.'))).toEqual(['@webpos']);
  expect((await readdir(join(modules, '@webpos'))).sort((a, b) => a.localeCompare(b))).toEqual(['listen', 'sdk']);
});

it('the listener forwards an event that it has triggered, and ends on Ctrl-C', async () => {
  await using sandbox = await openSandboxGateway();
  const pos = await createSandboxPos(sandbox.gateway, 1);
  const received: string[] = [];
  const take = nodeCallbacks(new CallbackHandler({ secret: pos.secret }), ({ event }) => void received.push(event));
  const shop = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  const words = ['--forward-to', `http://127.0.0.1:${(shop.address() as AddressInfo).port}/callback`, '--secret-stdin'];
  const listener = spawn(join(folder(), 'node_modules/.bin/webpos-listen'), [...words, '--trigger', 'payment.completed'], {
    env: { PATH: process.env['PATH'], WEBPOS_URL: sandbox.gateway.url, WEBPOS_CLIENT_ID: pos.clientId },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    listener.stdin.end(pos.secret);
    let out = '';
    listener.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    await vi.waitFor(() => expect(out).toMatch(/payment\.completed +[\da-f-]{36} {2}204 {2}\d+ ms\n/), { timeout: 60_000 });
    expect(received).toEqual(['payment.completed']);
    listener.kill('SIGINT');
    expect(await once(listener, 'close')).toEqual([0, null]);
  } finally {
    listener.kill('SIGKILL');
    shop.closeAllConnections();
    shop.close();
  }
}, 240_000);
