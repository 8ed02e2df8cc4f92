import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bodyOf, SECRET, signed, UUID } from '../../test/callbacks.ts';
import { CallbackHandler } from '../callbacks/index.ts';
import { type AdapterOptions, dropRepeats, type HandleCallback, webCallbacks } from './index.ts';

const BODY = bodyOf();
const callbacks = new CallbackHandler({ secret: SECRET });
const handle = vi.fn<HandleCallback>();
const onError = vi.fn<(error: unknown) => void>();
const take = (request: Request, options: AdapterOptions = { onError }): Promise<Response> =>
  webCallbacks(callbacks, handle, options)(request);

beforeEach(() => {
  handle.mockReset();
  onError.mockReset();
});

function request(body: BodyInit | null = BODY, headers: HeadersInit = signed(BODY)): Request {
  return new Request('https://shop.example/callback', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
}

describe('the adapter for Request and Response', () => {
  it('answers a callback with 204', async () => {
    const response = await take(request());
    expect([response.status, response.body]).toEqual([204, null]);
    expect(handle).toHaveBeenCalledWith(
      expect.objectContaining({ object: expect.objectContaining({ uuid: UUID }) as unknown }),
      expect.objectContaining({ callback: JSON.parse(BODY) as unknown }),
    );
  });

  it.each([
    ['another body', request('{}'), 400, 'wrong_signature'],
    ['no body', request(null), 400, 'wrong_signature'],
    ['no signature', request(BODY, {}), 400, 'missing_signature'],
  ])('refuses a request with %s', async (_what, sent, status, text) => {
    const response = await take(sent);
    expect([response.status, await response.text()]).toEqual([status, text]);
    expect(handle).not.toHaveBeenCalled();
  });

  it('answers a failed handler with 500', async () => {
    handle.mockRejectedValue(new Error('the database is away'));
    expect((await take(request())).status).toBe(500);
  });

  it('answers a body that is too large with 413, and releases its stream', async () => {
    const cancel = vi.fn<() => void>();
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(60_000)), cancel });
    expect((await take(request(endless), { maxBodyBytes: 100_000, onError })).status).toBe(413);
    expect(cancel).toHaveBeenCalled();
  });

  it('answers a broken body with 400', async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('cut off')) });
    const response = await take(request(broken));
    expect([response.status, await response.text()]).toEqual([400, 'unreadable_body']);
  });

  it('answers a body that has been read with 500, and logs the line to change', async () => {
    const used = request();
    await used.json();
    expect((await take(used)).status).toBe(500);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ problem: 'no_raw_body' }));
  });

  describe('with a Hono request whose body has been read', () => {
    const used = async (bodyCache: object): Promise<Response> => {
      const raw = request();
      await raw.text();
      return await webCallbacks(callbacks, handle, { onError, maxBodyBytes: 5000 })({ raw, bodyCache });
    };

    it.each<[string, object]>([
      ['text', { text: Promise.resolve(BODY) }],
      ['bytes', { arrayBuffer: Promise.resolve(new TextEncoder().encode(BODY).buffer) }],
    ])('uses the cached %s', async (_kind, bodyCache) => {
      expect((await used(bodyCache)).status).toBe(204);
      expect(handle).toHaveBeenCalledTimes(1);
    });

    it.each<[number, string, object]>([
      [400, 'another text', { text: Promise.resolve('{}') }],
      [413, 'a text that is too long', { text: Promise.resolve('x'.repeat(5001)) }],
      [500, 'only the parsed body', { json: Promise.resolve(JSON.parse(BODY)) }],
      [500, 'nothing', {}],
    ])('answers %i if %s was cached', async (status, _kind, bodyCache) => {
      expect((await used(bodyCache)).status).toBe(status);
    });

    it('reads the body if nothing has read it', async () => {
      expect((await webCallbacks(callbacks, handle)({ raw: request(), bodyCache: {} })).status).toBe(204);
    });
  });

  it('acknowledges and drops a repeat', async () => {
    const once = webCallbacks(callbacks, dropRepeats(handle));
    expect([(await once(request())).status, (await once(request())).status]).toEqual([204, 204]);
    expect(handle).toHaveBeenCalledTimes(1);
  });
});

describe('a refused callback', () => {
  /** What is logged for a request now, and one after each number of minutes. */
  const printed = async (secret: string, sent: () => Request, minutes: readonly number[]): Promise<unknown[][]> => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const print = vi.spyOn(console, 'error').mockReturnValue();
    try {
      const taken = webCallbacks(new CallbackHandler({ secret }), handle, { maxBodyBytes: 5000 });
      for (const passed of [0, ...minutes]) {
        vi.setSystemTime(Date.now() + passed * 60_000);
        expect((await taken(sent())).status).toBeGreaterThanOrEqual(400);
      }
      return [...print.mock.calls];
    } finally {
      print.mockRestore();
      vi.useRealTimers();
    }
  };

  it.each<[string, string, () => Request]>([
    ['wrong_signature', 'the secret of another POS', () => request()],
    ['not_a_callback', SECRET, () => request('{}', signed('{}'))],
    ['too_large', SECRET, () => request('x'.repeat(5001))],
  ])('is logged at most every ten minutes, because the shop may be at fault: %s', async (problem, secret, sent) => {
    const lines = await printed(secret, sent, [1, 8, 1, 1, 8, 2]);
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toEqual([expect.stringContaining('check the secret'), expect.objectContaining({ problem })]);
    expect(JSON.stringify(lines)).not.toContain(secret);
  });

  it('is still logged after the clock was set back', async () => {
    expect(await printed('of another POS', () => request(), [-60])).toHaveLength(2);
  });

  it('is not logged without a signature, which anyone can send', async () => {
    expect(await printed(SECRET, () => request(BODY, {}), [11])).toEqual([]);
  });
});
