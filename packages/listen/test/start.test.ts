/** Where the listener begins, against a platform in this process that records what it is asked. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client } from '@webpos/sdk';
import { createFakePlatform, type FakePlatform } from '@webpos/sdk/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listen } from '../src/index.ts';

let platform: FakePlatform;
let servers: Server[];
let urls: { platform: string; shop: string };
let forwarded: string[];

beforeEach(async () => {
  platform = createFakePlatform();
  forwarded = [];
  const gateway = createServer((request, response) => {
    void text(request).then(async (body) => {
      const headers = Object.entries(request.headers) as [string, string][];
      const init = { method: request.method!, headers, ...(body !== '' && { body }) };
      const answer = await platform.fetch(`http://gateway.invalid${request.url}`, init);
      response.writeHead(answer.status, [...answer.headers].flat()).end(await answer.text());
    });
  });
  const shop = createServer((request, response) => {
    void text(request).then((body) => {
      forwarded.push((JSON.parse(body) as { object: { uuid: string } }).object.uuid);
      response.writeHead(204).end();
    });
  });
  servers = [gateway, shop];
  const [gatewayUrl = '', shopUrl = ''] = await Promise.all(servers.map(urlOf));
  urls = { platform: gatewayUrl, shop: shopUrl };
});
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function urlOf(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function paid(): Promise<string> {
  const { uuid } = await new Client(platform.clientOptions).createPaymentOrder({ amount: '10.00' });
  await platform.pay(uuid);
  return uuid;
}

/** Listens until `work` has ended. @returns the reads of the feed. */
async function whileListening(words: readonly string[], work: () => Promise<void>): Promise<string[]> {
  const stop = new AbortController();
  const lines: string[] = [];
  const listening = listen({
    words: ['--forward-to', urls.shop, '--url', urls.platform, '--client-id', 'fake-client', ...words],
    environment: { WEBPOS_SECRET: 'fake-secret' },
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    now: Date.now,
    readStdin: () => Promise.resolve(''),
    signal: stop.signal,
  });
  await vi.waitFor(() => expect(lines).not.toEqual([]));
  await work();
  stop.abort();
  await listening;
  return platform.requests.filter(({ path }) => path.startsWith('/events')).map(({ path }) => path);
}

it('begins at the present without reading the past', async () => {
  for (let n = 0; n < 3; n += 1) await paid();
  const reads = await whileListening([], async () => {
    const later = await paid();
    await vi.waitFor(() => expect(forwarded).toEqual([later]), 5_000);
  });
  expect(reads[0]).toBe('/events?limit=1&after=end');
  expect(reads[1]).toMatch(/^\/events\?limit=100&after=(?!end)/);
});

it('begins with the first event with --from-start', async () => {
  const past = [await paid(), await paid()];
  const reads = await whileListening(['--from-start'], () => vi.waitFor(() => expect(forwarded).toEqual(past), 5_000));
  expect(reads[0]).toBe('/events?limit=100');
});
