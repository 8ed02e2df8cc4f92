import { hex } from '@scure/base';
import { HDKey } from '@scure/bip32';
import { p2ms, p2wsh } from '@scure/btc-signer/payment.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ADDRESS_FORMATS } from './script/address-format.ts';
import { withChecksum } from './descriptor/checksum.ts';
import { multisigScript } from './script/multisig-script.ts';
import { parseAccount } from './descriptor/parse-account.ts';

const TESTNET = { public: 0x043587cf, private: 0 };
const signers = Array.from({ length: 21 }, (_, number) =>
  HDKey.fromMasterSeed(new Uint8Array(32).fill(number + 1), TESTNET).derive("m/48'/1'/0'/2'"),
);
const keys = signers.map(({ publicExtendedKey }) => publicExtendedKey);
const [a = '', b = '', c = ''] = keys;

function wallet(...parts: readonly (string | number)[]): ReturnType<typeof parseAccount> {
  return parseAccount({ descriptor: `wsh(sortedmulti(${parts.join(',')}))` }, 'regtest');
}

describe('a wallet of several keys', () => {
  it.each([
    [1, 1],
    [2, 3],
    [3, 3],
    [16, 16],
  ])('has the addresses of another library: %d of %d', (threshold, count) => {
    const made = wallet(threshold, ...keys.slice(0, count).map((key) => `${key}/0/*`));
    expect(made).toMatchObject({ scriptType: 'p2wsh', network: 'regtest' });
    for (const index of [0, 7, 2 ** 31 - 1]) {
      const publicKeys = signers.slice(0, count).map((signer) => signer.deriveChild(0).deriveChild(index).publicKey!);
      const sorted = publicKeys.map((key) => hex.encode(key)).sort();
      const theirs = p2wsh(
        p2ms(
          threshold,
          sorted.map((key) => hex.decode(key)),
        ),
        ADDRESS_FORMATS.regtest,
      );
      expect(made.receive(index)).toEqual({ index, address: theirs.address, script: hex.encode(theirs.script) });
    }
  });

  it('has the same addresses whatever the order of its keys (BIP 67)', () => {
    const made = wallet(2, `${a}/0/*`, `${b}/0/*`, `${c}/0/*`).receive(3);
    expect(wallet(2, `${c}/0/*`, `${a}/0/*`, `${b}/0/*`).receive(3)).toEqual(made);
  });

  it('derives the same addresses in a batch as one by one', () => {
    const made = wallet(2, `${a}/0/*`, `${b}/7/1/*`, `${c}/*`);
    expect(made.receiveMany(5, 9)).toEqual(Array.from({ length: 9 }, (_, position) => made.receive(position + 5)));
    expect(made.receiveMany(5, 0)).toEqual([]);
    for (const wrong of [-1, 2 ** 31, 0.5]) {
      expect(() => made.receive(wrong)).toThrow(/^index: expected/);
      expect(() => made.receiveMany(wrong, 2)).toThrow(/^index: expected/);
    }
  });

  it('uses the first branch of each key when some name several (BIP 389)', () => {
    const made = wallet(2, `[d34db33f/48'/1'/0'/2']${a}/<0;1>/*`, `${b}/<5;4>/*`, `${c}/9/*`);
    const canonical = `wsh(sortedmulti(2,[d34db33f/48h/1h/0h/2h]${a}/0/*,${b}/5/*,${c}/9/*))`;
    expect(made.descriptor).toBe(withChecksum(canonical));
    expect(parseAccount({ descriptor: made.descriptor }, 'regtest').receive(1)).toEqual(made.receive(1));
  });

  it('accepts 20 keys, as Bitcoin Core does', () => {
    const made = wallet(17, ...keys.slice(0, 20).map((key) => `${key}/*`));
    expect(made.receive(0).address).toMatch(/^bcrt1q.{58}$/);
  });

  it.each<[string, (string | number)[], string, string]>([
    ['no keys', [2], 'syntax', 'expected 1 to 20 keys in sortedmulti(k,KEY,...), got 0'],
    ['21 keys', [2, ...keys.map((key) => `${key}/*`)], 'syntax', 'got 21'],
    [
      'no threshold',
      [`${a}/*`, `${b}/*`],
      'syntax',
      'a threshold of 1 to 1, the number of keys, got something that is not a number',
    ],
    ['a threshold of 0', [0, `${a}/*`], 'syntax', 'a threshold of 1 to 1, the number of keys, got 0'],
    [
      'a threshold above the number of keys',
      [3, `${a}/*`, `${b}/*`],
      'syntax',
      'a threshold of 1 to 2, the number of keys, got 3',
    ],
    ['a threshold below zero', [-1, `${a}/*`], 'syntax', 'got something that is not a number'],
    ['the same key twice', [2, `${a}/0/*`, `${b}/0/*`, `${a}/0/*`], 'syntax', 'got the same one as key 1 and key 3'],
    [
      'the same key by another path',
      [1, `${a}/0/*`, `${signers[0]!.deriveChild(0).publicExtendedKey}/*`],
      'syntax',
      'as key 1 and key 2',
    ],
    ['branches that differ in number', [1, `${a}/<0;1>/*`, `${b}/<0;1;2>/*`], 'path', '(BIP 389), got 2 and 3 branches'],
    [
      'a key that is not ranged',
      [1, `${a}/0/*`, `${b}/0/7`],
      'not_ranged',
      'descriptor: key 2 of 2: expected a path that ends in /*',
    ],
    ['a key of its own', [1, `02${'ab'.repeat(32)}`], 'not_ranged', 'key 1 of 1: expected an extended public key'],
    ['a hardened step', [1, `${a}/0/*`, `${b}/0h/*`], 'hardened_path', 'key 2 of 2: expected no hardened step'],
    ['an empty key', [1, `${a}/0/*`, ''], 'syntax', 'key 2 of 2: expected a key, got none'],
    ['a script as key', [1, `pk(${a}/0/*)`], 'syntax', 'key 1 of 1: expected one key'],
  ])('is refused with %s', (_name, parts, code, message) => {
    expect(() => wallet(...parts)).toThrow(
      expect.objectContaining({ name: 'WalletError', code, message: expect.stringContaining(message) as string }),
    );
  });

  it('is refused with a key of another network', () => {
    const xpub = HDKey.fromMasterSeed(new Uint8Array(32)).derive("m/48'").publicExtendedKey;
    expect(() => wallet(1, `${a}/*`, `${xpub}/*`)).toThrow(expect.objectContaining({ code: 'network' }));
  });
});

describe('the script of several keys', () => {
  it('encodes numbers up to 16 as opcodes and larger ones as bytes', () => {
    const publicKeys = signers.map(({ publicKey }) => publicKey!);
    expect(hex.encode(multisigScript(1, publicKeys.slice(0, 2)))).toMatch(/^5121.{66}21.{66}52ae$/);
    expect(hex.encode(multisigScript(17, publicKeys.slice(0, 20)))).toMatch(/^0111(?:21.{66}){20}0114ae$/);
  });

  it('has every key once, sorted by bytes', () => {
    const many = fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(many, (chosen) => {
        const given = chosen.map((number) => hex.encode(signers[number]!.publicKey!));
        const script = hex.encode(
          multisigScript(
            1,
            given.map((key) => hex.decode(key)),
          ),
        );
        expect([...script.matchAll(/21(0[23].{64})/g)].map(([, key]) => key)).toEqual([...given].sort());
      }),
    );
  });
});
