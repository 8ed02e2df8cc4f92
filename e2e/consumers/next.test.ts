/** The packed library in a page of Next.js 14, whose `fetch` caches every request by default, including a login, for a year. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePorts } from '../../test/support/free-ports.ts';
import { type Consumer, installConsumer } from './consumer.ts';

const ORDER_UUID = '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11';
const ACCESS_TOKEN = 'access-token-of-the-shop';
const FILES: Readonly<Record<string, string>> = {
  'app/layout.js': `export default ({ children }) => <html lang="en"><body>{children}</body></html>;`,
  'app/thanks/[order]/page.js': `
    import { Client } from '@webpos/sdk';

    export default async function Thanks({ params }) {
      const { state } = await new Client().getPaymentOrder(params.order);
      return <p>{\`The order is \${state.status}.\`}</p>;
    }`,
  // Both cost time and are not used by the test.
  'next.config.js': `module.exports = { outputFileTracing: false, eslint: { ignoreDuringBuilds: true } };`,
};

let consumer: Consumer;
let platform: Server;
const requests: string[] = [];

beforeAll(async () => {
  platform = createServer((request, response) => {
    const { method = '', url = '' } = request;
    requests.push(`${method} ${url}`);
    const reads = requests.filter((line) => line.startsWith('GET')).length;
    const login = { access_token: ACCESS_TOKEN, token_type: 'Bearer', expires_in: 3600, id_token: 'a.b.c' };
    const status = reads > 1 ? 'paid' : 'pending';
    const order = { uuid: ORDER_UUID, address: 'tb1q', amount: '1.00', state: { status, blockchain_status: status } };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(url === '/token' ? login : order));
  }).listen(0, '127.0.0.1');
  await once(platform, 'listening');
  consumer = await installConsumer();
}, 400_000);

afterAll(async () => {
  platform?.close().closeAllConnections();
  await consumer?.remove();
});

it('a page of Next.js 14 shows the current order, and its caches contain no login', { timeout: 300_000 }, async (context) => {
  const { modules } = consumer.tools(context);
  const project = join(consumer.folder, 'next');
  await mkdir(join(project, 'app/thanks/[order]'), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(project, name), text);
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true }));
  await mkdir(join(project, 'node_modules'));
  for (const name of ['next', 'react', 'react-dom']) await symlink(join(modules, name), join(project, 'node_modules', name));
  await using server = await startNext(join(modules, 'next/dist/bin/next'), project);
  const page = async (): Promise<string> => {
    const answer = await fetch(`${server.url}/thanks/${ORDER_UUID}`);
    return /The order is (\w+)\./.exec(await answer.text())?.[1] ?? `${answer.status}\n${server.output()}`;
  };
  expect([await page(), await page()]).toEqual(['pending', 'paid']);
  expect(requests).toEqual(['POST /token', `GET /payment-order/${ORDER_UUID}`, `GET /payment-order/${ORDER_UUID}`]);
  expect(await filesWith(ACCESS_TOKEN, join(project, '.next'))).toEqual([]);
});

/** Builds the project and serves it. */
async function startNext(next: string, project: string): Promise<AsyncDisposable & { url: string; output(): string }> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production' as const,
    NODE_OPTIONS: process.env['NODE_OPTIONS'] ?? '',
    NEXT_TELEMETRY_DISABLED: '1',
    WEBPOS_MODE: 'sandbox',
    WEBPOS_CLIENT_ID: 'shop',
    WEBPOS_SECRET: 'testSecret',
    WEBPOS_URL: `http://127.0.0.1:${(platform.address() as AddressInfo).port}`,
  };
  let output = '';
  const collect = (text: string): void => {
    output += text;
  };
  const start = (...words: string[]): ReturnType<typeof spawn> => {
    const child = spawn(process.execPath, [next, ...words], { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', collect);
    return child;
  };
  const [code] = (await once(start('build'), 'exit')) as [unknown];
  if (code !== 0) throw new Error(`next build: exit code ${String(code)}\n${output}`);
  // At the end, so that requests for the built files come first.
  expect(requests).toEqual([]);
  const [port = 0] = await freePorts(1);
  const server = start('start', '--port', String(port), '--hostname', '127.0.0.1');
  const exited = once(server, 'exit');
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM');
    await exited;
  };
  try {
    await vi.waitFor(() => expect(output).toContain('Ready in'), { timeout: 60_000 });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${port}`, output: () => output, [Symbol.asyncDispose]: stop };
}

/** Returns the files that contain a text, in plain or in base64, which Next.js uses for the bodies of answers. */
async function filesWith(text: string, folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const file of files.filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    const content = await readFile(path, 'latin1');
    const decoded = (content.match(/[A-Za-z\d+/]{40,}=*/g) ?? []).map((part) => Buffer.from(part, 'base64').toString('latin1'));
    if ([content, ...decoded].some((each) => each.includes(text))) found.push(path);
  }
  return found;
}
