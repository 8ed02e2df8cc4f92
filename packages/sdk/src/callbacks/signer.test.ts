import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isSameText, type Signer, signerOf } from './signer.ts';

// The contract's vector.
const VECTOR = 'NoIaKv36OfjECFj9JIa2fRdpQOr5XLnrGuX5twua2+RrhDvRlazApb16Zpil/c1cz3r2KrqxqiDOU430JbThfA==';
const message = new TextEncoder().encode('testRawBody');

afterEach(() => vi.unstubAllGlobals());

/** Makes a signer as if the program ran elsewhere. */
function withProcess(process: object | undefined, make: () => Signer): Signer {
  vi.stubGlobal('process', process);
  try {
    return make();
  } finally {
    vi.unstubAllGlobals();
  }
}

const elsewhere: [string, object | undefined][] = [
  ['no process', undefined],
  ['a process of little use, as bundlers make it', { env: {} }],
  ['a process that has no such module', { getBuiltinModule: () => undefined }],
  ['a module that cannot hash in one call', { getBuiltinModule: () => ({}) }],
];

describe('the signature of a body', () => {
  it('is made by node:crypto at once, where there is one', () => {
    expect(signerOf(512, 'testSecret')(message)).toBe(VECTOR);
  });

  it.each(elsewhere)('is made by WebCrypto where there is %s', async (_what, process) => {
    const signed = withProcess(process, () => signerOf(512, 'testSecret'))(message);
    expect(signed).toBeInstanceOf(Promise);
    expect(await signed).toBe(VECTOR);
  });

  it.each(elsewhere)('is of the bytes as they were, where there is %s', async (_what, process) => {
    const mine = message.slice();
    const signed = withProcess(process, () => signerOf(512, 'testSecret'))(mine);
    mine.fill(0);
    expect(await signed).toBe(VECTOR);
  });

  // RFC 2104: a key may have up to a block; standardWebhooks brings longer ones down to that.
  const cases = fc.tuple(
    fc
      .constantFrom<[256 | 512, number]>([256, 64], [512, 128])
      .chain(([bits, blockSize]) => fc.tuple(fc.constant(bits), fc.uint8Array({ minLength: 1, maxLength: blockSize }))),
    fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(8063, 8064, 8065, 8128, 8129, 20_000).map((length) => new Uint8Array(length).fill(7)),
      ),
      { minLength: 1, maxLength: 5 },
    ),
  );

  it('is an HMAC, by both ways, whatever was signed before', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ([[bits, key], messages]) => {
        const byNode = signerOf(bits, key);
        const byWeb = withProcess(undefined, () => signerOf(bits, key));
        for (const each of messages) {
          const expected = createHmac(`sha${bits}`, key).update(each).digest('base64');
          expect(byNode(each)).toBe(expected);
          expect(await byWeb(each)).toBe(expected);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the comparison', () => {
  it.each([
    ['abc', 'abc', true],
    ['', '', true],
    ['abd', 'abc', false],
    ['ab', 'abc', false],
    ['abcd', 'abc', false],
    ['', 'abc', false],
    ['abc\0', 'abc', false],
    ['\0\0\0', '', false],
  ])('of %j with %j is %s', (given, expected, same) => {
    expect(isSameText(given, expected)).toBe(same);
  });
});
