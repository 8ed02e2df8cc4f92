import { secp256k1 } from '@noble/curves/secp256k1.js';
import { hex } from '@scure/base';
import { HARDENED_OFFSET, HDKey } from '@scure/bip32';
import { p2wpkh } from '@scure/btc-signer/payment.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NETWORKS } from '../kernel/chain.ts';
import { ADDRESS_FORMATS } from './script/address-format.ts';
import { childKeys } from './child-keys.ts';
import { parseAccount } from './descriptor/parse-account.ts';

const publicKey = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((seed) => HDKey.fromMasterSeed(seed).wipePrivateData());
const firstIndex = fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: HARDENED_OFFSET - 40 }));

describe('child keys derived in a batch', () => {
  it('are the same as derived one by one, in batches of any size', () => {
    fc.assert(
      fc.property(publicKey, firstIndex, fc.integer({ min: 0, max: 33 }), (parent, from, count) => {
        const together = childKeys(parent, from, count);
        expect(together.map((key) => hex.encode(key))).toEqual(
          Array.from({ length: count }, (_, position) => hex.encode(parent.deriveChild(from + position).publicKey!)),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('are the same where the parent is a small multiple of the generator', () => {
    // Every 128th child adds a point to itself or to its negative first, for which there is another formula.
    const publicKey = secp256k1.Point.BASE.multiply(5n).toBytes(true);
    const parent = new HDKey({ publicKey, chainCode: new Uint8Array(32).fill(9) });
    const together = childKeys(parent, 0, 600);
    expect(together).toEqual(Array.from({ length: 600 }, (_, index) => parent.deriveChild(index).publicKey));
  });

  it('need a parent with a public key', () => {
    const { publicKey } = HDKey.fromMasterSeed(new Uint8Array(32).fill(7));
    expect(() => childKeys(new HDKey({ publicKey: publicKey! }), 0, 1)).toThrow(TypeError);
  });
});

describe('addresses derived in a batch', () => {
  const zpub = 'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs';
  const tpub = HDKey.fromMasterSeed(new Uint8Array(32).fill(6), { public: 0x043587cf, private: 0x04358394 }).derive(
    "m/84'/1'/0'",
  );

  it('begin as in BIP 84', () => {
    expect(
      parseAccount({ xpub: zpub }, 'bitcoin')
        .receiveMany(0, 2)
        .map(({ address }) => address),
    ).toEqual(['bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu', 'bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g']);
  });

  it.each(NETWORKS)('are the same as derived one by one, and by another library (%s)', (network) => {
    const wallet = parseAccount({ xpub: network === 'bitcoin' ? zpub : tpub.publicExtendedKey }, network);
    const node = network === 'bitcoin' ? undefined : tpub.deriveChild(0);
    for (const address of wallet.receiveMany(3, 66)) {
      expect(address).toEqual(wallet.receive(address.index));
      if (node === undefined) continue;
      const theirs = p2wpkh(node.deriveChild(address.index).publicKey!, ADDRESS_FORMATS[network]);
      expect([address.address, address.script]).toEqual([theirs.address, hex.encode(theirs.script)]);
    }
  });

  it.each([
    [-1, 1],
    [0.5, 1],
    [HARDENED_OFFSET, 1],
    [HARDENED_OFFSET - 1, 2],
  ])('have indexes from 0 to 2^31 - 1: not %d and %d of them', (from, count) => {
    expect(() => parseAccount({ xpub: zpub }, 'bitcoin').receiveMany(from, count)).toThrow(/^index: expected/);
  });
});
