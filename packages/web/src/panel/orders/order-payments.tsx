/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Verbatim, Words } from '../../page/verbatim.tsx';
import type { OrderProps } from './order-props.ts';
import type { PanelPayment } from './view.ts';

/** Every payment of the order, with its confirmations. Transaction ids are no links: those would tell a stranger about the order. */
export function OrderPayments({ view, words }: OrderProps): VNode {
  const { payments } = view;
  return (
    <section class="card" aria-labelledby="payments-title">
      <h2 id="payments-title">{words.text('payments')}</h2>
      {payments.length === 0 ? (
        <p class="empty">{words.text('no_payments')}</p>
      ) : (
        <ul class="timeline">
          {payments.map((payment) => (
            <Payment key={`${payment.txid}:${payment.vout}`} payment={payment} view={view} words={words} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Payment({ payment, view, words }: OrderProps & { payment: PanelPayment }): VNode {
  const { txid, vout, amountBtc, firstSeenAt, confirmations, place, blockHeight, replacedBy } = payment;
  return (
    <li>
      <strong>
        <Verbatim>{words.bitcoin(amountBtc)}</Verbatim>
      </strong>
      <p class="facts">
        {place === 'block' ? (
          <>
            <span>
              <Words
                of={words.phrase('confirmations', {
                  n: words.integer(confirmations),
                  m: words.integer(view.requiredConfirmations),
                })}
              />
            </span>
            <span>
              <Words of={words.phrase('in_block', { height: words.integer(blockHeight ?? 0) })} />
            </span>
          </>
        ) : (
          <span class={place === 'mempool' ? 'heed' : 'bad'}>{words.text(`place_${place}`)}</span>
        )}
        <span>
          <Words of={words.phrase('seen_at', { at: words.date(firstSeenAt) })} />
        </span>
      </p>
      <p class="said">
        <Verbatim>{`${txid}:${vout}`}</Verbatim>
      </p>
      {replacedBy !== null && (
        <p class="said">
          <Words of={words.phrase('replaced_by', { txid: replacedBy })} />
        </p>
      )}
    </li>
  );
}
