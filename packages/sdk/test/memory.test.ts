import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { sampleAnswer } from './gateway.ts';

const PROGRAM = fileURLToPath(new URL('./many-calls-process.ts', import.meta.url));

/** The number of calls of each kind, if set: `WEBPOS_MANY_CALLS=100000`. */
const MANY = Number(process.env['WEBPOS_MANY_CALLS'] ?? 0);
/** The engine itself uses about a quarter of it for code and statistics. */
const MAX_GROWTH_BYTES = 2_000_000;

it.each([
  { count: MANY || 3000, transport: 'fetch' },
  { count: MANY || 5000, transport: 'nodeFetch' },
  { count: MANY || 20_000, transport: 'no network' },
])(
  'the memory of a process stays flat over $count calls with $transport',
  async ({ count, transport }) => {
    const server = createServer((request, response) => {
      const { method = '', url = '' } = request.resume();
      const { status, body } = sampleAnswer(method, url);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const words = ['--expose-gc', '--conditions=webpos-source', '--import', 'tsx', PROGRAM, baseUrl, transport, String(count)];
      const grown = Number((await promisify(execFile)(process.execPath, words)).stdout);
      expect(grown).toBeLessThan(MAX_GROWTH_BYTES);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
  600_000,
);
