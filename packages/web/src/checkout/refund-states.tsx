/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { MessageKey } from '../i18n/en.ts';
import type { Phrase } from '../i18n/phrase.ts';
import type { Wording } from '../i18n/wording.ts';
import { Words } from '../page/verbatim.tsx';
import { Copyable } from './copyable.tsx';
import { SupportLine } from './order-facts.tsx';
import type { BuyerRefund, BuyerRefundStatus, CheckoutView } from './view.ts';

const TEXTS: Readonly<Record<BuyerRefundStatus, { readonly title: MessageKey; readonly more: MessageKey }>> = {
  requested: { title: 'refund_asked', more: 'refund_asked_more' },
  approved: { title: 'refund_approved', more: 'refund_approved_more' },
  sent: { title: 'refund_sent', more: 'refund_sent_more' },
  paid: { title: 'refund_paid', more: 'refund_sent_more' },
  declined: { title: 'refund_declined', more: 'refund_declined_more' },
};

/** What is announced of the refunds: the state of the last one. */
export function spokenRefund({ refunds }: CheckoutView, { text }: Wording): readonly Phrase[] {
  const last = refunds.at(-1);
  return last === undefined ? [] : [[text(TEXTS[last.status].title)]];
}

/** What has become of the buyer's refunds. The one that is requested is shown with its form, as long as the buyer may change it. */
export function RefundStates({ view, wording }: { view: CheckoutView; wording: Wording }): VNode | null {
  const hasForm = view.owedBtc !== null && view.refundAddress !== null;
  const shown = view.refunds.filter(({ status }) => status !== 'requested' || !hasForm);
  if (shown.length === 0) return null;
  return (
    <>
      {shown.map((refund, at) => (
        <RefundState key={at} id={`refund-state-${at}`} refund={refund} view={view} wording={wording} />
      ))}
    </>
  );
}

interface StateProps {
  id: string;
  refund: BuyerRefund;
  view: CheckoutView;
  wording: Wording;
}

function RefundState({ id, refund, view, wording }: StateProps): VNode {
  const { text, phrase, bitcoin } = wording;
  const { status, address, amountBtc, txid } = refund;
  const { title, more } = TEXTS[status];
  return (
    <section class="refund" aria-labelledby={id}>
      <h2 id={id}>{text(title)}</h2>
      <p>
        <Words of={phrase(more, { address, amount: amountBtc === null ? '' : bitcoin(amountBtc) })} />
      </p>
      {txid !== null && (
        <>
          <p class="hint">
            <Words of={wording.confirmations(refund)} />
          </p>
          <dl class="transactions">
            <Copyable id={`${id}-txid`} name={text('transaction')} value={txid} wording={wording}>
              {txid}
            </Copyable>
          </dl>
        </>
      )}
      {status === 'declined' && <SupportLine support={view.look.support} wording={wording} />}
    </section>
  );
}
