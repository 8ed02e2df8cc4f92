/** Makes a payment order: a price in satoshi, a fresh address of the merchant's wallet, and a time to pay by. */
import { ContractError, validationError } from '../../contract/contract-error.ts';
import { Batcher } from '../../kernel/batcher.ts';
import type { Network } from '../../kernel/chain.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/durations.ts';
import { parseId, type AccountId, type OrderId, type PosId } from '../../kernel/ids.ts';
import { ZERO_SATS, type Sats } from '../../kernel/sats.ts';
import type { Pos } from '../../merchants/pos.ts';
import { toleranceFor } from '../../merchants/tolerance.ts';
import { maxConfirmations } from '../../orders/confirmation-limit.ts';
import { fiatToSats, type FiatAmount } from '../../orders/fiat.ts';
import type { Order } from '../../orders/order.ts';
import { MIN_ORDER_AMOUNT } from '../../orders/rules.ts';
import type { Rate, RateSource } from '../../rates/source.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import type { AddressSource } from '../addresses/address-source.ts';
import type { TakeIndexes } from '../addresses/index-allocator.ts';
import type { CreationContext, OrderChangeContext, OrderTimes } from '../context.ts';
import { accountWallet } from '../merchants/account-wallet.ts';

/** What making orders takes. */
export interface OrderCreationContext extends CreationContext, OrderTimes, Pick<OrderChangeContext, 'ordersChanged'> {
  readonly rates: RateSource;
  readonly network: Network;
  readonly addresses: AddressSource;
}

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
export const KEY_LIFE_MS: number = DAY_MS;
/** Another process may take a key between our look and our use of it: the second time its order is found. */
const MAX_ATTEMPTS = 3;

/** One order that is asked for. */
interface Creation {
  readonly pos: Pos;
  readonly request: OrderRequest;
  readonly idempotency: IdempotencyKey | undefined;
}

/**
 * Makes an order; asked again with the same key and request, it answers the one that it made. Orders of one account that are asked
 * for at the same time are made in one transaction (docs/adr/0018).
 *
 * @throws ContractError 4003 when there is no rate for the currency, 0001 when the amount is too small or too large for
 * bitcoin, 4006 when no address may be handed out now, as while the chain is not read (`new-order-gate.ts`).
 */
export function createOrder(
  context: OrderCreationContext,
  pos: Pos,
  request: OrderRequest,
  idempotency?: IdempotencyKey,
): Promise<Order> {
  const tooMany = tooManyConfirmations(context, pos, request);
  if (tooMany !== undefined) return Promise.reject(tooMany);
  return makingFor(context, pos.accountId).add({ pos, request, idempotency });
}

/** More confirmations than come within the settlement timeout: the order would expire though it is paid. */
function tooManyConfirmations(
  { network, settlementTimeoutMs }: OrderCreationContext,
  { defaults }: Pos,
  { requiredConfirmations }: OrderRequest,
): ContractError | undefined {
  const required = requiredConfirmations ?? defaults.requiredConfirmations;
  const max = maxConfirmations(network, settlementTimeoutMs);
  if (required <= max) return undefined;
  const whose = requiredConfirmations === null ? `the POS asks for ${required}` : `got ${required}`;
  const why = `an order has ${Math.round(settlementTimeoutMs / HOUR_MS)} hours for its confirmations`;
  return validationError({ required_confirmations: [`must be at most ${max}, ${whose}: ${why}`] });
}

type Making = Batcher<Creation, Order>;
const makings = new WeakMap<OrderCreationContext, Map<AccountId, Making>>();

/** What makes orders of an account: by one, so that no two of its transactions ever wait for the account's row. */
function makingFor(context: OrderCreationContext, accountId: AccountId): Making {
  const ofContext = makings.get(context) ?? new Map<AccountId, Making>();
  makings.set(context, ofContext);
  const making = ofContext.get(accountId) ?? new Batcher((creations) => makeOrders(context, accountId, creations));
  ofContext.set(accountId, making);
  return making;
}

/** Another process has stored a key first. */
class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
}

async function makeOrders(
  context: OrderCreationContext,
  accountId: AccountId,
  creations: readonly Creation[],
): Promise<readonly PromiseSettledResult<Order>[]> {
  const refusal = await context.addresses.refusal(accountId);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const results = await context.addresses.indexes.take(accountId, creations.length, (take) =>
        context.store.transaction((tx) => makeInTransaction(context, tx, take, accountId, creations, refusal)),
      );
      const made = results.flatMap((result) => (result.status === 'fulfilled' ? result.value.terms : []));
      for (const { script } of made) context.addresses.watch(script);
      context.ordersChanged(made.map(({ id }) => id));
      return results;
    } catch (error) {
      if (!(error instanceof KeyTakenError) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

/** How a creation is to be answered: by an order that was made before, or by the n-th of those that are made now. */
type Answer = { readonly order: Order } | { readonly newOrder: number };

async function makeInTransaction(
  context: OrderCreationContext,
  tx: StoreTransaction,
  take: TakeIndexes,
  accountId: AccountId,
  creations: readonly Creation[],
  refusal: Error | undefined,
): Promise<PromiseSettledResult<Order>[]> {
  const keyedBefore = plusMs(context.clock.now(), -KEY_LIFE_MS);
  const known = await ordersOfKeys(tx, creations, keyedBefore);
  const wanted: PricedCreation[] = [];
  const answerTo = (creation: Creation): Answer => {
    const key = creation.idempotency && keyOf(creation.pos.id, creation.idempotency.key);
    const used = key === undefined ? undefined : known.get(key);
    if (used !== undefined) return answerToRepeated(used, creation);
    if (refusal !== undefined) throw refusal;
    const answer = { newOrder: wanted.push({ ...creation, ...price(context, creation) }) - 1 };
    if (key !== undefined) known.set(key, { requestHash: creation.idempotency?.requestHash, answer });
    return answer;
  };
  const answers = creations.map((creation) => settled(() => answerTo(creation)));
  const orders = await insertOrders(context, tx, take, accountId, wanted, keyedBefore);
  return answers.map((answer) => {
    if (answer.status === 'rejected') return answer;
    const { value } = answer;
    return settled(() => present('order' in value ? value.order : orders[value.newOrder]));
  });
}

/** What a key was used for. */
interface KeyUse {
  readonly requestHash: string | undefined;
  readonly answer: Answer;
}

const keyOf = (posId: PosId, key: string): string => `${posId} ${key}`;

async function ordersOfKeys(
  tx: StoreTransaction,
  creations: readonly Creation[],
  keyedBefore: EpochMs,
): Promise<Map<string, KeyUse>> {
  const keys = creations.flatMap(({ pos, idempotency }) => (idempotency === undefined ? [] : { posId: pos.id, ...idempotency }));
  const known = new Map<string, KeyUse>();
  if (keys.length === 0) return known;
  for (const { posId, key, requestHash, orderId, createdAt } of await tx.idempotency.find(keys)) {
    if (createdAt < keyedBefore) continue;
    known.set(keyOf(posId, key), { requestHash, answer: { order: present(await tx.orders.get(orderId)) } });
  }
  return known;
}

function answerToRepeated({ requestHash, answer }: KeyUse, { idempotency }: Creation): Answer {
  if (requestHash === idempotency?.requestHash) return answer;
  throw validationError({ 'Idempotency-Key': ['was used with another request in the last 24 hours'] });
}

interface PricedCreation extends Creation {
  readonly rate: Rate;
  readonly amount: Sats;
}

function price(context: OrderCreationContext, { pos, request }: Creation): Pick<PricedCreation, 'rate' | 'amount'> {
  const rate = context.rates.rate(request.fiat.currency, pos.rates);
  if (rate === undefined) throw new ContractError('4003', `there is no rate for ${request.fiat.currency} now`);
  return { rate, amount: priceInSats(request.fiat, rate) };
}

/** Stores new orders at the next addresses of their account. */
async function insertOrders(
  context: OrderCreationContext,
  tx: StoreTransaction,
  take: TakeIndexes,
  accountId: AccountId,
  wanted: readonly PricedCreation[],
  keyedBefore: EpochMs,
): Promise<readonly Order[]> {
  if (wanted.length === 0) return [];
  const first = await take(tx, wanted.length);
  const orders: Order[] = [];
  for (const [nth, creation] of wanted.entries()) {
    const index = first + nth;
    const at = context.addresses.pooled(accountId, index) ?? (await derive(tx, accountId, index));
    orders.push(newOrder(context, creation, at));
  }
  await tx.orders.insert(...orders);
  const uses = wanted.flatMap(({ idempotency }, nth) => {
    const terms = orders[nth]?.terms;
    if (idempotency === undefined || terms === undefined) return [];
    return { ...idempotency, posId: terms.posId, orderId: terms.id, createdAt: terms.createdAt };
  });
  const taken = await tx.idempotency.insert(uses, keyedBefore);
  if (taken < uses.length) throw new KeyTakenError('an idempotency key was taken meanwhile');
  return orders;
}

/** The address at an index for which none was derived ahead. */
async function derive(tx: StoreTransaction, accountId: AccountId, index: number): Promise<ReceiveAddress> {
  const account = await tx.accounts.get(accountId);
  if (account === undefined) throw new Error(`there is no account ${accountId}`);
  return accountWallet(account).receive(index);
}

function priceInSats(fiat: FiatAmount, rate: Rate): Sats {
  try {
    const amount = fiatToSats(fiat, rate.value);
    if (amount >= MIN_ORDER_AMOUNT) return amount;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw validationError({ amount: ['must not be more than all bitcoin'] });
  }
  throw validationError({ amount: [`must be worth at least ${MIN_ORDER_AMOUNT} satoshi`] });
}

function newOrder(
  context: OrderCreationContext,
  { pos, request, rate, amount }: PricedCreation,
  { index, address, script }: ReceiveAddress,
): Order {
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
      tolerance: toleranceFor(amount, pos.tolerance),
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
    surplusReported: ZERO_SATS,
    handled: ZERO_SATS,
  };
}

/** How a piece of work ended, as a value. */
function settled<T>(work: () => T): PromiseSettledResult<T> {
  try {
    return { status: 'fulfilled', value: work() };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an order is missing that was there a moment ago');
  return value;
}
