import type { EpochMs } from '../../../kernel/clock.ts';
import type { LinkId, OrderId, PosId } from '../../../kernel/ids.ts';
import type { LinkPlaces } from '../../../links/availability.ts';
import type { PaymentLink } from '../../../links/payment-link.ts';
import type { OrderState } from '../../../orders/order.ts';

/** Payment links, and the places that their orders take. */
export interface LinkStore {
  /** Returns false if the name is taken; nothing is stored then. */
  insert(link: PaymentLink): Promise<boolean>;
  update(link: PaymentLink): Promise<void>;
  get(id: LinkId): Promise<PaymentLink | undefined>;
  byName(name: string): Promise<PaymentLink | undefined>;
  /** Reads a link and locks it, with its places, until the transaction ends. */
  lock(id: LinkId): Promise<PaymentLink | undefined>;
  /** Returns one page of links, the newest first. */
  list(query: LinkQuery): Promise<PaymentLink[]>;
  /** Counts the places of links, by the orders as they are stored now. A link without any is left out. */
  places(ids: readonly LinkId[]): Promise<Map<LinkId, LinkPlaces>>;
  /** Stores a new place. */
  takePlace(place: LinkPlace): Promise<void>;
  place(id: LinkId, key: string): Promise<LinkPlace | undefined>;
  /** Returns at most `limit` places that may still be given back, with the state of their orders. */
  unsettledPlaces(id: LinkId, limit: number): Promise<UnsettledPlace[]>;
  /** Notes the order of a place. */
  setOrder(id: LinkId, key: string, orderId: OrderId): Promise<void>;
  /** Gives up places for which no order was created. */
  deletePlaces(id: LinkId, keys: readonly string[]): Promise<void>;
  /** Marks places that will not change any more, and counts how many of them were paid. Call it with the link locked. */
  settlePlaces(id: LinkId, keys: readonly string[], paid: number): Promise<void>;
  /** Returns one page of the orders of a link, the newest first. */
  orders(id: LinkId, page: { readonly before: OrderId | undefined; readonly limit: number }): Promise<OrderId[]>;
}

export interface LinkQuery {
  /** Only links of these POS; undefined: all. */
  readonly posIds: readonly PosId[] | undefined;
  /** Only links older than this one; undefined: from the newest. */
  readonly before: LinkId | undefined;
  readonly limit: number;
}

/** A place of a link, taken before its order is created. */
export interface LinkPlace {
  readonly linkId: LinkId;
  /** Identifies a repeated request. */
  readonly key: string;
  /** Null until the order is created. */
  readonly orderId: OrderId | null;
  readonly takenAt: EpochMs;
}

export interface UnsettledPlace extends Pick<LinkPlace, 'key' | 'orderId' | 'takenAt'> {
  /** Null without an order. */
  readonly status: OrderState['status'] | null;
  /** Whether the whole amount was seen. */
  readonly isCovered: boolean;
}
