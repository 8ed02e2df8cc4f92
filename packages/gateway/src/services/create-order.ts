/** Makes a payment order: a price in satoshi, a fresh address of the merchant's wallet, and a time to pay by. */
import { parseAccount } from '../wallet/parse-account.ts';
import type { AccountWallet, ReceiveAddress } from '../wallet/account-wallet.ts';
import { plusMs } from '../kernel/clock.ts';
import { parseId, type OrderId } from '../kernel/ids.ts';
import { ZERO_SATS, type Sats } from '../kernel/sats.ts';
import type { Account } from '../orders/account.ts';
import { LEAST_ORDER } from '../orders/dust.ts';
import { fiatToSats, type FiatAmount } from '../orders/fiat.ts';
import type { Order } from '../orders/order.ts';
import type { Pos } from '../orders/pos.ts';
import type { Rate } from '../rates/source.ts';
import type { StoreTransaction } from '../store/ports.ts';
import type { ServiceContext } from './context.ts';
import { ContractError, validationError } from './contract-error.ts';

/** What a client asked for, checked. */
export interface OrderRequest {
  readonly fiat: FiatAmount;
  readonly callbackUrl: string | null;
  readonly continueUrl: string | null;
  readonly cancelUrl: string | null;
  readonly details: string | null;
  readonly reference: string | null;
  readonly requiredConfirmations: number | null;
}

/** By which a creation that is sent twice is known again. */
export interface IdempotencyKey {
  readonly key: string;
  /** A hash of the whole request. */
  readonly requestHash: string;
}

/** How long a key is remembered. */
const KEY_LIFE_MS = 24 * 3_600_000;
/** Two requests with one key at once: the second finds the key taken, and then the first one's order. */
const MOST_TRIES = 3;

/**
 * Makes an order; asked again with the same key and request, it answers the one that it made.
 *
 * @throws ContractError 4003 when there is no rate for the currency, 0001 when the amount is too small or too large for
 * bitcoin.
 */
export async function createOrder(
  context: ServiceContext,
  pos: Pos,
  request: OrderRequest,
  idempotency?: IdempotencyKey,
): Promise<Order> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const order = await context.store.transaction(async (tx) => {
        const made = idempotency && (await orderMadeBefore(context, tx, pos, idempotency));
        return made ?? insertOrder(context, tx, pos, request, idempotency);
      });
      context.watchScript(order.terms.script);
      return order;
    } catch (error) {
      if (!(error instanceof KeyTakenError) || attempt >= MOST_TRIES) throw error;
    }
  }
}

/** Another request with the same key was stored first. */
class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
}

async function orderMadeBefore(
  { clock }: ServiceContext,
  tx: StoreTransaction,
  pos: Pos,
  { key, requestHash }: IdempotencyKey,
): Promise<Order | undefined> {
  await tx.idempotency.forget(plusMs(clock.now(), -KEY_LIFE_MS));
  const use = await tx.idempotency.find(pos.id, key);
  if (use === undefined) return undefined;
  if (use.requestHash !== requestHash)
    throw validationError({ 'Idempotency-Key': ['was used with another request in the last 24 hours'] });
  return tx.orders.get(use.orderId);
}

/** The address at an index for which none was derived ahead. */
async function derive(tx: StoreTransaction, pos: Pos, index: number): Promise<ReceiveAddress> {
  const account = await tx.accounts.get(pos.accountId);
  if (account === undefined) throw new Error(`POS ${pos.id} has no account ${pos.accountId}`);
  return walletOf(account).receive(index);
}

async function insertOrder(
  context: ServiceContext,
  tx: StoreTransaction,
  pos: Pos,
  request: OrderRequest,
  idempotency: IdempotencyKey | undefined,
): Promise<Order> {
  const rate = context.rates.rate(request.fiat.currency, pos.rates);
  if (rate === undefined) throw new ContractError('4003', `there is no rate for ${request.fiat.currency} now`);
  const amount = priceInSats(request.fiat, rate);
  const index = await tx.accounts.takeIndex(pos.accountId);
  const at = context.addressAhead(pos.accountId, index) ?? (await derive(tx, pos, index));
  const order = makeOrder(context, { pos, at, request, rate, amount });
  await tx.orders.insert(order);
  if (idempotency === undefined) return order;
  const taken = await tx.idempotency.insert({
    ...idempotency,
    posId: pos.id,
    orderId: order.terms.id,
    createdAt: order.terms.createdAt,
  });
  if (!taken) throw new KeyTakenError('the idempotency key was taken meanwhile');
  return order;
}

function priceInSats(fiat: FiatAmount, rate: Rate): Sats {
  try {
    const amount = fiatToSats(fiat, rate.value);
    if (amount >= LEAST_ORDER) return amount;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw validationError({ amount: ['must not be more than all bitcoin'] });
  }
  throw validationError({ amount: [`must be worth at least ${LEAST_ORDER} satoshi`] });
}

interface NewOrder {
  readonly pos: Pos;
  readonly at: ReceiveAddress;
  readonly request: OrderRequest;
  readonly rate: Rate;
  readonly amount: Sats;
}

function makeOrder(context: ServiceContext, { pos, at: { index, address, script }, request, rate, amount }: NewOrder): Order {
  const createdAt = context.clock.now();
  return {
    terms: {
      id: parseId<OrderId>(context.newUuid()),
      posId: pos.id,
      accountId: pos.accountId,
      addressIndex: index,
      address,
      script,
      amount,
      fiat: request.fiat,
      rate,
      requiredConfirmations: request.requiredConfirmations ?? pos.defaults.requiredConfirmations,
      createdAt,
      expiresAt: plusMs(createdAt, context.orderTtlMs),
      settlementTimeoutMs: context.settlementTimeoutMs,
      chargebackTimeoutMs: context.chargebackTimeoutMs,
      reference: request.reference,
      details: request.details,
      callbackUrl: request.callbackUrl ?? pos.defaults.callbackUrl,
      continueUrl: request.continueUrl ?? pos.defaults.continueUrl,
      cancelUrl: request.cancelUrl ?? pos.defaults.cancelUrl,
    },
    state: { status: 'pending', coveredAt: null },
    payments: [],
    surplusTold: ZERO_SATS,
  };
}

/** Wallets are parsed once: an account's descriptor never changes. */
const wallets = new Map<string, AccountWallet>();
const WALLETS_KEPT = 1000;

function walletOf(account: Account): AccountWallet {
  const known = wallets.get(account.descriptor);
  if (known !== undefined && known.network === account.network) return known;
  const wallet = parseAccount({ descriptor: account.descriptor }, account.network);
  if (wallets.size >= WALLETS_KEPT) wallets.clear();
  wallets.set(account.descriptor, wallet);
  return wallet;
}
