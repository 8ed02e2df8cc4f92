/** What a shop needs to know about an order: the six values of `state.status`. */
export const ORDER_STATUSES = ['pending', 'paid', 'cancelled', 'expired', 'network_dispute', 'chargeback'] as const;

/** One of {@link ORDER_STATUSES}. */
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What the chain says about an order: the eleven values of `state.blockchain_status`. */
export const BLOCKCHAIN_STATUSES = [
  'pending',
  'partial',
  'mempool_unconfirmed',
  'unconfirmed',
  'paid',
  'cancelled',
  'expired',
  'network_dispute',
  'mempool_network_dispute',
  'possible_chargeback',
  'chargeback',
] as const;

/** One of {@link BLOCKCHAIN_STATUSES}. */
export type BlockchainStatus = (typeof BLOCKCHAIN_STATUSES)[number];
