import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isSameText, type Signer, signerOf } from './signer.ts';

// The test vector of the contract.
const VECTOR = 'NoIaKv36OfjECFj9JIa2fRdpQOr5XLnrGuX5twua2+RrhDvRlazApb16Zpil/c1cz3r2KrqxqiDOU430JbThfA==';
const message = new TextEncoder().encode('testRawBody');

afterEach(() => vi.unstubAllGlobals());

/** Makes a signer as in another runtime. */
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
  ['a stub of process, as bundlers make it', { env: {} }],
  ['a process without the module', { getBuiltinModule: () => undefined }],
  ['a module without one-shot hashes', { getBuiltinModule: () => ({}) }],
];

describe('the signature of a body', () => {
  it('is made synchronously by node:crypto where it exists', () => {
    expect(signerOf(512, 'testSecret')(message)).toBe(VECTOR);
  });

  it.each(elsewhere)('is made by WebCrypto with %s', async (_what, process) => {
    const signed = withProcess(process, () => signerOf(512, 'testSecret'))(message);
    expect(signed).toBeInstanceOf(Promise);
    expect(await signed).toBe(VECTOR);
  });

  it.each(elsewhere)('covers the bytes as they were passed, with %s', async (_what, process) => {
    const mine = message.slice();
    const signed = withProcess(process, () => signerOf(512, 'testSecret'))(mine);
    mine.fill(0);
    expect(await signed).toBe(VECTOR);
  });

  // RFC 2104: a key may have up to a block; standardWebhooks shortens longer ones.
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

  it('is an HMAC either way, whatever was signed before', async () => {
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

describe('the comparison of texts', () => {
  it.each([
    ['abc', 'abc', true],
    ['', '', true],
    ['abd', 'abc', false],
    ['ab', 'abc', false],
    ['abcd', 'abc', false],
    ['', 'abc', false],
    ['abc\0', 'abc', false],
    ['\0\0\0', '', false],
  ])('compares %j with %j as %s', (given, expected, same) => {
    expect(isSameText(given, expected)).toBe(same);
  });
});
