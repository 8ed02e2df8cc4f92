/**
 * Identifies a wallet without the database: by its scripts, not by the account that uses it. The same wallet has the same id in
 * every database, whether it was registered with a descriptor or a bare key.
 */
import { hex } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { AccountWallet } from './account-wallet.ts';

declare const brand: unique symbol;

/** 64 hex digits, which reveal nothing about the wallet's keys. */
export type WalletId = string & { readonly [brand]: 'WalletId' };

/**
 * The SHA-256 of the network and the first script: wallets that share one script share them all.
 *
 * @example walletId(parseAccount({ xpub: 'zpub6rFR7y4Q2...' }, 'bitcoin')) // '5b41...'
 */
export function walletId(wallet: Pick<AccountWallet, 'network' | 'receive'>): WalletId {
  const { script } = wallet.receive(0);
  return hex.encode(sha256(utf8ToBytes(`webpos wallet v1\n${wallet.network}\n${script}`))) as WalletId;
}
