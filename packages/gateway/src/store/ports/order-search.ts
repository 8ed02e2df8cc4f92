import type { BlockchainStatus } from '@webpos/sdk/wire';
import type { ScriptHex, Txid } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import type { Sats } from '../../kernel/sats.ts';

/** A property that is undefined matches everything. */
export interface OrderSearch {
  readonly posId: PosId | undefined;
  readonly blockchainStatus: BlockchainStatus | undefined;
  /** Only orders that need attention. */
  readonly needsAttention: boolean;
  /** Only orders that match at least one of these. */
  readonly matches: readonly OrderMatch[] | undefined;
  /** Only orders created at this time or later. */
  readonly since: EpochMs | undefined;
  /** Only orders created before this time. */
  readonly until: EpochMs | undefined;
  /** Only orders created before this one, the nearest to it. */
  readonly before: OrderId | undefined;
  /** Only orders created after this one, the nearest to it. */
  readonly after: OrderId | undefined;
  readonly limit: number;
}

/** A search that matches every order. */
export const EVERY_ORDER: Omit<OrderSearch, 'limit'> = {
  posId: undefined,
  blockchainStatus: undefined,
  needsAttention: false,
  matches: undefined,
  since: undefined,
  until: undefined,
  before: undefined,
  after: undefined,
};

/** A property by which orders are found. */
export type OrderMatch =
  | { readonly by: 'id'; readonly id: OrderId }
  /** The first eight hexadecimal digits of the id, in lower case. */
  | { readonly by: 'id_start'; readonly start: string }
  | { readonly by: 'script'; readonly script: ScriptHex }
  /** The transaction of a payment, even if that was reverted. */
  | { readonly by: 'txid'; readonly txid: Txid }
  | { readonly by: 'reference'; readonly reference: string }
  /** The fiat amount, in the minor units of one of these currencies. */
  | { readonly by: 'fiat'; readonly minorUnits: string; readonly currencies: readonly string[] }
  /** The amount of a single payment. */
  | { readonly by: 'received'; readonly amount: Sats };
