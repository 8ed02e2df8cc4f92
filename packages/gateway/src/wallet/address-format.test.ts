import { hex } from '@scure/base';
import { Address, OutScript } from '@scure/btc-signer/payment.js';
import { expect, it } from 'vitest';
import { loadVectors } from '../../test/vectors/load.ts';
import type { Network } from '../kernel/chain.ts';
import { ADDRESS_FORMATS } from './address-format.ts';

interface AddressVector {
  readonly address: string;
  readonly network: Network;
  readonly script_type: string;
  readonly script_pub_key: string;
}
// The library refuses to write p2tr keys that are not on the curve, which some of Bitcoin Core's vectors are.
const vectors = loadVectors<AddressVector>('addresses').filter(({ script_type }) =>
  ['p2pkh', 'p2sh', 'p2wpkh', 'p2wsh'].includes(script_type),
);

it('has addresses of every network', () => {
  expect([...new Set(vectors.map(({ network }) => network))].sort()).toEqual(Object.keys(ADDRESS_FORMATS).sort());
});

it.each(vectors)('writes $address for $network as Bitcoin Core does', ({ address, network, script_pub_key }) => {
  expect(Address(ADDRESS_FORMATS[network]).encode(OutScript.decode(hex.decode(script_pub_key)))).toBe(address);
});
