import type { BlockchainStatus } from '@webpos/sdk/wire';
import type { ScriptHex, Txid } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import type { Sats } from '../../kernel/sats.ts';

/** What is undefined may be any. */
export interface OrderSearch {
  readonly posId: PosId | undefined;
  readonly blockchainStatus: BlockchainStatus | undefined;
  /** Only those that a person has to look at. */
  readonly needsAttention: boolean;
  /** Those that fit one of these. */
  readonly matches: readonly OrderMatch[] | undefined;
  /** Made at this time or later. */
  readonly since: EpochMs | undefined;
  /** Made before this time. */
  readonly until: EpochMs | undefined;
  /** Those that were made before this one, nearest to it. */
  readonly before: OrderId | undefined;
  /** Those that were made after this one, nearest to it. */
  readonly after: OrderId | undefined;
  readonly limit: number;
}

/** One thing that orders are found by. */
export type OrderMatch =
  | { readonly by: 'id'; readonly id: OrderId }
  /** Eight hexadecimal digits in lower case. */
  | { readonly by: 'id_start'; readonly start: string }
  | { readonly by: 'script'; readonly script: ScriptHex }
  /** That paid it, be it gone since. */
  | { readonly by: 'txid'; readonly txid: Txid }
  | { readonly by: 'reference'; readonly reference: string }
  /** What was asked for, in the minor units of one of these currencies. */
  | { readonly by: 'fiat'; readonly minorUnits: string; readonly currencies: readonly string[] }
  /** What one payment had. */
  | { readonly by: 'received'; readonly amount: Sats };
