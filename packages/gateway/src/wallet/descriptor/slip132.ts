/** The version bytes of extended keys: the chain and the kind of address that a key is for (BIP 32, SLIP 132). */

/** The meaning of a prefix. */
export interface KeyVersion {
  readonly prefix: string;
  /** The first 4 bytes of the encoded key. */
  readonly version: number;
  /** `test` stands for testnet4, signet and regtest, which share their prefixes. */
  readonly chain: 'main' | 'test';
  /** The kind of address that SLIP 132 assigns to the prefix; `any` for xpub and tpub, which do not state it (BIP 32). */
  readonly addresses: 'any' | 'p2wpkh' | 'sh(p2wpkh)' | 'multisig';
}

const XPUB: KeyVersion = { prefix: 'xpub', version: 0x0488b21e, chain: 'main', addresses: 'any' };
const TPUB: KeyVersion = { prefix: 'tpub', version: 0x043587cf, chain: 'test', addresses: 'any' };

/** The public prefixes. */
export const KEY_VERSIONS: readonly KeyVersion[] = [
  XPUB,
  { prefix: 'ypub', version: 0x049d7cb2, chain: 'main', addresses: 'sh(p2wpkh)' },
  { prefix: 'zpub', version: 0x04b24746, chain: 'main', addresses: 'p2wpkh' },
  { prefix: 'Ypub', version: 0x0295b43f, chain: 'main', addresses: 'multisig' },
  { prefix: 'Zpub', version: 0x02aa7ed3, chain: 'main', addresses: 'multisig' },
  TPUB,
  { prefix: 'upub', version: 0x044a5262, chain: 'test', addresses: 'sh(p2wpkh)' },
  { prefix: 'vpub', version: 0x045f1cf6, chain: 'test', addresses: 'p2wpkh' },
  { prefix: 'Upub', version: 0x024289ef, chain: 'test', addresses: 'multisig' },
  { prefix: 'Vpub', version: 0x02575483, chain: 'test', addresses: 'multisig' },
];

/** The versions that descriptors use on each chain, whatever the kind of address. */
export const PLAIN_VERSIONS: Readonly<Record<KeyVersion['chain'], KeyVersion>> = { main: XPUB, test: TPUB };
