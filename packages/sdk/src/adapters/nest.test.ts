import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bodyOf, SECRET, signed } from '../../test/callbacks.ts';
import { CallbackHandler } from '../callbacks/index.ts';
import { type AdapterOptions, type HandleCallback, nestCallbacks, type NestRequest } from './index.ts';

const BODY = bodyOf();
const callbacks = new CallbackHandler({ secret: SECRET });
const handle = vi.fn<HandleCallback>();
const onError = vi.fn<(error: unknown) => void>();
beforeEach(() => {
  handle.mockReset();
  onError.mockReset();
});

/** What both platforms of NestJS do with `response.status(204).send('')`. */
async function answer(request: Partial<NestRequest>, options: AdapterOptions = {}): Promise<[number, string | undefined]> {
  let sent: [number, string | undefined] = [0, undefined];
  const response = { status: (code: number) => ({ send: (text?: string) => (sent = [code, text]) }) };
  await nestCallbacks(callbacks, handle, { onError, ...options })({ headers: signed(BODY), ...request }, response);
  return sent;
}

describe('the NestJS adapter', () => {
  it('answers a callback with 204', async () => {
    const kept = { rawBody: Buffer.from(BODY), body: JSON.parse(BODY) as unknown };
    expect(await answer(kept)).toEqual([204, '']);
    expect(handle).toHaveBeenCalledTimes(1);
  });

  it('answers a wrong signature with 400', async () => {
    expect(await answer({ rawBody: Buffer.from('{}') })).toEqual([400, 'wrong_signature']);
  });

  it('answers a throwing handler with 500, even if its error has another status', async () => {
    handle.mockRejectedValue(Object.assign(new Error('no such cart'), { status: 410, statusCode: 410 }));
    expect(await answer({ rawBody: Buffer.from(BODY) })).toEqual([500, 'not_handled']);
  });

  it('answers a body that is too large with 413', async () => {
    expect(await answer({ rawBody: Buffer.from(BODY) }, { maxBodyBytes: 100 })).toEqual([413, 'too_large']);
  });

  it('says to set rawBody: true if it is missing', async () => {
    expect(await answer({ body: JSON.parse(BODY) })).toEqual([500, 'not_handled']);
    const message = expect.stringContaining('rawBody: true') as unknown;
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ problem: 'no_raw_body', message }));
  });
});
