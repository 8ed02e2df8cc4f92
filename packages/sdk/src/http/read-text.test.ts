import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ORDER, ORDER_PATH, ORDER_UUID, type Route } from '../../test/gateway.ts';
import { clientOf } from '../../test/harness.ts';
import type { Fetch } from './fetch.ts';

it('an answer that fetch decompresses is read up to a mebibyte, even if it arrives as a kilobyte', async () => {
  const bomb = gzipSync(' '.repeat(1_048_577));
  const client = await clientOf({
    [ORDER_PATH]: (response) => response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bomb.length }).end(bomb),
  });
  await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toThrow('is longer than 1048576 bytes');
});

describe('a fetch whose bodies are Node streams, such as node-fetch', () => {
  /** The global `fetch` with such a body, and without the method that reads it at once. */
  const overNode: Fetch = async (url, init) => {
    const { status, headers, body } = await fetch(url, init);
    const text = (): Promise<string> => Promise.reject(new Error('read whole'));
    return { status, headers, body: body && Readable.from(body as AsyncIterable<Uint8Array>), text };
  };
  const chunked =
    (text: string): Route =>
    (response) =>
      response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(text);
  const options = { http: { fetch: overNode }, maxRetries: 0 };

  it('works with chunks of bytes', async () => {
    const client = await clientOf({ [ORDER_PATH]: chunked(JSON.stringify(ORDER)) }, options);
    await expect(client.getPaymentOrder(ORDER_UUID)).resolves.toEqual(ORDER);
  });

  it('works with chunks of text, from a stream with an encoding', async () => {
    const inText: Fetch = async (url, init) => {
      const { body, ...rest } = await overNode(url, init);
      return { ...rest, body: body instanceof Readable ? body.setEncoding('utf8') : body };
    };
    const order = { ...ORDER, details: '€ '.repeat(40_000) };
    const client = await clientOf({ [ORDER_PATH]: chunked(JSON.stringify(order)) }, { http: { fetch: inText }, maxRetries: 0 });
    await expect(client.getPaymentOrder(ORDER_UUID)).resolves.toEqual(order);
  });

  it('is refused at once if its chunks are neither bytes nor text, because no retry would help', async () => {
    let asked = 0;
    const inObjects: Fetch = async (url, init) => {
      asked += 1;
      return { ...(await overNode(url, init)), body: Readable.from([{ a: 1 }]) };
    };
    const client = await clientOf({ '/token': chunked('{}') }, { http: { fetch: inObjects } });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: 'fetch: expected a body of bytes or text, got object',
    });
    expect(asked).toBe(1);
  });

  it('is read up to a mebibyte too', async () => {
    const client = await clientOf({ [ORDER_PATH]: chunked(' '.repeat(3_000_000)) }, options);
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toThrow('is longer than 1048576 bytes');
  });
});
