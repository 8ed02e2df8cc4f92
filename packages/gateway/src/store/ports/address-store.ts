import type { ScriptHex } from '../../kernel/chain.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';

/** Addresses that were derived before anyone needs them. What is missing can be derived again at any time. */
export interface AddressStore {
  /** Keeps addresses of an account; those that are kept already stay as they are. */
  insert(id: AccountId, addresses: readonly ReceiveAddress[]): Promise<void>;
  /** Addresses in the order of their indexes, from an index on. */
  from(id: AccountId, index: number, limit: number): Promise<ReceiveAddress[]>;
  /** Which accounts and indexes these scripts belong to; those that no kept address has are left out. */
  ownersOf(scripts: readonly ScriptHex[]): Promise<OwnedAddress[]>;
  /** Forgets what lies below an index, but for skipped ranges: these are watched for ever. */
  forget(id: AccountId, below: number): Promise<void>;
}

export interface OwnedAddress extends ReceiveAddress {
  readonly accountId: AccountId;
}
