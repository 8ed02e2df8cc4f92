import type { ScriptHex } from '../../kernel/chain.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';

/** The address pool: addresses that are derived before they are needed. A missing address can be derived again at any time. */
export interface AddressStore {
  /**
   * Stores addresses of an account. Addresses that are stored already are left unchanged, except that one without a seal gets it if it is
   * the same address.
   */
  insert(id: AccountId, addresses: readonly PooledAddress[]): Promise<void>;
  /** Returns addresses in the order of their indexes, starting at an index. */
  from(id: AccountId, index: number, limit: number): Promise<PooledAddress[]>;
  /** Returns the accounts and indexes of scripts. Scripts of addresses that are not stored are left out. */
  ownersOf(scripts: readonly ScriptHex[]): Promise<OwnedAddress[]>;
  /** Deletes the addresses below an index, except those in skipped ranges, which are always watched. */
  prune(id: AccountId, below: number): Promise<void>;
  /** Deletes one address: it is derived again when it is needed. */
  delete(id: AccountId, index: number): Promise<void>;
  /** Removes the seals of an account's addresses. */
  unseal(id: AccountId): Promise<void>;
}

export interface PooledAddress extends ReceiveAddress {
  /** Null: not sealed. */
  readonly seal: string | null;
}

export interface OwnedAddress extends ReceiveAddress {
  readonly accountId: AccountId;
}
