import type { ScriptHex } from '../../kernel/chain.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';

/** The address pool: addresses that are derived before they are needed. A missing address can be derived again at any time. */
export interface AddressStore {
  /** Stores addresses of an account. Addresses that are stored already are left unchanged. */
  insert(id: AccountId, addresses: readonly ReceiveAddress[]): Promise<void>;
  /** Returns addresses in the order of their indexes, starting at an index. */
  from(id: AccountId, index: number, limit: number): Promise<ReceiveAddress[]>;
  /** Returns the accounts and indexes of scripts. Scripts of addresses that are not stored are left out. */
  ownersOf(scripts: readonly ScriptHex[]): Promise<OwnedAddress[]>;
  /** Deletes the addresses below an index, except those in skipped ranges, which are always watched. */
  prune(id: AccountId, below: number): Promise<void>;
}

export interface OwnedAddress extends ReceiveAddress {
  readonly accountId: AccountId;
}
