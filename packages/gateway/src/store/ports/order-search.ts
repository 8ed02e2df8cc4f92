import type { BlockchainStatus } from '@webpos/sdk/wire';
import type { ScriptHex, Txid } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import type { Sats } from '../../kernel/sats.ts';
import type { Order } from '../../orders/order.ts';

/** A property that is undefined matches everything. */
export interface OrderSearch {
  /** Only orders of these POS. */
  readonly posIds: readonly PosId[] | undefined;
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
  /** How many slices of rows that match are filtered at most before the search is cut off. Default: as many as there are. */
  readonly maxSlices?: number;
}

/** One page of a search. */
export interface OrdersFound {
  /** The newest first. */
  readonly orders: readonly Order[];
  /** The order with which to continue a search that was cut off before the page was full. It need not match. */
  readonly searchedTo: OrderId | undefined;
}

/** A search that matches every order. */
export const EVERY_ORDER: Omit<OrderSearch, 'limit' | 'maxSlices'> = {
  posIds: undefined,
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
