import type { Reader } from '../../../src/i18n/languages.ts';
import { renderRefundPage } from '../../../src/panel/refunds/refund-page.tsx';
import { renderRefundsPage } from '../../../src/panel/refunds/refunds-page.tsx';
import { REFUND_STATUS_TEXTS } from '../../../src/panel/refunds/refund-status.tsx';
import { refundTexts } from '../../../src/panel/refunds/texts/index.ts';
import type { PanelRefund, PanelRefundStatus, RefundNote, RefundView } from '../../../src/panel/refunds/view.ts';
import { ADDRESS, AT, POS, sampleFrame, suffixes, TXID, UUID } from './frame.ts';

const STATUSES = Object.keys(REFUND_STATUS_TEXTS) as PanelRefundStatus[];
const NOTES = suffixes(refundTexts.en, 'note_') as RefundNote[];

export function sampleRefund(changes: Partial<PanelRefund> = {}): PanelRefund {
  return {
    uuid: UUID,
    order: UUID,
    posName: 'Corner Café',
    status: 'requested',
    requestedBy: 'buyer',
    requestedAt: AT,
    address: ADDRESS,
    reason: 'Doppelt bezahlt',
    amountBtc: null,
    txid: null,
    ...changes,
  };
}

function refundView(reader: Reader, changes: Partial<RefundView> = {}): RefundView {
  return {
    ...sampleFrame(reader, { path: `/panel/refunds/${UUID}` }),
    refund: sampleRefund(),
    currency: 'EUR',
    orderFiat: '10.00',
    rate: '60000.00',
    receivedBtc: '0.00016667',
    leftBtc: '0.00016667',
    suggestedSats: '16667',
    suggestedBtc: '0.00016667',
    isUncovered: true,
    uri: null,
    mayBePsbt: true,
    confirmationsNeeded: 3,
    fiat: null,
    payouts: [],
    note: null,
    ...changes,
  };
}

export function refundSamples(reader: Reader): Readonly<Record<string, string[]>> {
  const approved = sampleRefund({ status: 'approved', amountBtc: '0.00016667', requestedBy: 'merchant' });
  const list = { ...sampleFrame(reader, { path: '/panel/refunds' }), filters: { status: '', pos: '' }, pos: POS };
  const payouts = (['mempool', 'block', 'missing', 'gone'] as const).flatMap((place) =>
    [true, false].map((isLinked) => ({
      output: `${TXID}:${place === 'mempool' ? 0 : 1}`,
      txid: TXID,
      firstSeenAt: AT,
      place,
      confirmations: 1,
      isLinked,
    })),
  );
  return {
    renderRefundsPage: [
      renderRefundsPage({
        ...list,
        refunds: STATUSES.map((status, at) => sampleRefund({ status, requestedBy: at % 2 === 0 ? 'buyer' : 'merchant' })),
        next: UUID,
        isFirst: false,
      }),
      renderRefundsPage({ ...list, refunds: [], next: null, isFirst: true }),
    ],
    renderRefundPage: [
      renderRefundPage(refundView(reader)),
      renderRefundPage(
        refundView(reader, {
          refund: approved,
          uri: `bitcoin:${ADDRESS}?amount=0.00016667`,
          fiat: { amount: '10.00', rate: '60000.00' },
          payouts,
        }),
      ),
      ...STATUSES.map((status) => renderRefundPage(refundView(reader, { refund: { ...approved, status } }))),
      ...NOTES.map((note) => renderRefundPage(refundView(reader, { note }))),
    ],
  };
}
