/**
 * Makes the unsigned transaction that pays a refund from the account's own outputs: payments of orders that are in blocks, and that the
 * source says are unspent. No key is needed, and nothing is stored.
 */
import type { ChainSource } from '../../chain/source.ts';
import { rawTransactionIn } from '../../chain/view/raw-transaction.ts';
import { outPointKey } from '../../kernel/chain.ts';
import type { AccountId, OrderId } from '../../kernel/ids.ts';
import type { Account } from '../../merchants/account.ts';
import type { Order, Payment } from '../../orders/order.ts';
import { EVERY_ORDER } from '../../store/ports/order-search.ts';
import type { Store } from '../../store/ports/store.ts';
import {
  buildRefundPsbt,
  CHANGE_ADDRESSES,
  MAX_FEE_RATE,
  MIN_FEE_RATE,
  type BuiltPsbt,
  type Coin,
} from '../../wallet/refund-psbt.ts';
import { SpendingKeys } from '../../wallet/spending-keys.ts';
import type { SealGuard } from '../seals/seal-guard.ts';
import type { ShownRefund } from './read-refund.ts';

export type PsbtSource = Pick<ChainSource, 'unspentAmong' | 'feeRate' | 'block'>;

export interface PsbtContext {
  readonly store: Pick<Store, 'orders' | 'accounts' | 'refunds'>;
  readonly source: PsbtSource;
  readonly guard: Pick<SealGuard, 'isSoundAccount'>;
}

/** Why there is no PSBT: the QR code and the URI are then the way to pay. */
export type NoPsbt =
  /** The refund is not to be paid, its order's payments were reverted, or an output may have paid it already. */
  | 'not_payable'
  /** The account was changed outside WebPOS. */
  | 'account'
  /** The source cannot say which outputs are unspent. */
  | 'no_source'
  /** The account's descriptor has no branch for change. */
  | 'no_change'
  | 'fee_rate'
  /** The newest payments that are unspent do not suffice. */
  | 'too_few_coins';

export type MadePsbt = Extract<BuiltPsbt, { kind: 'built' }> | { readonly kind: 'none'; readonly why: NoPsbt };

/** How many of the newest orders are searched for outputs, and how many at a time. */
const MAX_ORDERS = 5_000;
const PAGE = 200;
/** Used where neither the merchant nor the node says one. */
const DEFAULT_FEE_RATE = 5;

/** @param feeRate In satoshi per virtual byte; undefined for the node's estimate. */
export async function makePsbt(
  { store, source, guard }: PsbtContext,
  { refund, order, isPayable }: Pick<ShownRefund, 'refund' | 'order' | 'isPayable'>,
  feeRate: number | undefined,
  signal: AbortSignal,
): Promise<MadePsbt> {
  const none = (why: NoPsbt): MadePsbt => ({ kind: 'none', why });
  if (!isPayable || refund.state.status !== 'approved') return none('not_payable');
  if (source.unspentAmong === undefined) return none('no_source');
  const account = await store.accounts.get(order.terms.accountId);
  if (account === undefined) return none('not_payable');
  // The change goes to an address of this account.
  if (!guard.isSoundAccount(account)) return none('account');
  const keys = new SpendingKeys(account.descriptor);
  if (!keys.hasChange) return none('no_change');
  const rate = feeRate ?? (await source.feeRate?.(signal).catch(() => undefined)) ?? DEFAULT_FEE_RATE;
  if (!(rate >= MIN_FEE_RATE && rate <= MAX_FEE_RATE)) return none('fee_rate');
  const { script, amount } = refund.state.approval;
  const coins: Coin[] = [];
  for await (const page of coinsOf({ store, source }, account, keys, signal)) {
    coins.push(...page);
    const built = buildRefundPsbt({ keys, coins, script, amount, feeRate: rate, changeIndex: changeIndexOf(refund.id) });
    if (built.kind === 'built') return built;
  }
  return none('too_few_coins');
}

function changeIndexOf(id: string): number {
  return Number.parseInt(id.slice(-4), 16) % CHANGE_ADDRESSES;
}

/** The unspent outputs of the account's newest orders, in pages. */
async function* coinsOf(
  { store, source }: Pick<PsbtContext, 'store' | 'source'>,
  { id }: Account,
  keys: SpendingKeys,
  signal: AbortSignal,
): AsyncGenerator<readonly Coin[]> {
  let before: OrderId | undefined;
  for (let read = 0; read < MAX_ORDERS; read += PAGE) {
    signal.throwIfAborted();
    const { orders } = await store.orders.find({ ...EVERY_ORDER, before, limit: PAGE });
    const payments = orders.flatMap((order) => paymentsOf(order, id));
    const unspent =
      (await source.unspentAmong?.(
        payments.map(({ payment }) => payment.outPoint),
        signal,
      )) ?? new Set();
    const coins: Coin[] = [];
    for (const { payment, index } of payments) {
      if (!unspent.has(outPointKey(payment.outPoint))) continue;
      const { outPoint, amount } = payment;
      const raw = keys.type === 'p2pkh' ? await rawOf(source, payment, signal) : undefined;
      coins.push({ outPoint, amount, index, raw });
    }
    yield coins;
    before = orders.at(-1)?.terms.id;
    if (orders.length < PAGE) return;
  }
}

function paymentsOf({ terms, payments }: Order, id: AccountId): { readonly payment: Payment; readonly index: number }[] {
  if (terms.accountId !== id) return [];
  const inBlocks = payments.filter(({ place }) => place.kind === 'block');
  return inBlocks.map((payment) => ({ payment, index: terms.addressIndex }));
}

/** Signers of older kinds of outputs need the whole transaction, because its amounts are not signed (BIP 174). */
async function rawOf(source: PsbtSource, { outPoint, place }: Payment, signal: AbortSignal): Promise<Uint8Array | undefined> {
  if (place.kind !== 'block') return undefined;
  return rawTransactionIn(await source.block(place.hash, signal), outPoint.txid);
}
