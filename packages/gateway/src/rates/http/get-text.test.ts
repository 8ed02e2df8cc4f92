import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { getText } from './get-text.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const never = new AbortController().signal;

describe('a public source', () => {
  it('is read completely', async () => {
    const url = await serve((_, response) => response.end('{"price":"é"}'));
    await expect(getText(url, never)).resolves.toBe('{"price":"é"}');
  });

  it('with another status is an error, with the delay that it asks for', async () => {
    const url = await serve((_, response) => response.writeHead(429, { 'retry-after': '7' }).end('slow down'));
    await expect(getText(url, never)).rejects.toMatchObject({ status: 429, retryAfterMs: 7000, message: 'answered 429' });
  });

  it('that redirects is not followed', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    await expect(getText(url, never)).rejects.toMatchObject({ status: 302 });
  });

  it('that never ends its answer is cut off', async () => {
    const url = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    await expect(getText(url, never)).rejects.toThrow('answered more than 1048576 bytes');
  });

  it('that hangs is abandoned when the gateway stops', async () => {
    const stopping = new AbortController();
    const url = await serve(() => setTimeout(() => stopping.abort(new Error('stopping')), 20));
    await expect(getText(url, stopping.signal)).rejects.toThrow('stopping');
  });
});
