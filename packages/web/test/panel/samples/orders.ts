import type { Reader } from '../../../src/i18n/languages.ts';
import { renderDashboardPage } from '../../../src/panel/dashboard/dashboard-page.tsx';
import type { DashboardView } from '../../../src/panel/dashboard/view.ts';
import { renderOrderPage } from '../../../src/panel/orders/order-page.tsx';
import { STATUSES } from '../../../src/panel/orders/order-status.tsx';
import { renderOrdersPage } from '../../../src/panel/orders/orders-page.tsx';
import { renderOrderReceiptPage } from '../../../src/panel/orders/receipt-page.tsx';
import { orderTexts } from '../../../src/panel/orders/texts/index.ts';
import type {
  OrderFiltersView,
  OrderNote,
  OrdersView,
  OrderView,
  PanelActor,
  PanelAttention,
  PanelOrder,
  TimelineView,
} from '../../../src/panel/orders/view.ts';
import { ADDRESS, AT, LATER, OTHER_UUID, POS, sampleFrame, suffixes, TXID, UUID } from './frame.ts';
import { sampleRefund } from './refunds.ts';

const ATTENTIONS = ['late', 'partial', 'surplus', 'disputed'] as const satisfies readonly PanelAttention['kind'][];
const NOTES = suffixes(orderTexts.en, 'did_') as OrderNote[];
const ACTORS: readonly PanelActor[] = [
  { kind: 'named', name: 'Ada' },
  { kind: 'operator' },
  { kind: 'command' },
  { kind: 'buyer' },
  { kind: 'gateway' },
];

const ORDER: PanelOrder = {
  uuid: UUID,
  createdAt: AT,
  posName: 'Corner Café',
  amountFiat: '10.00',
  currency: 'EUR',
  amountBtc: '0.00016667',
  status: 'partial',
  attention: { kind: 'surplus', amountBtc: '0.0001' },
  reference: 'Table 4',
};
const RATE = { value: '60000.00', source: 'median:kraken,bitstamp', at: AT };
const DETAILS = 'Zwei Kaffee';

const TIMELINE: readonly TimelineView[] = [
  ...(['created', 'covered', 'paid', 'disputed', 'charged_back', 'expired', 'cancelled'] as const).map(
    (kind) => ({ kind, at: AT }) as const,
  ),
  { kind: 'seen', at: AT, amountBtc: '0.0001', txid: TXID },
  ...(['settle', 'refuse'] as const).flatMap((action) =>
    ACTORS.map((by) => ({ kind: 'decided', at: AT, action, by, reason: 'Stammgast' }) as const),
  ),
  { kind: 'attempt', at: AT, event: 'payment.completed', status: 500, durationMs: 12 },
  { kind: 'attempt', at: AT, event: 'payment.completed', status: null, durationMs: 10_000 },
  { kind: 'note', at: AT, by: { kind: 'named', name: 'Ada' }, text: 'Stammgast' },
  ...[true, false].map((isVerified) => ({ kind: 'refund_requested', at: AT, address: ADDRESS, isVerified }) as const),
  ...(['order.cancel', 'callback.redeliver'] as const).flatMap((action) =>
    ACTORS.map((by) => ({ kind: 'action', at: AT, action, by }) as const),
  ),
];

function orderView(reader: Reader, changes: Partial<OrderView> = {}): OrderView {
  return {
    ...sampleFrame(reader, { path: `/panel/orders/${UUID}` }),
    order: ORDER,
    receivedBtc: '0.0001',
    unpaidBtc: '0.00006667',
    surplusBtc: '0.0001',
    rate: RATE,
    details: DETAILS,
    address: ADDRESS,
    accountName: 'Ledger',
    addressIndex: 7,
    requiredConfirmations: 3,
    expiresAt: LATER,
    checkoutUrl: `/checkout/${UUID}`,
    payments: (['mempool', 'block', 'missing', 'gone'] as const).map((place, vout) => ({
      txid: TXID,
      vout,
      amountBtc: '0.0001',
      firstSeenAt: AT,
      confirmations: 1,
      place,
      blockHeight: place === 'block' ? 900_000 : null,
      replacedBy: place === 'gone' ? TXID : null,
    })),
    timeline: TIMELINE,
    notes: ACTORS.map((by) => ({ at: AT, by, text: 'Stammgast' })),
    callbacks: (['waiting', 'delivered', 'failed', 'not_wanted'] as const).map((status, attempts) => ({
      uuid: OTHER_UUID,
      event: 'payment.completed',
      status,
      attempts,
    })),
    refunds: {
      refunds: [sampleRefund()],
      leftBtc: '0.0001',
      mayStart: true,
      newId: OTHER_UUID,
      note: 'address',
    },
    can: { cancel: true, settle: true, refuse: true },
    note: null,
    maxNote: 1_000,
    ...changes,
  };
}

const BARE: Partial<OrderView> = {
  order: { ...ORDER, status: 'pending', attention: null, reference: null },
  address: null,
  details: null,
  payments: [],
  timeline: [],
  notes: [],
  callbacks: [],
  rate: { ...RATE, source: 'fixed' },
  refunds: { refunds: [], leftBtc: '0', mayStart: false, newId: OTHER_UUID, note: null },
};

const NO_FILTERS: OrderFiltersView = { q: '', status: '', pos: '', from: '', to: '', attention: '' };

function ordersView(reader: Reader, changes: Partial<OrdersView> = {}): OrdersView {
  return {
    ...sampleFrame(reader, { path: '/panel/orders' }),
    orders: STATUSES.map((status, at) => {
      const kind = ATTENTIONS[at];
      return { ...ORDER, status, attention: kind === undefined ? null : { kind, amountBtc: '0.0001' } };
    }),
    filters: NO_FILTERS,
    pos: POS,
    timeZone: 'Europe/Berlin',
    isTodayOnly: false,
    older: UUID,
    newer: UUID,
    isCutOff: true,
    unassigned: [{ accountName: 'Ledger', address: ADDRESS, amountBtc: '0.0001', txid: TXID, firstSeenAt: AT }],
    ...changes,
  };
}

function dashboardView(reader: Reader, changes: Partial<DashboardView> = {}): DashboardView {
  const sales = { orders: 3, fiat: '31.50', bitcoin: '0.00052500' };
  return {
    ...sampleFrame(reader),
    sales: POS.map(({ name, currency }, at) => ({
      posName: name,
      currency,
      timeZone: at === 0 ? 'Europe/Rome' : 'UTC',
      today: sales,
      period: sales,
    })),
    isComplete: true,
    attention: { count: 50, hasMore: true },
    unassigned: { count: 1, hasMore: false },
    health: {
      node: { isReady: true, height: 900_000, trouble: null },
      rates: [
        { currency: 'EUR', value: '60000.00', at: AT },
        { currency: 'CHF', value: null, at: null },
      ],
      failingEndpoints: 1,
    },
    ...changes,
  };
}

export function orderSamples(reader: Reader): Readonly<Record<string, string[]>> {
  const empty = { orders: [], older: null, newer: null, isCutOff: false, unassigned: [] };
  const receipt = { ...sampleFrame(reader), order: ORDER, receivedBtc: '0.0001', rate: RATE, details: DETAILS, txids: [TXID] };
  const nothing = { count: 0, hasMore: false };
  return {
    renderDashboardPage: [
      renderDashboardPage(dashboardView(reader)),
      renderDashboardPage(
        dashboardView(reader, {
          sales: [],
          attention: nothing,
          unassigned: nothing,
          health: { node: { isReady: false, height: null, trouble: null }, rates: [], failingEndpoints: 0 },
        }),
      ),
      renderDashboardPage(dashboardView(reader, { isComplete: false, health: null })),
    ],
    renderOrdersPage: [
      renderOrdersPage(ordersView(reader)),
      renderOrdersPage(ordersView(reader, empty)),
      renderOrdersPage(ordersView(reader, { ...empty, isTodayOnly: true })),
      renderOrdersPage(ordersView(reader, { ...empty, filters: { ...NO_FILTERS, q: '1041' } })),
    ],
    renderOrderPage: [
      renderOrderPage(orderView(reader)),
      renderOrderPage(orderView(reader, BARE)),
      ...NOTES.map((note) => renderOrderPage(orderView(reader, { ...BARE, note }))),
    ],
    renderOrderReceiptPage: [null, LATER].map((paidAt) => renderOrderReceiptPage({ ...receipt, paidAt })),
  };
}
