import { afterEach, describe, expect, it, vi } from 'vitest';
import { chainsideSigner, isSameText, type Signer } from './signer.ts';

// The contract's vector.
const VECTOR = 'NoIaKv36OfjECFj9JIa2fRdpQOr5XLnrGuX5twua2+RrhDvRlazApb16Zpil/c1cz3r2KrqxqiDOU430JbThfA==';
const message = new TextEncoder().encode('testRawBody');

afterEach(() => vi.unstubAllGlobals());

describe('the signature of a body', () => {
  it('is made by node:crypto at once, where there is one', async () => {
    const sign = await chainsideSigner('testSecret');
    expect(sign(message)).toBe(VECTOR);
  });

  it.each([
    ['no process', undefined],
    ['a process of little use, as bundlers make it', { env: {} }],
    ['a process that has no such module', { getBuiltinModule: () => undefined }],
  ])('is made by WebCrypto where there is %s', async (_what, process) => {
    const sign = await withProcess(process, () => chainsideSigner('testSecret'));
    const signed = sign(message);
    expect(signed).toBeInstanceOf(Promise);
    expect(await signed).toBe(VECTOR);
  });
});

async function withProcess(process: object | undefined, make: () => Promise<Signer>): Promise<Signer> {
  vi.stubGlobal('process', process);
  try {
    return await make();
  } finally {
    vi.unstubAllGlobals();
  }
}

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
