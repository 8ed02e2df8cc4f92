import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bodyOf, SECRET, signed, UUID } from '../../test/callbacks.ts';
import { CallbackHandler } from '../callbacks/index.ts';
import {
  type AdapterOptions,
  dropRepeats,
  expressCallbacks,
  type HandleCallback,
  koaCallbacks,
  MemoryRepeatStore,
  nodeCallbacks,
  type NodeRequest,
} from './index.ts';

const BODY = bodyOf();
const callbacks = new CallbackHandler({ secret: SECRET });
const servers: Server[] = [];
const onError = vi.fn<(error: unknown) => void>();
let handle = vi.fn<HandleCallback>();

beforeEach(() => {
  handle = vi.fn<HandleCallback>();
  onError.mockReset();
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
}

/** Makes a listener of node:http per adapter. Express and Koa pass on Node's own request, with properties of their own. */
const adapters: [string, (options: AdapterOptions, kept?: object) => RequestListener][] = [
  [
    'node:http',
    (options, kept) => {
      const take = nodeCallbacks(callbacks, handle, options);
      return (request, response) => void take(Object.assign(request, kept), response);
    },
  ],
  [
    'Express',
    (options, kept) => {
      const take = expressCallbacks(callbacks, handle, options);
      return (request, response) => void take(Object.assign(request, kept), response);
    },
  ],
  [
    'Koa',
    (options, kept) => {
      const take = koaCallbacks(callbacks, handle, options);
      return (req, res) => {
        const set = (name: string, value: string): unknown => res.setHeader(name, value);
        const context = { req: req as NodeRequest, request: { ...kept }, status: 404, body: undefined as unknown, set };
        void take(context).then(() => res.writeHead(context.status).end(context.body));
      };
    },
  ],
];

describe.each(adapters)('the adapter for %s', (_name, listener) => {
  const post = async (options: AdapterOptions, init: RequestInit, kept?: object): Promise<[number, string]> => {
    const response = await fetch(await listen(listener({ onError, ...options }, kept)), { method: 'POST', ...init });
    return [response.status, await response.text()];
  };

  it('answers a callback with 204 after the handler', async () => {
    let done = false;
    handle.mockImplementation(async (callback) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      done = callback.object.uuid === UUID;
    });
    expect(await post({}, { body: BODY, headers: signed(BODY) })).toEqual([204, '']);
    expect(done).toBe(true);
  });

  it('answers a wrong signature with 400, without calling the handler', async () => {
    expect(await post({}, { body: `${BODY} `, headers: signed(BODY) })).toEqual([400, 'wrong_signature']);
    expect(await post({}, { body: BODY })).toEqual([400, 'missing_signature']);
    expect(handle).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledTimes(2);
  });

  it('answers a throwing handler with 500', async () => {
    const error = new Error('the database is away');
    handle.mockRejectedValue(error);
    expect(await post({}, { body: BODY, headers: signed(BODY) })).toEqual([500, 'not_handled']);
    expect(onError).toHaveBeenCalledWith(error);
  });

  it('answers a callback that another process is handling with 409, so that it is sent again', async () => {
    const store = new MemoryRepeatStore();
    const busy = dropRepeats(() => new Promise(() => undefined), { store });
    void callbacks.receive(signed(BODY), BODY).then((delivery) => busy(delivery.callback, delivery));
    handle.mockImplementation(dropRepeats(vi.fn<HandleCallback>(), { store }));
    expect(await post({}, { body: BODY, headers: signed(BODY) })).toEqual([409, 'in_progress']);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ name: 'CallbackInProgressError' }));
  });

  it('answers a body that is too large with 413', async () => {
    expect(await post({ maxBodyBytes: 100 }, { body: BODY, headers: signed(BODY) })).toEqual([413, 'too_large']);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ problem: 'too_large' }));
  });

  it('answers an endless body with 413 without waiting for its end', async () => {
    const url = await listen(listener({ maxBodyBytes: 100_000 }));
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest(url, { method: 'POST' }, (response) => resolve(response.statusCode)).on('error', reject);
      sent.write('x'.repeat(60_000), () => sent.write('x'.repeat(60_000)));
    });
    expect(status).toBe(413);
  });

  it('tolerates a broken connection', async () => {
    const url = await listen(listener({ onError }));
    const sent = httpRequest(url, { method: 'POST', headers: { 'content-length': '1000' } }).on('error', () => undefined);
    sent.write('x', () => setTimeout(() => sent.destroy(), 20));
    await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'aborted' })));
    expect(handle).not.toHaveBeenCalled();
  });

  it.each([
    ['the raw body that the host kept', { rawBody: Buffer.from(BODY), body: JSON.parse(BODY) as unknown }],
    ['bytes that a parser left', { body: Buffer.from(BODY) }],
    ['text that a parser left', { body: BODY }],
    ['the unparsed body of koa-body', { body: { ...(JSON.parse(BODY) as object), [Symbol.for('unparsedBody')]: BODY } }],
  ])('accepts %s', async (_what, kept) => {
    expect(await post({}, { body: '', headers: signed(BODY) }, kept)).toEqual([204, '']);
    expect(await post({ maxBodyBytes: 100 }, { body: '', headers: signed(BODY) }, kept)).toEqual([413, 'too_large']);
  });

  it('answers a parsed body with 500, and logs the line to change', async () => {
    const eaten = { body: JSON.parse(BODY) as unknown };
    const late = listener({ onError }, eaten);
    const early: RequestListener = (request, response) => request.on('end', () => late(request, response)).resume();
    const answer = await fetch(await listen(early), { method: 'POST', body: BODY, headers: signed(BODY) });
    expect([answer.status, await answer.text()]).toEqual([500, 'not_handled']);
    const message = expect.stringContaining('express.raw') as unknown;
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ problem: 'no_raw_body', message }));
  });
});

describe('the errors of an adapter', () => {
  const answer = async (options: AdapterOptions, headers = signed(BODY)): Promise<number> =>
    (
      await fetch(await listen((...args) => void nodeCallbacks(callbacks, handle, options)(...args)), {
        method: 'POST',
        body: BODY,
        headers,
      })
    ).status;

  it('are printed if there is no onError, except for requests without a signature', async () => {
    const print = vi.spyOn(console, 'error').mockReturnValue();
    const error = new Error('a mistake');
    handle.mockRejectedValue(error);
    expect(await answer({}, {})).toBe(400);
    expect(print).not.toHaveBeenCalled();
    expect(await answer({})).toBe(500);
    expect(print).toHaveBeenCalledWith(expect.stringContaining('answered with 500'), error);
    print.mockRestore();
  });

  it('do not change the answer if onError itself throws', async () => {
    onError.mockImplementation(() => {
      throw new Error('the log is full');
    });
    handle.mockRejectedValue(new Error('a mistake'));
    expect(await answer({ onError })).toBe(500);
  });
});
