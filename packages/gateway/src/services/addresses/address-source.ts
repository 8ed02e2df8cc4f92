import type { ScriptHex } from '../../kernel/chain.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import type { IndexAllocator } from './index-allocator.ts';

/** Provides the addresses of new orders. */
export interface AddressSource {
  readonly indexes: IndexAllocator;
  /** The error for a client whose order cannot be created now; undefined if it can. */
  refusal(id: AccountId): Promise<Error | undefined>;
  /** Removes and returns the address at an index that was taken, if it is in the pool. */
  pooled(id: AccountId, index: number): ReceiveAddress | undefined;
  /** Watches the script of a new order. Call it before anyone learns the address. */
  watch(script: ScriptHex): void;
}
