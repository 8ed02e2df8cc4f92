/** The data of the page of an order and of its receipt. */
import type { OrderNote, OrderReceiptView, OrderView, PanelActor, PanelPayment, TimelineView } from '@webpos/web';
import { isoDate } from '../../../kernel/clock.ts';
import { satsToBtc, ZERO_SATS } from '../../../kernel/sats.ts';
import { decisionsOf } from '../../../orders/decide-by-hand.ts';
import type { Order, Payment } from '../../../orders/order.ts';
import { confirmationsOf, surplus, tally } from '../../../orders/rules.ts';
import { actorName, type Actor } from '../../../people/actor.ts';
import { MAX_NOTE_CHARACTERS } from '../../../services/orders/add-note.ts';
import type { TimelineEntry } from '../../../services/orders/order-timeline.ts';
import type { OrderChangeContext } from '../../../services/context.ts';
import type { OrderShowContext } from '../../../services/orders/read-order.ts';
import { showOrder, type ShownOrder } from '../../../services/orders/show-order.ts';
import type { PageRequest } from '../panel-router.ts';
import { orderRefundsView } from '../refunds/order-refunds.ts';
import { dateOrNull, panelOrder } from './order-list-view.ts';

/** Returns the view of an order; undefined if it does not exist, or not for this viewer. */
export async function orderView(
  context: OrderShowContext & Pick<OrderChangeContext, 'newUuid'>,
  page: PageRequest,
): Promise<OrderView | undefined> {
  const { params, viewer, query, frame } = page;
  const shown = await showOrder(context, viewer, params['order'] ?? '');
  if (shown === undefined) return undefined;
  const { order, address, pos, account, tipHeight, callbacks, notes, timeline } = shown;
  const { terms } = order;
  const sums = tally(order, tipHeight);
  return {
    ...(await frame()),
    order: panelOrder(order, tipHeight, new Map([[pos.id, pos.name]])),
    receivedBtc: satsToBtc(sums.seen),
    unpaidBtc: satsToBtc(sums.unpaid),
    surplusBtc: satsToBtc(surplus(order, sums)),
    rate: rateView(order),
    details: terms.details,
    address,
    accountName: account.name,
    addressIndex: terms.addressIndex,
    requiredConfirmations: terms.requiredConfirmations,
    expiresAt: isoDate(terms.expiresAt),
    checkoutUrl: `${context.publicUrl}/checkout/${terms.id}`,
    payments: order.payments.map((payment) => panelPayment(payment, tipHeight)),
    timeline: timeline.map(timelineView),
    notes: notes.map(({ at, author, text }) => ({ at: isoDate(at), by: actorOfName(author), text })),
    callbacks: callbacks.map(({ id, event, delivery, attempts }) => ({ uuid: id, event, status: delivery.status, attempts })),
    refunds: orderRefundsView(context, shown, page),
    can: {
      cancel: order.state.status === 'pending' && sums.confirmed === ZERO_SATS,
      ...decisionsOf(order, { tipHeight, now: shown.now, chainReadAt: terms.createdAt }),
    },
    note: noteOf(query['note']),
    maxNote: MAX_NOTE_CHARACTERS,
  };
}

/** Returns the view of a receipt; undefined as above. */
export async function receiptView(context: OrderShowContext, page: PageRequest): Promise<OrderReceiptView | undefined> {
  const shown = await showOrder(context, page.viewer, page.params['order'] ?? '');
  if (shown === undefined) return undefined;
  const { order, pos, tipHeight }: ShownOrder = shown;
  const txids = order.payments.filter(({ place }) => place.kind !== 'gone').map(({ outPoint: { txid } }) => txid);
  return {
    ...(await page.frame()),
    order: panelOrder(order, tipHeight, new Map([[pos.id, pos.name]])),
    receivedBtc: satsToBtc(tally(order, tipHeight).seen),
    rate: rateView(order),
    details: order.terms.details,
    paidAt: dateOrNull('paidAt' in order.state ? order.state.paidAt : null),
    txids: [...new Set(txids)],
  };
}

function rateView({ terms: { rate } }: Order): OrderView['rate'] {
  return { value: rate.value, source: rate.source, at: isoDate(rate.at) };
}

function panelPayment({ outPoint, amount, firstSeenAt, place }: Payment, tipHeight: number): PanelPayment {
  return {
    txid: outPoint.txid,
    vout: outPoint.vout,
    amountBtc: satsToBtc(amount),
    firstSeenAt: isoDate(firstSeenAt),
    confirmations: confirmationsOf(place, tipHeight) ?? 0,
    place: place.kind,
    blockHeight: place.kind === 'block' ? place.height : null,
    replacedBy: place.kind === 'gone' && place.reason.kind === 'replaced' ? place.reason.by : null,
  };
}

function timelineView(entry: TimelineEntry): TimelineView {
  const at = isoDate(entry.at);
  switch (entry.kind) {
    case 'seen':
      return { kind: entry.kind, at, amountBtc: satsToBtc(entry.amount), txid: entry.txid };
    case 'decided':
    case 'note':
      return { ...entry, at, by: actorOfName(entry.by) };
    case 'action':
      return { ...entry, at, by: actorView(entry.by) };
    case 'attempt':
    case 'refund_requested':
    case 'created':
    case 'covered':
    case 'paid':
    case 'disputed':
    case 'charged_back':
    case 'expired':
    case 'cancelled':
      return { ...entry, at };
  }
}

const UNNAMED = ['operator', 'command', 'buyer', 'gateway'] as const;

function actorView(actor: Actor): PanelActor {
  return 'name' in actor ? { kind: 'named', name: actorName(actor) } : { kind: actor.kind };
}

/** What is stored of an actor beside a note or a decision is only a name. */
function actorOfName(name: string): PanelActor {
  const kind = UNNAMED.find((one) => one === name);
  return kind === undefined ? { kind: 'named', name } : { kind };
}

const NOTES: readonly OrderNote[] = [
  'cancelled',
  'settled',
  'refused',
  'noted',
  'due',
  'not_possible',
  'busy',
  'reason_invalid',
  'note_invalid',
  'stale',
];

function noteOf(text: string | undefined): OrderNote | null {
  return NOTES.find((note) => note === text) ?? null;
}
