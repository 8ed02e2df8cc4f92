/** The address format of each network (BIP 173; base58 version bytes as in Bitcoin Core's `chainparams.cpp`). */
import type { Network } from '../../kernel/chain.ts';

/** The prefixes of a network's addresses. The names are those of @scure/btc-signer. */
export interface AddressFormat {
  readonly bech32: string;
  readonly pubKeyHash: number;
  readonly scriptHash: number;
  readonly wif: number;
}

const TEST = { bech32: 'tb', pubKeyHash: 0x6f, scriptHash: 0xc4, wif: 0xef };

export const ADDRESS_FORMATS: Readonly<Record<Network, AddressFormat>> = {
  bitcoin: { bech32: 'bc', pubKeyHash: 0x00, scriptHash: 0x05, wif: 0x80 },
  testnet4: TEST,
  signet: TEST,
  regtest: { ...TEST, bech32: 'bcrt' },
};
