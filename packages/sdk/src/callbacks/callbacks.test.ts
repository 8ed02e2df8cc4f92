import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { CALLBACK_EVENTS, type CallbackEvent } from '../wire/index.ts';
import { CallbackError, CallbackHandler, type CallbackHandlerOptions, isKnownCallback, type ReceivedCallback } from './index.ts';
import { signerOf } from './signer.ts';

const SECRET = 'the secret of a POS';
const CALLBACK = {
  event: 'payment.completed',
  created_at: '2026-11-23T18:00:00.000Z',
  object_type: 'payment_order',
  object: { uuid: '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11', state: { status: 'paid' }, details: 'caffè ☕' },
};
const BODY = JSON.stringify(CALLBACK);
const handler = new CallbackHandler({ secret: SECRET });

/** Signs with node:crypto, independently of the library. */
function sign(body: string | Uint8Array, secret = SECRET): string {
  return createHmac('sha512', createHash('sha256').update(secret).digest()).update(body).digest('base64');
}

async function problemOf(headers: unknown, body: unknown, by = handler): Promise<CallbackError> {
  const thrown: unknown = await by.parse(headers as never, body as never).catch((error: unknown) => error);
  if (thrown instanceof CallbackError) return thrown;
  throw new Error(`expected a CallbackError, got ${inspect(thrown)}`);
}

describe('a signature', () => {
  it('matches the test vector of the contract', async () => {
    const signature = 'NoIaKv36OfjECFj9JIa2fRdpQOr5XLnrGuX5twua2+RrhDvRlazApb16Zpil/c1cz3r2KrqxqiDOU430JbThfA==';
    const sign = signerOf(512, 'testSecret');
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
    ['that is not base64', '*'.repeat(88)],
    ['without its padding', sign(BODY).replace(/=+$/, '')],
    ['in base64url', sign('{}').replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')],
    ['with a space inside', sign(BODY).replace(/^(.{40})/, '$1 ')],
    ['twice over, joined as a proxy does', `${sign(BODY)}, ${sign(BODY)}`],
    ['of a megabyte', sign(BODY) + 'A'.repeat(1_000_000)],
    ['beyond ASCII', `${sign(BODY).slice(0, -1)}\u{1F600}`],
  ])('%s is refused', async (_what, signature) => {
    expect(await problemOf({ 'chainside-signature': signature }, BODY)).toMatchObject({
      name: 'CallbackError',
      problem: 'wrong_signature',
    });
  });

  it('may be made with any of several secrets, while one replaces another', async () => {
    const both = new CallbackHandler({ secrets: ['new', SECRET] });
    expect((await both.parse({ 'chainside-signature': sign(BODY) }, BODY)).event).toBe('payment.completed');
    expect((await both.parse({ 'chainside-signature': sign(BODY, 'new') }, BODY)).event).toBe('payment.completed');
    expect((await problemOf({ 'chainside-signature': sign(BODY, 'older') }, BODY, both)).problem).toBe('wrong_signature');
  });
});

describe('the headers of a callback', () => {
  it.each([
    ['as Node has them', { 'chainside-signature': sign(BODY) }],
    ['in title case', { 'Chainside-Signature': sign(BODY) }],
    ['in capitals', { 'CHAINSIDE-SIGNATURE': sign(BODY) }],
    ['from a list', { 'chainside-signature': [sign(BODY)] }],
    ['as a Lambda has them, with undefined ones', { host: undefined, 'chainside-signature': ` ${sign(BODY)} ` }],
    ['from a Headers object', new Headers({ 'Chainside-Signature': sign(BODY) })],
    ['from a Map', new Map([['chainside-signature', sign(BODY)]])],
    ['from an object without a prototype', Object.assign(Object.create(null), { 'chainside-signature': sign(BODY) })],
    ['with whitespace around the value', { 'chainside-signature': `\t${sign(BODY)}\r\n` }],
    ['if one is named get', { get: 'a value', 'chainside-signature': sign(BODY) }],
  ])('are read %s', async (_what, headers) => {
    expect(await handler.parse(headers, BODY)).toEqual(CALLBACK);
  });

  it.each([
    [{}],
    [new Headers()],
    [new Map()],
    [{ 'chainside-signature': undefined }],
    [{ 'chainside-signature': 7 }],
    [{ 'chainside-signature': [] }],
    [{ 'chainside-signature': '  ' }],
    [[['chainside-signature', 'x']]],
    ['chainside-signature'],
    [undefined],
    [null],
  ])('without a signature are reported as such: %o', async (headers) => {
    expect((await problemOf(headers, BODY)).problem).toBe('missing_signature');
  });
});

describe('the body of a callback', () => {
  const shared = (from: Uint8Array): Uint8Array => {
    const copy = new Uint8Array(new SharedArrayBuffer(from.length));
    copy.set(from);
    return copy;
  };
  const bytes = Buffer.from(BODY);
  const padded = Buffer.concat([Buffer.from('..'), bytes, Buffer.from('..')]);
  it.each([
    ['text', BODY],
    ['a Buffer', bytes],
    ['a Uint8Array', new Uint8Array(bytes)],
    ['an ArrayBuffer', new Uint8Array(bytes).buffer],
    ['part of a larger buffer', padded.subarray(2, -2)],
    ['a DataView of part of a buffer', new DataView(new Uint8Array(padded).buffer, 2, bytes.length)],
    ['shared memory', shared(bytes)],
    ['part of a pool', Buffer.concat([Buffer.alloc(1), bytes]).subarray(1)],
  ])('may be given as %s', async (_what, body) => {
    expect(await handler.parse({ 'chainside-signature': sign(BODY) }, body)).toEqual(CALLBACK);
  });

  it.each([
    ['an object', CALLBACK, '[object Object]'],
    ['an array', [SECRET], '[object Array]'],
    ['nothing', undefined, '[object Undefined]'],
    ['null', null, '[object Null]'],
    ['a number', 7, '[object Number]'],
    ['a promise', Promise.resolve(BODY), '[object Promise]'],
    ['a stream', new Blob([BODY]).stream(), '[object ReadableStream]'],
    ['a request', new Request('https://shop.example/', { method: 'POST', body: BODY }), '[object Request]'],
    ['an object without a prototype', Object.assign(Object.create(null), CALLBACK), '[object Object]'],
    ['an object that hides its type', { constructor: { name: { toString: 1 } }, toString: 1 }, '[object Object]'],
    ['parsed JSON that looks like bytes', { byteLength: 1, buffer: 1_500_000_000 }, '[object Object]'],
    ['parsed JSON that looks like a view', { byteLength: 2, byteOffset: 0, buffer: [123, 125] }, '[object Object]'],
    ['parsed JSON that looks like a buffer', { byteLength: 1e9 }, '[object Object]'],
    ['an object that claims to be a buffer', { byteLength: 1e9, [Symbol.toStringTag]: 'ArrayBuffer' }, '[object ArrayBuffer]'],
  ])('given as %s is refused with the line to change', async (_what, body, words) => {
    const problem = await problemOf({ 'chainside-signature': sign(BODY) }, body);
    expect(problem.problem).toBe('no_raw_body');
    expect(problem.message).toContain(words);
    expect(problem.message).toContain("express.raw({ type: '*/*' })");
    expect(problem.message).toContain("parseAs: 'buffer'");
    expect(problem.message).toContain('rawBody: true');
    expect(problem.message).toContain('await request.text()');
  });

  it('cannot make the handler allocate memory by resembling bytes', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const parsed = handler.parse(
      { 'chainside-signature': sign(BODY) },
      JSON.parse('{"byteLength":1,"buffer":300000000}') as never,
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
    await expect(parsed).rejects.toMatchObject({ problem: 'no_raw_body' });
  });

  it.each([
    ['a Uint8Array', `new Uint8Array(json.length).map((_, at) => json.charCodeAt(at))`],
    ['an ArrayBuffer', `Uint8Array.from(json, (char) => char.charCodeAt(0)).buffer`],
  ])('may be given as %s of another realm', async (_what, expression) => {
    const json = JSON.stringify({ ...CALLBACK, object: { uuid: 'x', state: {} } });
    const body = runInNewContext(expression, { json }) as Uint8Array;
    expect(await handler.parse({ 'chainside-signature': sign(json) }, body)).toEqual(JSON.parse(json));
  });

  it.each([
    ['one line', BODY],
    ['lines', `{\n  ${BODY.slice(1)}`],
    ['spaces', `{  ${BODY.slice(1)}`],
  ])('of %s may be base64, as API gateways pass it to functions', async (_what, body) => {
    const base64 = Buffer.from(body).toString('base64');
    expect(await handler.parse({ 'chainside-signature': sign(body) }, base64)).toEqual(CALLBACK);
    // As text, the base64 is not what was signed.
    expect((await problemOf({ 'chainside-signature': sign(base64) }, base64)).problem).toBe('wrong_signature');
  });

  it.each(['eyJ', 'eyJ=', 'eyJldmVudCI', 'eyJldmVudCI6===', 'ey', 'e'])(
    'that only begins like base64 has a wrong signature: %s',
    async (body) => {
      expect((await problemOf({ 'chainside-signature': sign(BODY) }, body)).problem).toBe('wrong_signature');
    },
  );

  it('has a hint in the error if it was serialised again', async () => {
    const problem = await problemOf({ 'chainside-signature': sign(BODY) }, JSON.stringify(CALLBACK, null, 2));
    expect(problem.message).toContain('parsed and serialised again');
  });

  it.each([8063, 8064, 8065, 100_000, 3_000_000])('may have %d bytes, followed by a shorter one', async (length) => {
    const long = JSON.stringify({ ...CALLBACK, pad: '' });
    const body = long.replace('"pad":""', `"pad":"${'x'.repeat(length - Buffer.byteLength(long))}"`);
    expect(Buffer.byteLength(body)).toBe(length);
    expect(await handler.parse({ 'chainside-signature': sign(body) }, body)).toMatchObject(CALLBACK);
    expect(await handler.parse({ 'chainside-signature': sign(BODY) }, Buffer.from(BODY))).toEqual(CALLBACK);
    expect((await problemOf({ 'chainside-signature': sign(BODY) }, body)).problem).toBe('wrong_signature');
  });

  it('may begin with a byte order mark, which is signed too', async () => {
    const body = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    expect(await handler.parse({ 'chainside-signature': sign(body) }, body)).toEqual(CALLBACK);
    expect((await problemOf({ 'chainside-signature': sign(bytes) }, body)).problem).toBe('wrong_signature');
  });

  it('is verified as it was passed, even if its memory changes afterwards', async () => {
    const mine = Buffer.from(BODY);
    const parsed = handler.parse({ 'chainside-signature': sign(BODY) }, mine);
    mine.fill(0);
    expect(await parsed).toEqual(CALLBACK);
    expect(mine.every((byte) => byte === 0)).toBe(true);
  });

  it('does not mix with another body checked at the same time', async () => {
    const bodies = Array.from({ length: 50 }, (_, at) => JSON.stringify({ ...CALLBACK, created_at: '9'.repeat(at) }));
    const parsed = await Promise.all(bodies.map((body) => handler.parse({ 'chainside-signature': sign(body) }, body)));
    expect(parsed.map(({ created_at }) => created_at.length)).toEqual(bodies.map((_, at) => at));
  });

  it('has a hint in the error if it is empty', async () => {
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
  ])('is refused if it is signed but invalid: %s: %j', async (problem, body) => {
    expect((await problemOf({ 'chainside-signature': sign(body) }, body)).problem).toBe(problem);
  });
});

describe('an event', () => {
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

  it('narrows the type of its callback', async () => {
    const callback = await parse('payment.expired');
    expectTypeOf(callback.object.uuid).toEqualTypeOf<string>();
    if (isKnownCallback(callback)) expectTypeOf(callback.event).toEqualTypeOf<CallbackEvent>();
  });
});

describe('the secrets of a handler', () => {
  it.each([
    ['options', undefined],
    ['secret', {}],
    ['secret', { secret: '' }],
    ['secrets', { secrets: [] }],
    ['secrets', { secrets: 'hush' }],
    ['secrets', { secrets: ['hush', ''] }],
    ['secrets', { secret: 'hush', secrets: ['hush'] }],
  ])('are checked: a wrong %s is named', (field, options) => {
    const make = (): CallbackHandler => new CallbackHandler(options as never);
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError', field }));
    expect(make).not.toThrow(/hush/);
  });

  it('are required by the types: one or several, but not both and not none', () => {
    const make = (options: CallbackHandlerOptions): CallbackHandler => new CallbackHandler(options);
    expect(make({ secrets: ['new', 'old'], maxAgeMs: 1000 })).toBeInstanceOf(CallbackHandler);
    // @ts-expect-error -- both
    expect(() => make({ secret: 'a', secrets: ['b'] })).toThrow('secrets');
    // @ts-expect-error -- none
    expect(() => make({ maxAgeMs: 1000 })).toThrow('secret');
  });

  it('never appear in a logged handler or an error', async () => {
    await handler.parse({ 'chainside-signature': sign(BODY) }, BODY);
    const problem = await problemOf({ 'chainside-signature': sign(BODY, 'x') }, BODY);
    const shown = inspect([handler, problem], { depth: 9, showHidden: true }) + JSON.stringify([handler, problem]);
    expect(shown).not.toContain(SECRET);
  });
});
