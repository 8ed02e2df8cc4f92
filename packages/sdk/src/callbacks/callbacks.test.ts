import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { CALLBACK_EVENTS, type CallbackEvent } from '../wire/index.ts';
import { CallbackError, CallbackHandler, type CallbackHandlerOptions, isKnownCallback, type ReceivedCallback } from './index.ts';
import { chainsideSigner } from './signer.ts';

const SECRET = 'the secret of a POS';
const CALLBACK = {
  event: 'payment.completed',
  created_at: '2026-11-23T18:00:00.000Z',
  object_type: 'payment_order',
  object: { uuid: '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11', state: { status: 'paid' }, details: 'caffè ☕' },
};
const BODY = JSON.stringify(CALLBACK);
const handler = new CallbackHandler({ secret: SECRET });

/** Signs with node:crypto, so that nothing of ours is on both sides. */
function sign(body: string | Uint8Array, secret = SECRET): string {
  return createHmac('sha512', createHash('sha256').update(secret).digest()).update(body).digest('base64');
}

async function problemOf(headers: unknown, body: unknown, by = handler): Promise<CallbackError> {
  const thrown: unknown = await by.parse(headers as never, body as never).catch((error: unknown) => error);
  if (thrown instanceof CallbackError) return thrown;
  throw new Error(`expected a CallbackError, got ${inspect(thrown)}`);
}

describe('the signature', () => {
  it('is that of the contract’s vector', async () => {
    const signature = 'NoIaKv36OfjECFj9JIa2fRdpQOr5XLnrGuX5twua2+RrhDvRlazApb16Zpil/c1cz3r2KrqxqiDOU430JbThfA==';
    const sign = await chainsideSigner('testSecret');
    expect(await sign(new TextEncoder().encode('testRawBody'))).toBe(signature);
    const problem = await problemOf(
      { 'chainside-signature': signature },
      'testRawBody',
      new CallbackHandler({ secret: 'testSecret' }),
    );
    expect(problem.problem).toBe('not_json');
  });

  it.each([
    ['of another secret', sign(BODY, 'another')],
    ['of another body', sign(`${BODY} `)],
    ['with one bit changed', sign(BODY).replace(/^./, (char) => (char === 'A' ? 'B' : 'A'))],
    ['cut short', sign(BODY).slice(0, -8)],
    ['in hex', Buffer.from(sign(BODY), 'base64').toString('hex')],
    ['twice over', [sign(BODY), sign(BODY)]],
    ['that is no base64', '*'.repeat(88)],
  ])('%s is refused', async (_what, signature) => {
    expect(await problemOf({ 'chainside-signature': signature }, BODY)).toMatchObject({
      name: 'CallbackError',
      problem: 'wrong_signature',
    });
  });

  it('may be of any of several secrets, while one replaces another', async () => {
    const both = new CallbackHandler({ secrets: ['new', SECRET] });
    expect((await both.parse({ 'chainside-signature': sign(BODY) }, BODY)).event).toBe('payment.completed');
    expect((await both.parse({ 'chainside-signature': sign(BODY, 'new') }, BODY)).event).toBe('payment.completed');
    expect((await problemOf({ 'chainside-signature': sign(BODY, 'older') }, BODY, both)).problem).toBe('wrong_signature');
  });
});

describe('the headers', () => {
  it.each([
    ['of Node', { 'chainside-signature': sign(BODY) }],
    ['of PHP-minded folk', { 'Chainside-Signature': sign(BODY) }],
    ['in capitals', { 'CHAINSIDE-SIGNATURE': sign(BODY) }],
    ['with a list', { 'chainside-signature': [sign(BODY)] }],
    ['of a Lambda, with others that are not there', { host: undefined, 'chainside-signature': ` ${sign(BODY)} ` }],
    ['of fetch', new Headers({ 'Chainside-Signature': sign(BODY) })],
  ])('%s are read', async (_what, headers) => {
    expect(await handler.parse(headers, BODY)).toEqual(CALLBACK);
  });

  it.each([[{}], [new Headers()], [{ 'chainside-signature': undefined }], [{ 'chainside-signature': 7 }], [undefined], [null]])(
    'without a signature are told apart from a wrong one: %o',
    async (headers) => {
      expect((await problemOf(headers, BODY)).problem).toBe('missing_signature');
    },
  );
});

describe('the body', () => {
  const bytes = Buffer.from(BODY);
  const padded = Buffer.concat([Buffer.from('..'), bytes, Buffer.from('..')]);
  it.each([
    ['text', BODY],
    ['a Buffer', bytes],
    ['a Uint8Array', new Uint8Array(bytes)],
    ['an ArrayBuffer', new Uint8Array(bytes).buffer],
    ['a part of a larger buffer', padded.subarray(2, -2)],
  ])('is taken as %s', async (_what, body) => {
    expect(await handler.parse({ 'chainside-signature': sign(BODY) }, body)).toEqual(CALLBACK);
  });

  it.each([
    ['an object', CALLBACK, 'what has been parsed from it'],
    ['nothing', undefined, 'not read yet, or used up'],
    ['a promise', Promise.resolve(BODY), 'a promise, a stream or a request'],
    ['a request', new Request('https://shop.example/', { method: 'POST', body: BODY }), 'a promise, a stream or a request'],
  ])('given as %s is answered with the line to change', async (_what, body, words) => {
    const problem = await problemOf({ 'chainside-signature': sign(BODY) }, body);
    expect(problem.problem).toBe('no_raw_body');
    expect(problem.message).toContain(words);
    expect(problem.message).toContain("express.raw({ type: '*/*' })");
    expect(problem.message).toContain("parseAs: 'buffer'");
    expect(problem.message).toContain('rawBody: true');
    expect(problem.message).toContain('await request.text()');
  });

  it('serialised again is told as such', async () => {
    const problem = await problemOf({ 'chainside-signature': sign(BODY) }, JSON.stringify(CALLBACK, null, 2));
    expect(problem.message).toContain('parsed and serialised again');
  });

  it('that is empty is told as such', async () => {
    expect((await problemOf({ 'chainside-signature': sign(BODY) }, '')).message).toContain('these 0 bytes');
  });

  it.each([
    ['not_json', 'event=payment.completed'],
    ['not_json', ''],
    ['not_json', new Uint8Array([0x22, 0xff, 0x22])],
    ['not_a_callback', 'null'],
    ['not_a_callback', '[]'],
    ['not_a_callback', JSON.stringify({ ...CALLBACK, event: 7 })],
    ['not_a_callback', JSON.stringify({ ...CALLBACK, created_at: undefined })],
    ['not_a_callback', JSON.stringify({ ...CALLBACK, object_type: 'withdrawal' })],
    ['not_a_callback', JSON.stringify({ ...CALLBACK, object: null })],
    ['not_a_callback', JSON.stringify({ ...CALLBACK, object: { uuid: 'x' } })],
  ])('signed, but %s: %j', async (problem, body) => {
    expect((await problemOf({ 'chainside-signature': sign(body) }, body)).problem).toBe(problem);
  });
});

describe('the event', () => {
  const parse = async (event: string): Promise<ReceivedCallback> => {
    const body = JSON.stringify({ ...CALLBACK, event });
    return await handler.parse({ 'chainside-signature': sign(body) }, body);
  };

  it.each(CALLBACK_EVENTS)('%s is known', async (event) => {
    const callback = await parse(event);
    expect(callback.event).toBe(event);
    expect(isKnownCallback(callback)).toBe(true);
  });

  it('of a later version still parses', async () => {
    const callback = await parse('payment.from.the.future');
    expect(callback.event).toBe('payment.from.the.future');
    expect(isKnownCallback(callback)).toBe(false);
  });

  it('tells the types apart', async () => {
    const callback = await parse('payment.expired');
    expectTypeOf(callback.object.uuid).toEqualTypeOf<string>();
    if (isKnownCallback(callback)) expectTypeOf(callback.event).toEqualTypeOf<CallbackEvent>();
  });
});

describe('the secrets', () => {
  it.each([
    ['secret', undefined],
    ['secret', {}],
    ['secret', { secret: '' }],
    ['secrets', { secrets: [] }],
    ['secrets', { secrets: 'hush' }],
    ['secrets[1]', { secrets: ['hush', ''] }],
    ['secrets', { secret: 'hush', secrets: ['hush'] }],
  ])('are checked: a wrong %s is named', (field, options) => {
    const make = (): CallbackHandler => new CallbackHandler(options as never);
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError', field }));
    expect(make).not.toThrow(/hush/);
  });

  it('are asked for by the types: one, or several, but not both and not none', () => {
    const make = (options: CallbackHandlerOptions): CallbackHandler => new CallbackHandler(options);
    expect(make({ secrets: ['new', 'old'], maxAgeMs: 1000 })).toBeInstanceOf(CallbackHandler);
    // @ts-expect-error -- both
    expect(() => make({ secret: 'a', secrets: ['b'] })).toThrow('secrets');
    // @ts-expect-error -- none
    expect(() => make({ maxAgeMs: 1000 })).toThrow('secret');
  });

  it('never show in a handler, or in what it throws', async () => {
    await handler.parse({ 'chainside-signature': sign(BODY) }, BODY);
    const problem = await problemOf({ 'chainside-signature': sign(BODY, 'x') }, BODY);
    const shown = inspect([handler, problem], { depth: 9, showHidden: true }) + JSON.stringify([handler, problem]);
    expect(shown).not.toContain(SECRET);
  });
});
