import { hex } from '@scure/base';
import { Address } from '@scure/btc-signer/payment.js';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import { ADDRESS_FORMATS } from './address-format.ts';
import { segwitOutput } from './segwit-output.ts';

interface AddressVector {
  readonly address: string;
  readonly valid: boolean;
  readonly network: 'bitcoin' | 'testnet';
  readonly witness_version: number;
  readonly script_pub_key: string;
  readonly error_class: string;
}
const published = loadVectors<AddressVector>('bip173-350');
const [valid, invalid] = [published.filter(({ valid }) => valid), published.filter(({ valid }) => !valid)];

describe('the addresses of BIP 173 and 350', () => {
  it('are used completely', () => expect([valid.length, invalid.length]).toEqual([8, 26]));

  it.each(valid)('are written as published: $address', ({ address, network, witness_version, script_pub_key }) => {
    const program = hex.decode(script_pub_key).subarray(2);
    const output = segwitOutput(witness_version, program, ADDRESS_FORMATS[network === 'bitcoin' ? 'bitcoin' : 'signet']);
    expect(output.address).toBe(address.toLowerCase());
    expect(hex.encode(output.script)).toBe(script_pub_key);
  });

  // We write addresses and read none. This shows that the readers used in these tests do reject invalid ones.
  it.each(invalid)('are refused by readers if invalid: $address ($error_class)', ({ address }) => {
    for (const network of ['bitcoin', 'signet'] as const)
      expect(() => Address(ADDRESS_FORMATS[network]).decode(address)).toThrow(Error);
  });
});
