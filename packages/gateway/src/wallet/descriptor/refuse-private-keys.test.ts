import { inspect } from 'node:util';
import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check, hex } from '@scure/base';
import { HDKey } from '@scure/bip32';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import { parseAccount } from './parse-account.ts';

const base58check = createBase58check(sha256);
const PRIVATE_VERSIONS = loadVectors<{ private_version?: string }>('slip132').flatMap((vector) => vector.private_version ?? []);

/** All the forms of a secret that a merchant could paste by mistake. */
const secret: fc.Arbitrary<string> = fc
  .tuple(
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    fc.constantFrom('extended', 'wif', 'wif-old', 'hex'),
    fc.constantFrom(...PRIVATE_VERSIONS),
    fc.boolean(),
  )
  .map(([seed, form, version, main]) => {
    const wifVersion = main ? 0x80 : 0xef;
    if (form === 'wif') return base58check.encode(Uint8Array.of(wifVersion, ...seed, 1));
    if (form === 'wif-old') return base58check.encode(Uint8Array.of(wifVersion, ...seed));
    if (form === 'hex') return main ? hex.encode(seed) : `0x${hex.encode(seed).toUpperCase()}`;
    return HDKey.fromMasterSeed(seed, { private: Number.parseInt(version, 16), public: 0 }).deriveChild(3).privateExtendedKey;
  });

const place = fc.constantFrom<(key: string) => { descriptor: string } | { xpub: string }>(
  (key) => ({ xpub: key }),
  (key) => ({ xpub: ` ${key}\n` }),
  (key) => ({ xpub: `${key}/0/*` }),
  (key) => ({ descriptor: key }),
  (key) => ({ descriptor: `wpkh(${key}/0/*)` }),
  (key) => ({ descriptor: `wpkh([d34db33f/84h/0h/0h]${key}/<0;1>/*)#qqqqqqqq` }),
  (key) => ({ descriptor: `sh(wpkh(${key}))` }),
  (key) => ({ descriptor: `wsh(sortedmulti(1,${key}/0/*))` }),
  (key) => ({ descriptor: `tr(${key})` }),
  (key) => ({ descriptor: `wpkh(${key}` }),
  (key) => ({ descriptor: `[${key}/0h]` }),
  (key) => ({ descriptor: `wpkh(xpub/${key}/*)` }),
  (key) => ({ descriptor: `raw(00)#${key}` }),
);

function refusal(input: { descriptor: string } | { xpub: string }): Error & { code: string } {
  try {
    parseAccount(input, 'bitcoin');
  } catch (error) {
    return error as Error & { code: string };
  }
  throw new Error('expected a refusal');
}

/** Everything that a log or a reply could take from an error. */
function everythingIn(error: Error): string {
  const fields = Object.getOwnPropertyNames(error).map((name) => String(Reflect.get(error, name)));
  return [String(error), error.stack, JSON.stringify(error), inspect(error, { depth: null, showHidden: true }), ...fields].join(
    '\n',
  );
}

/** The 7-character parts of a text that occur in another one. */
function partsOf(text: string, where: string): string[] {
  const parts = Array.from({ length: Math.max(0, text.length - 6) }, (_, at) => text.slice(at, at + 7));
  return parts.filter((part) => where.toLowerCase().includes(part.toLowerCase()));
}

describe('a private key', () => {
  it('is refused in every form and position, and no part of it is in the error', () => {
    fc.assert(
      fc.property(secret, place, (key, put) => {
        const error = refusal(put(key));
        expect(error.code).toBe('private_key');
        expect(error.cause).toBeUndefined();
        expect(partsOf(key, everythingIn(error))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('that was mistyped, truncated or broken across lines is not quoted either', () => {
    const damage = fc.constantFrom<(key: string, at: number) => string>(
      (key, at) => `${key.slice(0, at)}0${key.slice(at + 1)}`,
      (key, at) => key.slice(0, at) + key.slice(at + 1),
      (key, at) => key.slice(at),
      (key, at) => `${key.slice(0, at)}\n${key.slice(at)}`,
      (key, at) => `${key.slice(0, at)}(${key.slice(at)}`,
      (key, at) => `${key.slice(0, at)}#${key.slice(at)}`,
      (key, at) => `${key.slice(0, at)}/${key.slice(at)}`,
      (key) => key.toLowerCase(),
    );
    fc.assert(
      fc.property(secret, place, damage, fc.nat({ max: 50 }), (key, put, spoil, at) => {
        expect(partsOf(key, everythingIn(refusal(put(spoil(key, at)))))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('in a recovery phrase is refused', () => {
    const phrase = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
    const error = refusal({ xpub: phrase });
    expect(error.code).toBe('private_key');
    expect(everythingIn(error)).not.toContain('abandon');
  });

  it.each([
    ['WIF with a wrong character', 'L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY2'],
    ['test network WIF with a wrong character', 'cTcXrZh5uobpoZFBn1Gu5EjWEKxrcQmNbA6sRBbb7eMTsYRUrNz1'],
    ['xprv that lacks its end', 'xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3j'],
    ['xprv with a character that base58 has not', 'xprv9s21ZrQH143K3QTDL4LXw0F7HEK3wJUD2nW2nRk4stbPy6cq3j'],
    ['BIP 38', '6PRVWUbkzzsbcVac2qwfssoUJAN1Xhrg6bNk8J7Nzm5H7kxEbn2Nh2ZoGg'],
    ['hex in upper case', 'E'.repeat(64)],
  ])('is recognised nevertheless: %s', (_name, key) => {
    expect(refusal({ xpub: key }).code).toBe('private_key');
    expect(refusal({ descriptor: `wpkh(${key}/0/*)` }).code).toBe('private_key');
  });

  it('with unknown version bytes is refused', () => {
    const key = HDKey.fromMasterSeed(new Uint8Array(32).fill(5), { private: 0x019d9cfe, public: 0 }).privateExtendedKey;
    expect(refusal({ xpub: key }).code).toBe('private_key');
  });

  interface DescriptorVector {
    readonly has_private_key?: boolean;
    readonly descriptor?: string;
    readonly key_expression?: string;
  }
  const published = loadVectors<DescriptorVector>('bip380-386-389')
    .filter(({ has_private_key }) => has_private_key)
    .map(({ descriptor, key_expression }) => descriptor ?? `wpkh(${key_expression!})`);

  it('has many published descriptors', () => expect(published.length).toBeGreaterThan(40));

  it.each(published)('is refused in %.60s', (descriptor) => expect(refusal({ descriptor }).code).toBe('private_key'));
});
