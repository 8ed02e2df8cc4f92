/** Prices a request and builds the order. Pure, apart from the clock and the ids of its context. */
import { ContractError, validationError } from '../../contract/contract-error.ts';
import type { Network } from '../../kernel/chain.ts';
import { plusMs } from '../../kernel/clock.ts';
import { HOUR_MS } from '../../kernel/durations.ts';
import { parseId, type OrderId } from '../../kernel/ids.ts';
import { ZERO_SATS, type Sats } from '../../kernel/sats.ts';
import type { Pos } from '../../merchants/pos.ts';
import { toleranceFor } from '../../merchants/tolerance.ts';
import { maxConfirmations } from '../../orders/confirmation-limit.ts';
import { fiatToSats, type FiatAmount } from '../../orders/fiat.ts';
import type { Order } from '../../orders/order.ts';
import { MIN_ORDER_AMOUNT } from '../../orders/rules.ts';
import type { Rate, RateSource } from '../../rates/source.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import type { CreationContext, OrderTimes } from '../context.ts';
import type { SealingContext } from '../seals/sealing-context.ts';

/** The validated content of a client's request. */
export interface OrderRequest {
  readonly fiat: FiatAmount;
  readonly callbackUrl: string | null;
  readonly continueUrl: string | null;
  readonly cancelUrl: string | null;
  readonly details: string | null;
  readonly reference: string | null;
  readonly requiredConfirmations: number | null;
}

export interface Price {
  readonly rate: Rate;
  readonly amount: Sats;
}

/** @throws ContractError 4003 if there is no rate for the currency, 0001 if the amount is too small or too large for bitcoin. */
export function priceOf({ fiat }: OrderRequest, pos: Pos, rates: RateSource): Price {
  const rate = rates.rate(fiat.currency, pos.rates);
  if (rate === undefined) throw new ContractError('4003', `there is no rate for ${fiat.currency} now`);
  return { rate, amount: amountInSats(fiat, rate) };
}

function amountInSats(fiat: FiatAmount, rate: Rate): Sats {
  try {
    const amount = fiatToSats(fiat, rate.value);
    if (amount >= MIN_ORDER_AMOUNT) return amount;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw validationError({ amount: ['must not be more than all bitcoin'] });
  }
  throw validationError({ amount: [`must be worth at least ${MIN_ORDER_AMOUNT} satoshi`] });
}

/** Returns the error for an order that would expire although it is paid, because its confirmations take longer than its timeout. */
export function tooManyConfirmations(
  { network, settlementTimeoutMs }: Pick<OrderTimes, 'settlementTimeoutMs'> & { readonly network: Network },
  { defaults }: Pos,
  { requiredConfirmations }: OrderRequest,
): ContractError | undefined {
  const required = requiredConfirmations ?? defaults.requiredConfirmations;
  const max = maxConfirmations(network, settlementTimeoutMs);
  if (required <= max) return undefined;
  const received = requiredConfirmations === null ? `the POS requires ${required}` : `got ${required}`;
  const why = `an order has ${Math.round(settlementTimeoutMs / HOUR_MS)} hours for its confirmations`;
  return validationError({ required_confirmations: [`must be at most ${max}, ${received}: ${why}`] });
}

/** Builds a pending order at an address. What the request leaves out comes from the POS. */
export function newOrder(
  // By name, because a rest parameter would copy the whole context for every order.
  {
    clock,
    newUuid,
    orderTtlMs,
    settlementTimeoutMs,
    chargebackTimeoutMs,
    guard,
  }: Pick<CreationContext, 'clock' | 'newUuid'> & OrderTimes & SealingContext,
  pos: Pos,
  request: OrderRequest,
  { rate, amount }: Price,
  { index, address, script }: ReceiveAddress,
): Order {
  const createdAt = clock.now();
  const id = parseId<OrderId>(newUuid());
  const place = { accountId: pos.accountId, index, address, script };
  return {
    terms: {
      id,
      posId: pos.id,
      accountId: pos.accountId,
      addressIndex: index,
      address,
      script,
      addressSeal: guard.seals.ofOrder(id, pos.id, place),
      amount,
      tolerance: toleranceFor(amount, pos.tolerance),
      fiat: request.fiat,
      rate,
      requiredConfirmations: request.requiredConfirmations ?? pos.defaults.requiredConfirmations,
      createdAt,
      expiresAt: plusMs(createdAt, orderTtlMs),
      settlementTimeoutMs,
      chargebackTimeoutMs,
      reference: request.reference,
      details: request.details,
      callbackUrl: request.callbackUrl ?? pos.defaults.callbackUrl,
      continueUrl: request.continueUrl ?? pos.defaults.continueUrl,
      cancelUrl: request.cancelUrl ?? pos.defaults.cancelUrl,
    },
    state: { status: 'pending', coveredAt: null },
    payments: [],
    surplusReported: ZERO_SATS,
    handled: ZERO_SATS,
  };
}
