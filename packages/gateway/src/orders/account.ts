/** A merchant's wallet, as the gateway knows it: public keys only. */
import type { Network } from '../kernel/chain.ts';
import type { EpochMs } from '../kernel/clock.ts';
import type { AccountId } from '../kernel/ids.ts';

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly network: Network;
  /** The ranged output descriptor of its receiving addresses, with its checksum (BIP 380). */
  readonly descriptor: string;
  /** The index that the next order's address will have. */
  readonly nextIndex: number;
  readonly createdAt: EpochMs;
}
