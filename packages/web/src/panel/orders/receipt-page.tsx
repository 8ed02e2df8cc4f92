/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import { Verbatim, Words } from '../../page/verbatim.tsx';
import { renderPanelPage } from '../frame/panel-page.tsx';
import { orderWords, type OrderWords } from './order-words.ts';
import type { OrderReceiptView } from './view.ts';

/** Renders the receipt of an order for the printer. The button needs JavaScript; without it, the page says how to print it. */
export function renderOrderReceiptPage(view: OrderReceiptView): string {
  const words = orderWords(view.reader);
  const { text, phrase, plain } = words;
  const { order, basePath } = view;
  return renderPanelPage(
    plain('receipt_from', { pos: order.posName }),
    view,
    <article class="card receipt">
      <h1>
        <Words of={phrase('receipt_from', { pos: order.posName })} />
      </h1>
      <p class="buttons no-print">
        <button type="button" data-print hidden>
          {text('print')}
        </button>
        <span class="hint" data-no-print-button>
          {text('print_hint')}
        </span>
        <a href={`${basePath}/panel/orders/${order.uuid}`}>{text('back_to_order')}</a>
      </p>
      <Lines view={view} words={words} />
    </article>,
    { scripts: ['/assets/panel-live.js'] },
  );
}

function Lines({ view, words }: { view: OrderReceiptView; words: OrderWords }): VNode {
  const { text, phrase } = words;
  const { order, rate, details, paidAt, txids, receivedBtc } = view;
  return (
    <dl>
      <Line name={text('price')}>
        <strong>
          <Verbatim>{words.fiat(order.amountFiat, order.currency)}</Verbatim>
        </strong>
      </Line>
      <Line name={text('amount_btc')}>
        <Verbatim>{words.bitcoin(order.amountBtc)}</Verbatim>
      </Line>
      <Line name={text('received')}>
        <Verbatim>{words.bitcoin(receivedBtc)}</Verbatim>
      </Line>
      <Line name={text('rate')}>
        <Words of={phrase('rate_is', { value: words.fiat(rate.value, order.currency) })} />{' '}
        <Words of={phrase('rate_from', { source: words.rateSource(rate.source), at: words.date(rate.at) })} />
      </Line>
      <Line name={text('status')}>{text(`st_${order.status}`)}</Line>
      <Line name={text('paid_at')}>{paidAt === null ? text('not_paid') : words.date(paidAt)}</Line>
      {order.reference !== null && (
        <Line name={text('reference')}>
          <Verbatim>{order.reference}</Verbatim>
        </Line>
      )}
      {details !== null && (
        <Line name={text('details')}>
          <span class="quoted">
            <Verbatim>{details}</Verbatim>
          </span>
        </Line>
      )}
      <Line name={text('created')}>{words.date(order.createdAt)}</Line>
      <Line name={text('order_number')}>
        <span class="said">
          <Verbatim>{order.uuid}</Verbatim>
        </span>
      </Line>
      {txids.length > 0 && (
        <Line name={text('transactions')}>
          {txids.map((txid) => (
            <span key={txid} class="said">
              <Verbatim>{txid}</Verbatim>{' '}
            </span>
          ))}
        </Line>
      )}
    </dl>
  );
}

function Line({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
