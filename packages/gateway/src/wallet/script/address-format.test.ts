import { hex } from '@scure/base';
import { Address, OutScript } from '@scure/btc-signer/payment.js';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import type { Network } from '../../kernel/chain.ts';
import { ADDRESS_FORMATS } from './address-format.ts';
import { segwitOutput } from './segwit-output.ts';

interface AddressVector {
  readonly address: string;
  readonly network: Network;
  readonly script_type: string;
  readonly script_pub_key: string;
}
const vectors = loadVectors<AddressVector>('addresses');
const [base58, segwit] = [true, false].map((isBase58) =>
  vectors.filter(({ script_type }) => ['p2pkh', 'p2sh'].includes(script_type) === isBase58),
) as [AddressVector[], AddressVector[]];

describe("Bitcoin Core's addresses", () => {
  it('are used completely, and cover every network', () => {
    expect([base58.length, segwit.length]).toEqual([22, 32]);
    for (const part of [base58, segwit])
      expect([...new Set(part.map(({ network }) => network))].sort()).toEqual(Object.keys(ADDRESS_FORMATS).sort());
  });

  it.each(base58)('are written in base58: $address for $network', ({ address, network, script_pub_key }) => {
    expect(Address(ADDRESS_FORMATS[network]).encode(OutScript.decode(hex.decode(script_pub_key)))).toBe(address);
  });

  it.each(segwit)('are written in bech32: $address for $network', ({ address, network, script_pub_key }) => {
    const [opcode = 0, , ...program] = hex.decode(script_pub_key);
    const output = segwitOutput(opcode === 0 ? 0 : opcode - 0x50, Uint8Array.from(program), ADDRESS_FORMATS[network]);
    expect(output.address).toBe(address);
    expect(hex.encode(output.script)).toBe(script_pub_key);
  });
});
