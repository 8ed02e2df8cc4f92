/**
 * Creates payment orders: each has a price in satoshi, a new address of the merchant's wallet, and an expiration time. Orders of one
 * account that are requested at the same time share a transaction (docs/adr/0018). A repeated request gets the order that its
 * idempotency key has created before.
 */
import { validationError } from '../../contract/contract-error.ts';
import { Batcher } from '../../kernel/batcher.ts';
import type { Network } from '../../kernel/chain.ts';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import type { AccountId, OrderId, PosId } from '../../kernel/ids.ts';
import { enterStep, stepOf } from '../../kernel/thread/steps.ts';
import type { FixedAccount } from '../../merchants/account.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Order } from '../../orders/order.ts';
import type { RateSource } from '../../rates/source.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { ReceiveAddress } from '../../wallet/account-wallet.ts';
import type { AddressSource } from '../addresses/address-source.ts';
import type { TakeIndexes } from '../addresses/index-allocator.ts';
import type { CreationContext, OrderTimes } from '../context.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import { loadAccount } from '../merchants/account-cache.ts';
import type { SealingContext } from '../seals/sealing-context.ts';
import { newOrder, priceOf, tooManyConfirmations, type OrderRequest, type Price } from './new-order.ts';

export interface OrderCreationContext extends CreationContext, OrderTimes, SealingContext {
  readonly rates: RateSource;
  readonly network: Network;
  readonly addresses: AddressSource;
  /** Called with new orders, after they are stored. */
  readonly ordersCreated: (ids: readonly OrderId[]) => void;
}

/** Identifies a repeated creation. */
export interface IdempotencyKey {
  readonly key: string;
  /** A hash of the whole request. */
  readonly requestHash: string;
}

/** How long a key is valid, in milliseconds. */
export const KEY_LIFE_MS: number = DAY_MS;
/** Another process may use a key after we looked it up. Its order is found at the next attempt. */
const MAX_ATTEMPTS = 3;

const CREATE = stepOf('create orders', { isUrgent: true });

interface Creation {
  readonly pos: Pos;
  readonly request: OrderRequest;
  readonly idempotency: IdempotencyKey | undefined;
}

/**
 * Creates an order, or returns the one that the same key and request have created before.
 *
 * @throws ContractError 4003 if there is no rate for the currency; 0001 if the amount is too small or too large for bitcoin, the order
 * requires too many confirmations, or its key was used with another request; 4006 if no address can be handed out now, for example while
 * the chain is not read (`new-order-gate.ts`), or a row that leads to it is not authentic (`services/seals/seal-guard.ts`).
 */
export function createOrder(
  context: OrderCreationContext,
  pos: Pos,
  request: OrderRequest,
  idempotency?: IdempotencyKey,
): Promise<Order> {
  const refusal = tooManyConfirmations(context, pos, request);
  if (refusal !== undefined) return Promise.reject(refusal);
  return batcherOf(context, pos.accountId).add({ pos, request, idempotency });
}

/** Each commit writes some ten pages of the database again, however many orders it stores (docs/adr/0059). */
const SPACING_MS = 10;

type CreationBatcher = Batcher<Creation, Order>;
const batchers = new WeakMap<OrderCreationContext, Map<AccountId, CreationBatcher>>();

/** One batcher for each account, so that no two transactions of this process ever wait for the account's row. */
function batcherOf(context: OrderCreationContext, accountId: AccountId): CreationBatcher {
  const ofContext = batchers.get(context) ?? new Map<AccountId, CreationBatcher>();
  batchers.set(context, ofContext);
  const batcher =
    ofContext.get(accountId) ??
    new Batcher((creations) => createOrders(context, accountId, creations), { spacingMs: SPACING_MS });
  ofContext.set(accountId, batcher);
  return batcher;
}

/** Another process has stored a key first. */
class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
}

async function createOrders(
  context: OrderCreationContext,
  accountId: AccountId,
  creations: readonly Creation[],
): Promise<readonly PromiseSettledResult<Order>[]> {
  enterStep(CREATE);
  const untrusted = context.guard.refusal(accountId);
  const refusal = untrusted ?? (await context.addresses.refusal(accountId));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const create = (take: TakeIndexes): Promise<PromiseSettledResult<Order>[]> => {
        enterStep(CREATE);
        return context.store.transaction((tx) => createInTransaction(context, tx, take, accountId, creations, refusal));
      };
      // Nothing is reserved of a wallet that is not authentic.
      const results = await (untrusted === undefined
        ? context.addresses.indexes.take(accountId, creations.length, create)
        : create(() => Promise.reject(untrusted)));
      const created = results.flatMap((result) => (result.status === 'fulfilled' ? result.value.terms : []));
      for (const { script } of created) context.addresses.watch(script);
      context.ordersCreated(created.map(({ id }) => id));
      return results;
    } catch (error) {
      if (!(error instanceof KeyTakenError) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

/** The result of a creation: an existing order, or the n-th of those that this transaction creates. */
type Answer = { readonly order: Order } | { readonly newOrder: number };

async function createInTransaction(
  context: OrderCreationContext,
  tx: StoreTransaction,
  take: TakeIndexes,
  accountId: AccountId,
  creations: readonly Creation[],
  refusal: Error | undefined,
): Promise<PromiseSettledResult<Order>[]> {
  const keyedBefore = plusMs(context.clock.now(), -KEY_LIFE_MS);
  const usedKeys = await findUsedKeys(context, tx, creations, keyedBefore);
  const priced: PricedCreation[] = [];
  const answerTo = (creation: Creation): Answer => {
    const { pos, request, idempotency } = creation;
    const key = idempotency && keyOf(pos.id, idempotency.key);
    const used = key === undefined ? undefined : usedKeys.get(key);
    if (used !== undefined) return answerToRepeated(context, used, creation);
    context.guard.assertPos(pos);
    if (refusal !== undefined) throw refusal;
    const answer = { newOrder: priced.push({ ...creation, price: priceOf(request, pos, context.rates) }) - 1 };
    if (key !== undefined) usedKeys.set(key, { requestHash: idempotency?.requestHash, answer });
    return answer;
  };
  const answers = creations.map((creation) => settled(() => answerTo(creation)));
  const orders = await insertOrders(context, tx, take, accountId, priced, keyedBefore);
  return answers.map((answer) => {
    if (answer.status === 'rejected') return answer;
    const { value } = answer;
    return settled(() => present('order' in value ? value.order : orders[value.newOrder]));
  });
}

interface KeyUse {
  readonly requestHash: string | undefined;
  readonly answer: Answer;
  /** The account of an order that exists. */
  readonly account?: FixedAccount;
}

const keyOf = (posId: PosId, key: string): string => `${posId} ${key}`;

async function findUsedKeys(
  context: OrderCreationContext,
  tx: StoreTransaction,
  creations: readonly Creation[],
  keyedBefore: EpochMs,
): Promise<Map<string, KeyUse>> {
  const keys = creations.flatMap(({ pos, idempotency }) => (idempotency === undefined ? [] : { posId: pos.id, ...idempotency }));
  const used = new Map<string, KeyUse>();
  if (keys.length === 0) return used;
  for (const { posId, key, requestHash, orderId, createdAt } of await tx.idempotency.find(keys)) {
    if (createdAt < keyedBefore) continue;
    const order = present(await tx.orders.get(orderId));
    const account = present(await loadAccount(context.store, tx.accounts, order.terms.accountId));
    used.set(keyOf(posId, key), { requestHash, answer: { order }, account });
  }
  return used;
}

function answerToRepeated(
  { guard }: SealingContext,
  { requestHash, answer, account }: KeyUse,
  { pos, idempotency }: Creation,
): Answer {
  if (requestHash !== idempotency?.requestHash)
    throw validationError({ 'Idempotency-Key': ['was used with another request in the last 24 hours'] });
  if ('order' in answer && account !== undefined) guard.assertOrder(answer.order.terms, pos, account);
  return answer;
}

interface PricedCreation extends Creation {
  readonly price: Price;
}

/** Stores new orders at the next addresses of their account. */
async function insertOrders(
  context: OrderCreationContext,
  tx: StoreTransaction,
  take: TakeIndexes,
  accountId: AccountId,
  creations: readonly PricedCreation[],
  keyedBefore: EpochMs,
): Promise<readonly Order[]> {
  if (creations.length === 0) return [];
  const first = await take(tx, creations.length);
  const orders: Order[] = [];
  for (const [nth, { pos, request, price }] of creations.entries()) {
    const index = first + nth;
    const address = context.addresses.pooled(accountId, index) ?? (await derive(context, tx, accountId, index));
    orders.push(newOrder(context, pos, request, price, address));
  }
  await tx.orders.insert(...orders);
  const uses = creations.flatMap(({ idempotency }, nth) => {
    const terms = orders[nth]?.terms;
    if (idempotency === undefined || terms === undefined) return [];
    return { ...idempotency, posId: terms.posId, orderId: terms.id, createdAt: terms.createdAt };
  });
  const inserted = await tx.idempotency.insert(uses, keyedBefore);
  if (inserted < uses.length) throw new KeyTakenError('another process has used an idempotency key meanwhile');
  return orders;
}

/** Derives an address that is not in the pool. */
async function derive(
  { guard }: SealingContext,
  tx: StoreTransaction,
  accountId: AccountId,
  index: number,
): Promise<ReceiveAddress> {
  const account = await tx.accounts.get(accountId);
  if (account === undefined) throw new Error(`account ${accountId} is missing in the store`);
  guard.assertAccount(account);
  return accountWallet(account).receive(index);
}

/** Returns the result of a function, or what it throws, as a value. */
function settled<T>(work: () => T): PromiseSettledResult<T> {
  try {
    return { status: 'fulfilled', value: work() };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an order that was just stored or read is missing');
  return value;
}
