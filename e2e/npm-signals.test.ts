/** Whatever npm starts ends with npm: stopping the script stops the gateway and frees its port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gatewayFiles } from '../test/support/gateway-files.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-npm-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

it.each([
  ['webpos', ['--', 'serve']],
  ['start', []],
])(
  'SIGTERM to npm run %s ends the gateway too',
  async (script, words) => {
    const npm = spawn('npm', ['run', '--silent', script, ...words], {
      cwd: ROOT,
      env: {
        ...process.env,
        ...gatewayFiles(folder),
        WEBPOS_PORT: '0',
        SHOP_PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child = npm;
    let out = '';
    npm.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    await vi.waitFor(() => expect(out).toMatch(/http:\/\/127\.0\.0\.1:\d+/), { timeout: 100_000, interval: 100 });
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(out) ?? [];
    const health = (): Promise<Response> => fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) });
    expect((await health()).ok).toBe(true);
    const ended = once(npm, 'close');
    npm.kill('SIGTERM');
    await ended;
    await vi.waitFor(() => expect(health()).rejects.toThrow('fetch failed'), { timeout: 60_000, interval: 200 });
  },
  180_000,
);
