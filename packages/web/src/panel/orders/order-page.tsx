/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Verbatim, Words } from '../../page/verbatim.tsx';
import { Fact } from '../frame/fact.tsx';
import { renderPanelPage } from '../frame/panel-page.tsx';
import { OrderRefunds } from '../refunds/order-refunds.tsx';
import { OrderActions } from './order-actions.tsx';
import { OrderCallbacks } from './order-callbacks.tsx';
import { OrderNotes } from './order-notes.tsx';
import { OrderPayments } from './order-payments.tsx';
import type { OrderProps } from './order-props.ts';
import { Attention, OrderStatus } from './order-status.tsx';
import { OrderTimeline } from './order-timeline.tsx';
import { orderWords } from './order-words.ts';
import type { OrderNote, OrderView } from './view.ts';

/**
 * Renders the page of one order. The script replaces the elements with `data-live` while the page is open, each by its `id`; forms in
 * which somebody may be writing stay outside of them.
 */
export function renderOrderPage(view: OrderView): string {
  const words = orderWords(view.reader);
  const { text, plain } = words;
  const { order, basePath } = view;
  const props = { view, words };
  const title = plain('order_title', { id: order.uuid.slice(0, 8) });
  return renderPanelPage(
    title,
    view,
    <div class="order" data-events={`${basePath}/panel/orders/${order.uuid}/events`}>
      <nav aria-label={text('all_orders')}>
        <a href={`${basePath}/panel/orders`}>{text('all_orders')}</a>
      </nav>
      <h1 id="title" data-live>
        <Words of={words.phrase('order_title', { id: order.uuid.slice(0, 8) })} />{' '}
        <OrderStatus status={order.status} words={words} />
      </h1>
      <p class="live-line no-print">
        <span data-when-live hidden>
          {text('live')}
        </span>
        <span data-when-offline role="status" hidden>
          {text('offline')}
        </span>
        <a href={`${basePath}/panel/orders/${order.uuid}`} data-reload>
          {text('reload')}
        </a>
        <a href={`${basePath}/panel/orders/${order.uuid}/receipt`}>{text('receipt')}</a>
      </p>
      <Outcome view={view} words={words} />
      <div id="overview" data-live class="stack">
        {order.attention !== null && (
          <div class="card">
            <Attention attention={order.attention} words={words} />
          </div>
        )}
        <Overview {...props} />
        <OrderPayments {...props} />
      </div>
      <OrderActions {...props} />
      {view.refunds !== null && <OrderRefunds frame={view} order={order.uuid} view={view.refunds} />}
      <OrderNotes {...props} />
      <div id="callbacks" data-live class="stack">
        <OrderCallbacks {...props} />
      </div>
      <div id="timeline" data-live class="stack">
        <OrderTimeline {...props} />
      </div>
    </div>,
    { scripts: ['/assets/panel-live.js'] },
  );
}

const TONES: Readonly<Record<OrderNote, 'good' | 'bad' | 'heed'>> = {
  cancelled: 'good',
  settled: 'good',
  refused: 'good',
  noted: 'good',
  due: 'good',
  not_possible: 'bad',
  busy: 'heed',
  reason_invalid: 'bad',
  note_invalid: 'bad',
  stale: 'heed',
};

function Outcome({ view, words }: OrderProps): VNode | null {
  const { note, maxNote } = view;
  if (note === null) return null;
  return (
    <p class={`note ${TONES[note]}`} role="status">
      <Words of={words.phrase(`did_${note}`, { max: words.integer(maxNote) })} />
    </p>
  );
}

function Overview({ view, words }: OrderProps): VNode {
  const { order, rate } = view;
  const { text } = words;
  const amount = (btc: string): VNode => <Verbatim>{words.bitcoin(btc)}</Verbatim>;
  return (
    <section class="card" aria-labelledby="overview-title">
      <h2 id="overview-title">{text('overview')}</h2>
      <dl>
        <Fact name={text('price')}>
          <strong>
            <Verbatim>{words.fiat(order.amountFiat, order.currency)}</Verbatim>
          </strong>
        </Fact>
        <Fact name={text('amount_btc')}>{amount(order.amountBtc)}</Fact>
        <Fact name={text('received')}>{amount(view.receivedBtc)}</Fact>
        {order.status === 'partial' && <Fact name={text('unpaid')}>{amount(view.unpaidBtc)}</Fact>}
        {view.surplusBtc !== '0' && <Fact name={text('surplus')}>{amount(view.surplusBtc)}</Fact>}
        <Fact name={text('rate')}>
          <Words of={words.phrase('rate_is', { value: words.fiat(rate.value, order.currency) })} />
          <br />
          <span class="hint">
            <Words of={words.phrase('rate_from', { source: words.rateSource(rate.source), at: words.date(rate.at) })} />
          </span>
        </Fact>
        <Terms view={view} words={words} />
      </dl>
      <p class="no-print">
        <a href={view.checkoutUrl} id="buyer-page">
          {text('buyer_page')}
        </a>
      </p>
    </section>
  );
}

/** What the order was created with. */
function Terms({ view, words }: OrderProps): VNode {
  const { order, details } = view;
  const { text } = words;
  return (
    <>
      {order.reference !== null && (
        <Fact name={text('reference')}>
          <Verbatim>{order.reference}</Verbatim>
        </Fact>
      )}
      {details !== null && (
        <Fact name={text('details')}>
          <span class="quoted">
            <Verbatim>{details}</Verbatim>
          </span>
        </Fact>
      )}
      <Fact name={text('pos')}>
        <Verbatim>{order.posName}</Verbatim>
      </Fact>
      <Fact name={text('created')}>
        <time dateTime={order.createdAt}>{words.date(order.createdAt)}</time>
      </Fact>
      <Fact name={text('expires')}>
        <time dateTime={view.expiresAt}>{words.date(view.expiresAt)}</time>
      </Fact>
      <Fact name={text('address')}>
        {view.address === null ? (
          <strong class="bad">{text('address_changed')}</strong>
        ) : (
          <span class="said">
            <Verbatim>{view.address}</Verbatim>
          </span>
        )}
      </Fact>
      <Fact name={text('account')}>
        <Words of={words.phrase('address_index', { account: view.accountName, index: words.integer(view.addressIndex) })} />
      </Fact>
      <Fact name={text('confirmations_needed')}>{words.integer(view.requiredConfirmations)}</Fact>
      <Fact name={text('order_number')}>
        <span class="said">
          <Verbatim>{order.uuid}</Verbatim>
        </span>
      </Fact>
    </>
  );
}
