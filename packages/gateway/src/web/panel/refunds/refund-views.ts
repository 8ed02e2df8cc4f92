/** The data of the panel's pages about refunds. */
import type { PanelRefund, RefundNote, RefundsView, RefundView } from '@webpos/web';
import { outPointKey } from '../../../kernel/chain.ts';
import { isoDate } from '../../../kernel/clock.ts';
import { isUuidV4, type PosId, type RefundId } from '../../../kernel/ids.ts';
import { satsToBtc } from '../../../kernel/sats.ts';
import { refundJson, refundUri } from '../../../contract/refund-json.ts';
import { formatFiatAmount } from '../../../orders/fiat.ts';
import { confirmationsOf } from '../../../orders/rules.ts';
import { seesPos } from '../../../people/viewer.ts';
import type { CheckedRefund } from '../../../refunds/checked-refund.ts';
import { anyApproval, REFUND_STATUSES } from '../../../refunds/refund.ts';
import { checkedRefund } from '../../../services/seals/checked-refund.ts';
import { readRefund, type ShownRefund } from '../../../services/refunds/read-refund.ts';
import type { RefundContext } from '../../../services/refunds/refund-context.ts';
import type { PageRequest } from '../panel-router.ts';
import type { RefundPagesContext } from './send-psbt.ts';

const PAGE_SIZE = 25;

/** @param page The filters are in its query. An impossible value matches nothing. */
export async function refundsView(
  { store, guard }: Pick<RefundContext, 'store' | 'guard'>,
  page: PageRequest,
): Promise<RefundsView> {
  const { query, viewer, frame } = page;
  const shops = (await store.pos.list()).filter(({ id }) => seesPos(viewer, id));
  const text = (name: string): string => (query[name] ?? '').trim().slice(0, 100);
  const [asked, before] = [text('pos'), text('before')];
  // Somebody who sees some POS only looks at one at a time.
  const pos = asked === '' && viewer.posIds !== undefined ? (shops[0]?.id ?? '') : asked;
  const status = REFUND_STATUSES.find((one) => one === text('status'));
  const isPossible =
    (pos === '' ? viewer.posIds === undefined : shops.some(({ id }) => id === pos)) && (before === '' || isUuidV4(before));
  const found = isPossible
    ? await store.refunds.list({
        posId: pos === '' ? undefined : (pos as PosId),
        status,
        before: before === '' ? undefined : (before as RefundId),
        limit: PAGE_SIZE + 1,
      })
    : [];
  const shown = found.slice(0, PAGE_SIZE);
  return {
    ...(await frame()),
    refunds: shown.map((refund) => panelRefund(checkedRefund(guard, refund), shops)),
    filters: { status: status ?? '', pos },
    pos: shops.map(({ id, name }) => ({ uuid: id, name })),
    next: found.length > PAGE_SIZE ? (shown.at(-1)?.id ?? null) : null,
    isFirst: before === '',
  };
}

/** Returns the view of a refund; undefined if it does not exist, or not for this viewer. */
export async function refundView(
  { store, source, guard }: RefundPagesContext,
  page: PageRequest,
): Promise<RefundView | undefined> {
  const { params, viewer, query, frame } = page;
  const shown = await readRefund({ store, guard }, viewer, params['refund'] ?? '');
  if (shown === undefined) return undefined;
  const { refund, order, refundable, isPayable } = shown;
  const approval = anyApproval(refund);
  const { price } = approval ?? {};
  return {
    ...(await frame()),
    refund: panelRefund(refund, await store.pos.list()),
    currency: order.terms.fiat.currency,
    orderFiat: formatFiatAmount(order.terms.fiat),
    rate: order.terms.rate.value,
    receivedBtc: satsToBtc(refundable.received),
    leftBtc: satsToBtc(refundable.left),
    suggestedSats: refundable.suggested.toString(),
    suggestedBtc: satsToBtc(refundable.suggested),
    isUncovered: refundable.isUncovered,
    uri: isPayable ? (refundUri(refund) ?? null) : null,
    mayBePsbt: source.unspentAmong !== undefined,
    confirmationsNeeded: approval?.confirmations ?? 1,
    fiat: price === undefined || price.kind === 'satoshi' ? null : { amount: formatFiatAmount(price.fiat), rate: price.rate },
    payouts: payoutsOf(shown),
    note: noteFor(shown, query['note']),
  };
}

/** The outcome of a form, unless the refund has moved on: a page that is loaded again must not ask for a second payment. */
function noteFor({ refund, isPayable }: ShownRefund, text: string | undefined): RefundNote | null {
  const note = refund.destination.kind === 'unverified' ? 'unverified' : noteOf(text);
  const isOver = (note === 'approved' && !isPayable) || (note === 'requested' && refund.state.status !== 'requested');
  return isOver ? null : note;
}

function payoutsOf({ refund, payouts, tipHeight }: ShownRefund): RefundView['payouts'] {
  return payouts.map(({ outPoint, firstSeenAt, place, refundId }) => ({
    output: outPointKey(outPoint),
    txid: outPoint.txid,
    firstSeenAt: isoDate(firstSeenAt),
    place: place.kind,
    confirmations: confirmationsOf(place, tipHeight) ?? 0,
    isLinked: refundId === refund.id,
  }));
}

/** A refund in a list. */
export function panelRefund(refund: CheckedRefund, shops: readonly { readonly id: PosId; readonly name: string }[]): PanelRefund {
  const { uuid, order, status, requested_by, requested_at, address, reason, payout } = refundJson(refund);
  const approval = anyApproval(refund);
  return {
    uuid,
    order,
    posName: shops.find(({ id }) => id === refund.posId)?.name ?? refund.posId,
    status,
    requestedBy: requested_by,
    requestedAt: requested_at,
    address,
    reason,
    amountBtc: approval === undefined ? null : satsToBtc(approval.amount),
    txid: payout === null ? null : payout.slice(0, 64),
  };
}

const NOTES: readonly RefundNote[] = [
  'requested',
  'approved',
  'closed',
  'linked',
  'stale',
  'address',
  'network',
  'own_address',
  'too_much',
  'too_little',
  'no_rate',
  'amount',
  'state',
  'too_many',
  'payout',
  'paid_before',
  'unverified',
  'changed',
  'not_payable',
  'account',
  'no_source',
  'no_change',
  'fee_rate',
  'too_few_coins',
];

export function noteOf(text: string | undefined): RefundNote | null {
  return NOTES.find((note) => note === text) ?? null;
}
