/**
 * The rules of a payment order: what it has received, which state it is in, what changes that state, and which events follow. Pure
 * functions without dependencies. The gateway applies them to the blockchain, the client library's fake platform to the payments of a
 * test. Both bundle this package, so they cannot disagree.
 */
export { confirmationsOf, isConfirmed, transactionStatus, type TransactionStatus } from './confirmations.ts';
export { fiatToSats, satsToFiat, type DecimalRate, type Rounding } from './fiat.ts';
export type { AcceptedManually, Order, OrderState, OrderTerms, Payment, PaymentPlace } from './order.ts';
export { paidParts, type PaidPart, type PaidParts, type PricedOrder } from './paid-parts.ts';
export { canFallShort, hasRoomForMore, possibleEvents, type ChainLimits } from './possible-events.ts';
export { acceptedManually, isCovered, requiredAmount, type RequiredAmount } from './required-amount.ts';
export { MIN_ORDER_SATS } from './sats.ts';
export { cancel, nextDeadline, reportSurplus, settle, surplus, type OrderEvent, type Settled, type SettleAt } from './settle.ts';
export { blockchainStatus, orderStatus, resolvedAt, type BlockchainStatus, type OrderStatus } from './status.ts';
export { tally, type Tally } from './tally.ts';
