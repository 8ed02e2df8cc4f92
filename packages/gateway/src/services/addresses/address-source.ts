import type { ScriptHex } from '../../kernel/chain.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import type { IndexAllocator } from './index-allocator.ts';

/** Where new orders get their addresses from. */
export interface AddressSource {
  readonly indexes: IndexAllocator;
  /** Why no order of an account may be made now, as its client is told; undefined when one may. */
  refusal(id: AccountId): Promise<Error | undefined>;
  /** The address at an index that was taken, if it is in the pool. */
  pooled(id: AccountId, index: number): ReceiveAddress | undefined;
  /** Has the script of a new order watched, before its address is told to anyone. */
  watch(script: ScriptHex): void;
}
