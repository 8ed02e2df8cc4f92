/**
 * The rules of a payment order: what it has received, where it stands, what moves it, and which events follow. Pure, and without any
 * import. The gateway applies them to what the chain says, the library's fake platform to what a test says. Both bundle this package.
 */
export { confirmationsOf, isConfirmed, transactionStatus, type TransactionStatus } from './confirmations.ts';
export { fiatToSats, satsToFiat, type DecimalRate, type Rounding } from './fiat.ts';
export type { AcceptedManually, Order, OrderState, OrderTerms, Payment, PaymentPlace } from './order.ts';
export { paidParts, type PaidPart, type PaidParts, type PricedOrder } from './paid-parts.ts';
export { hasRoomForMore, possibleEvents, type ChainLimits } from './possible-events.ts';
export { acceptedManually, isCovered, requiredAmount, type RequiredAmount } from './required-amount.ts';
export { MIN_ORDER_SATS } from './sats.ts';
export { cancel, nextDeadline, reportSurplus, settle, surplus, type OrderEvent, type Settled, type SettleAt } from './settle.ts';
export { blockchainStatus, orderStatus, resolvedAt, type BlockchainStatus, type OrderStatus } from './status.ts';
export { tally, type Tally } from './tally.ts';
