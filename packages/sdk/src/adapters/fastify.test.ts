import fastify, { type FastifyInstance } from 'fastify';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bodyOf, SECRET, signed } from '../../test/callbacks.ts';
import { CallbackHandler } from '../callbacks/index.ts';
import { type AdapterOptions, fastifyCallbacks, type HandleCallback } from './index.ts';

const BODY = bodyOf();
const callbacks = new CallbackHandler({ secret: SECRET });
const handle = vi.fn<HandleCallback>();
beforeEach(() => void handle.mockReset());

function app(options: AdapterOptions = {}, log: string[] = []): FastifyInstance {
  const instance = fastify({ logger: { stream: { write: (line) => void log.push(line) } } });
  void instance.register(fastifyCallbacks(callbacks, handle, { path: '/callback', ...options }));
  instance.post('/json', (request) => ({ parsed: request.body }));
  return instance;
}

async function post(payload: string, headers: Record<string, string>, by = app()): Promise<[number, string]> {
  const answer = await by.inject({ method: 'POST', url: '/callback', payload, headers });
  return [answer.statusCode, answer.body];
}

describe('the Fastify adapter', () => {
  it('answers a callback with 204', async () => {
    expect(await post(BODY, signed(BODY))).toEqual([204, '']);
    expect(handle).toHaveBeenCalledWith(JSON.parse(BODY), expect.anything());
  });

  it('accepts any content type, and none', async () => {
    expect((await post(BODY, { ...signed(BODY), 'content-type': 'text/plain' }))[0]).toBe(204);
    const { 'content-type': _none, ...headers } = signed(BODY);
    expect((await post(BODY, headers))[0]).toBe(204);
  });

  it('answers an invalid callback with 400, and logs no error', async () => {
    const log: string[] = [];
    expect(await post('{}', signed(BODY), app({}, log))).toEqual([400, 'wrong_signature']);
    expect(await post('', {}, app({}, log))).toEqual([400, 'missing_signature']);
    expect(log.join('')).not.toContain('"level":50');
  });

  it('answers a failed handler with 500, and logs the error', async () => {
    const log: string[] = [];
    handle.mockRejectedValue(Object.assign(new Error('no such cart'), { statusCode: 410 }));
    expect(await post(BODY, signed(BODY), app({}, log))).toEqual([500, 'not_handled']);
    expect(log.join('')).toContain('no such cart');
  });

  it('answers a body that is too large with 413', async () => {
    expect((await post(BODY, signed(BODY), app({ maxBodyBytes: 100 })))[0]).toBe(413);
  });

  it('leaves the body parsing of other routes alone', async () => {
    const answer = await app().inject({ method: 'POST', url: '/json', payload: { a: 1 } });
    expect(answer.json()).toEqual({ parsed: { a: 1 } });
  });
});
