import { hex } from '@scure/base';
import { HDKey } from '@scure/bip32';
import { p2tr } from '@scure/btc-signer/payment.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import { ADDRESS_FORMATS } from './address-format.ts';
import { P2TR } from './script-template.ts';
import { taprootOutputKeys } from './taproot-output-keys.ts';

interface WalletVector {
  readonly internal_pubkey: string;
  readonly script_tree: unknown;
  readonly tweaked_pubkey: string;
  readonly script_pub_key: string;
  readonly address: string;
}
const bip341 = loadVectors<WalletVector>('bip341-wallet');
const keyPath = bip341.filter(({ script_tree }) => script_tree === null);
const bip86 = loadVectors<{ type: string; internal_key: string; output_key: string }>('bip86').filter(
  ({ type }) => type === 'address',
);

function output(internalKey: string): string | undefined {
  return taprootOutputKeys([hex.decode(internalKey)]).map((key) => hex.encode(key))[0];
}

describe('the output key of a taproot address without scripts', () => {
  it('has published vectors', () => expect([keyPath.length, bip86.length]).toEqual([1, 3]));

  it.each(keyPath)('is that of BIP 341 for $internal_pubkey', ({ internal_pubkey, tweaked_pubkey, script_pub_key, address }) => {
    expect(output(`02${internal_pubkey}`)).toBe(tweaked_pubkey);
    const [made] = P2TR.outputs([hex.decode(`03${internal_pubkey}`)], ADDRESS_FORMATS.bitcoin);
    expect({ script: hex.encode(made!.script), address: made!.address }).toEqual({ script: script_pub_key, address });
  });

  it.each(bip341.filter(({ script_tree }) => script_tree !== null))(
    'differs from that with scripts: $internal_pubkey',
    ({ internal_pubkey, tweaked_pubkey }) => {
      expect(output(`02${internal_pubkey}`)).not.toBe(tweaked_pubkey);
    },
  );

  it.each(bip86)('is that of BIP 86 for $internal_key, whatever the sign of the key', ({ internal_key, output_key }) => {
    expect(output(`02${internal_key}`)).toBe(output_key);
    expect(output(`03${internal_key}`)).toBe(output_key);
  });

  it('is the same in another library, for any batch of keys', () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((seed) => HDKey.fromMasterSeed(seed).publicKey!);
    fc.assert(
      fc.property(fc.array(key, { maxLength: 6 }), (keys) => {
        const theirs = keys.map((internal) => p2tr(internal.subarray(1), undefined, ADDRESS_FORMATS.regtest));
        expect(P2TR.outputs(keys, ADDRESS_FORMATS.regtest).map(({ script, address }) => [hex.encode(script), address])).toEqual(
          theirs.map(({ script, address }) => [hex.encode(script), address]),
        );
      }),
      { numRuns: 10 },
    );
  });
});
