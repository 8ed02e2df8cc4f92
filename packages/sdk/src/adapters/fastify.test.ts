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

describe('on Fastify', () => {
  it('a callback is answered with 204', async () => {
    expect(await post(BODY, signed(BODY))).toEqual([204, '']);
    expect(handle).toHaveBeenCalledWith(JSON.parse(BODY), expect.anything());
  });

  it('any content type is taken, and none', async () => {
    expect((await post(BODY, { ...signed(BODY), 'content-type': 'text/plain' }))[0]).toBe(204);
    const { 'content-type': _none, ...headers } = signed(BODY);
    expect((await post(BODY, headers))[0]).toBe(204);
  });

  it('what is no callback is answered with 400, and not logged as an error', async () => {
    const log: string[] = [];
    expect(await post('{}', signed(BODY), app({}, log))).toEqual([400, 'wrong_signature']);
    expect(await post('', {}, app({}, log))).toEqual([400, 'missing_signature']);
    expect(log.join('')).not.toContain('"level":50');
  });

  it('what is not handled is answered with 500, and logged', async () => {
    const log: string[] = [];
    handle.mockRejectedValue(Object.assign(new Error('no such cart'), { statusCode: 410 }));
    expect(await post(BODY, signed(BODY), app({}, log))).toEqual([500, 'not_handled']);
    expect(log.join('')).toContain('no such cart');
  });

  it('what is too large is answered with 413', async () => {
    expect((await post(BODY, signed(BODY), app({ maxBodyBytes: 100 })))[0]).toBe(413);
  });

  it('the other routes still get their bodies parsed', async () => {
    const answer = await app().inject({ method: 'POST', url: '/json', payload: { a: 1 } });
    expect(answer.json()).toEqual({ parsed: { a: 1 } });
  });
});
