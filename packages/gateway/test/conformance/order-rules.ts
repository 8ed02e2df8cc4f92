/** Checks what must hold for an order wherever it is reported, in addition to the types of its fields. */
import type { BlockchainStatus, OrderStatus, PaidStatus, PaymentOrderRetrieval } from '@webpos/sdk/wire';
import { partInFiat, priceInSatoshi, satoshiOfUri } from './exact-money.ts';
import type { Probe } from './probe.ts';

const STATUS_OF: Readonly<Record<BlockchainStatus, OrderStatus>> = {
  pending: 'pending',
  partial: 'pending',
  mempool_unconfirmed: 'pending',
  unconfirmed: 'pending',
  paid: 'paid',
  cancelled: 'cancelled',
  expired: 'expired',
  network_dispute: 'network_dispute',
  mempool_network_dispute: 'network_dispute',
  possible_chargeback: 'network_dispute',
  chargeback: 'chargeback',
};
const STATUS_OF_TRANSACTION = {
  mempool: 'unconfirmed',
  unconfirmed: 'unconfirmed',
  confirmed: 'confirmed',
  reverted: 'reverted',
};

export function checkOrder(probe: Probe, where: string, order: PaymentOrderRetrieval): void {
  const { state, transactions } = order;
  const same = (what: string, got: unknown, expected: unknown): void => probe.same(where, what, got, expected);
  same('btc_amount by amount and rate', order.btc_amount, priceInSatoshi(order.amount, order.rate.value));
  same('uri asks for btc_amount', satoshiOfUri(order.uri), order.btc_amount);
  same('uri pays address', order.uri.slice('bitcoin:'.length, order.uri.indexOf('?')), order.address);
  same('rate.to', order.rate.to ?? order.currency.name, order.currency.name);
  same('status by blockchain_status', state.status, STATUS_OF[state.blockchain_status]);
  if (order.redirect_url != null && !order.redirect_url.includes(order.uuid))
    same('redirect_url', order.redirect_url, `.../${order.uuid}`);

  if (transactions === null || state.paid === null || state.in_confirmation === null || state.unpaid === null) {
    probe.found(where, 'transactions and the parts of state: null, which the older clients fail on');
    return;
  }
  const sum = (...statuses: readonly string[]): number =>
    transactions
      .filter(({ blockchain_status }) => statuses.includes(blockchain_status))
      .reduce((total, { outs_sum }) => total + outs_sum, 0);
  const { paid, in_confirmation: confirming, unpaid } = state;
  same('paid.crypto', paid.crypto, sum('confirmed'));
  same('in_confirmation.crypto', confirming.crypto, sum('mempool', 'unconfirmed'));
  // If the merchant has accepted less, by the tolerance or manually, the fiat amount counts as fully paid.
  const isAcceptedShort = state.status === 'paid' && paid.crypto < order.btc_amount;
  const missing = isAcceptedShort ? 0 : Math.max(0, order.btc_amount - paid.crypto - confirming.crypto);
  same('unpaid.crypto', unpaid.crypto, missing);
  const fiat = (part: PaidStatus, rounding?: 'up' | 'down'): string =>
    partInFiat(part.crypto, order.btc_amount, order.amount, rounding);
  same(
    'fiat of paid, in_confirmation, unpaid',
    [paid.fiat, confirming.fiat, unpaid.fiat],
    [
      isAcceptedShort ? order.amount : fiat(paid, paid.crypto < order.btc_amount ? 'down' : undefined),
      fiat(confirming),
      fiat(unpaid, 'up'),
    ],
  );
  for (const { txid, status, blockchain_status: chain, outs, outs_sum: outsSum } of transactions) {
    same(`status of ${txid}`, status, STATUS_OF_TRANSACTION[chain]);
    same(
      `outs_sum of ${txid}`,
      outsSum,
      outs.reduce((total, { amount }) => total + amount, 0),
    );
    if (outs.length === 0) probe.found(where, `${txid} has no outs`);
  }
  same('transactions by txid', new Set(transactions.map(({ txid }) => txid)).size, transactions.length);

  const createdAt = Date.parse(order.created_at);
  if (Date.parse(order.expiration_time) < createdAt) probe.found(where, 'expiration_time is before created_at');
  if (order.expires_in > (Date.parse(order.expiration_time) - createdAt) / 1000)
    probe.found(where, 'expires_in is longer than the lifetime of the order');
  same('resolved_at is null', order.resolved_at === null, state.status === 'pending');
  same('dispute_start_date is set', order.dispute_start_date !== null, ['network_dispute', 'chargeback'].includes(state.status));
  same('chargeback_date is set', order.chargeback_date !== null, state.status === 'chargeback');
}
