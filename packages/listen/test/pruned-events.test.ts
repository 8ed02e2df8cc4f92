import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listen } from '../src/listen.ts';

const TOKEN = { access_token: 'the-access-token', token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c', scope: '*' };
const PRUNED = {
  error_code: '0001',
  message: 'ValidationError: after is from before the time for which this gateway keeps events',
  request_id: 'r-1',
  errors: { after: ['is from before that time'], resume_after: ['MTo3OjAxMjNhYmNk'] },
};

/** A gateway that has pruned the events after every cursor. */
const gateway = createServer((request, response) => {
  const isLogin = request.url === '/token';
  response.writeHead(isLogin ? 200 : 400, { 'content-type': 'application/json', 'webpos-mode': 'sandbox' });
  request.resume().on('end', () => response.end(JSON.stringify(isLogin ? TOKEN : PRUNED)));
});
let folder: string;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-listen-'));
  await once(gateway.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterAll(async () => {
  gateway.close().closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

const run = (...words: string[]): Promise<void> =>
  listen({
    words: ['--forward-to', 'http://127.0.0.1:9/', ...words],
    environment: { WEBPOS_URL: url, WEBPOS_CLIENT_ID: 'shop', WEBPOS_SECRET: 'a secret' },
    out: () => {},
    err: () => {},
    now: Date.now,
    readStdin: () => Promise.resolve(''),
    signal: AbortSignal.timeout(30_000),
  });

it('says that events are missing after the given cursor, and how to go on', async () => {
  const failing = run('--after', 'MTo1OjAxMjNhYmNk');
  await expect(failing).rejects.toThrow(/not stored any more.*start with --after MTo3OjAxMjNhYmNk, or with --from-start/);
});

it('leaves a stored position as it is, and says how to go on', async () => {
  const file = join(folder, 'position');
  const stored = `${JSON.stringify({ url: `${url}/`, client_id: 'shop', cursor: 'MTo1OjAxMjNhYmNk' })}\n`;
  await writeFile(file, stored);
  await expect(run('--position', file)).rejects.toThrow(`remove ${file} to begin with the events from now on`);
  expect(await readFile(file, 'utf8')).toBe(stored);
});
