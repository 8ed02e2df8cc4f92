/** Makes a payment order: a price in satoshi, a fresh address of the merchant's wallet, and a time to pay by. */
import { parseAccount } from '../wallet/parse-account.ts';
import type { AccountWallet } from '../wallet/account-wallet.ts';
import { plusMs } from '../kernel/clock.ts';
import { parseId, type OrderId } from '../kernel/ids.ts';
import type { Sats } from '../kernel/sats.ts';
import type { Account } from '../orders/account.ts';
import { LEAST_ORDER } from '../orders/dust.ts';
import { fiatToSats, type FiatAmount } from '../orders/fiat.ts';
import type { Order } from '../orders/order.ts';
import type { Pos } from '../orders/pos.ts';
import type { Rate } from '../rates/source.ts';
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

/**
 * @throws ContractError 4003 when there is no rate for the currency, 0001 when the amount is too small or too large for
 * bitcoin.
 */
export async function createOrder(context: ServiceContext, pos: Pos, request: OrderRequest): Promise<Order> {
  const rate = context.rates.rate(request.fiat.currency);
  if (rate === undefined) throw new ContractError('4003', `there is no rate for ${request.fiat.currency} now`);
  const amount = priceInSats(request.fiat, rate);
  const order = await context.store.transaction(async (tx) => {
    const index = await tx.accounts.takeIndex(pos.accountId);
    const account = await tx.accounts.get(pos.accountId);
    if (account === undefined) throw new Error(`POS ${pos.id} has no account ${pos.accountId}`);
    const made = makeOrder(context, { pos, account, request, rate, amount, index });
    await tx.orders.insert(made);
    return made;
  });
  context.watchScript(order.terms.script);
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
  readonly account: Account;
  readonly request: OrderRequest;
  readonly rate: Rate;
  readonly amount: Sats;
  readonly index: number;
}

function makeOrder(context: ServiceContext, { pos, account, request, rate, amount, index }: NewOrder): Order {
  const createdAt = context.clock.now();
  const { address, script } = walletOf(account).receive(index);
  return {
    terms: {
      id: parseId<OrderId>(context.newUuid()),
      posId: pos.id,
      accountId: account.id,
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
