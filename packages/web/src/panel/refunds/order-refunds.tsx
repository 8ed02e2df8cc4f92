/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { UNTRANSLATED, Verbatim } from '../../page/verbatim.tsx';
import type { PanelFrame } from '../frame/panel-frame.ts';
import { PanelForm } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import { RefundRow } from './refund-row.tsx';
import type { RefundText } from './texts/en.ts';
import { refundTexts } from './texts/index.ts';
import type { OrderRefundsView } from './view.ts';

interface OrderRefundsProps {
  frame: PanelFrame;
  /** The UUID of the order. */
  order: string;
  view: OrderRefundsView;
}

/** The refunds of an order, and the form that starts one. The list is replaced while the page is open, and the form is not. */
export function OrderRefunds({ frame, order, view }: OrderRefundsProps): VNode {
  const words = panelWords(frame.reader, refundTexts);
  const { text } = words;
  const { refunds, mayStart, note } = view;
  return (
    <section class="stack no-print" id="refunds" aria-labelledby="refunds-title">
      <h2 id="refunds-title">{text('refunds')}</h2>
      {note !== null && (
        <p class="note bad" role="alert">
          {text(`note_${note}`)}
        </p>
      )}
      <div id="refund-list" data-live>
        {refunds.length === 0 ? (
          <p class="card empty">{text('none')}</p>
        ) : (
          <ul class="card rows">
            {refunds.map((refund) => (
              <RefundRow key={refund.uuid} refund={refund} basePath={frame.basePath} words={words} />
            ))}
          </ul>
        )}
      </div>
      {mayStart && <StartRefund frame={frame} order={order} view={view} words={words} />}
    </section>
  );
}

const MAX_REASON = 300;
const MAX_DESTINATION = 500;

function StartRefund({ frame, order, view, words }: OrderRefundsProps & { words: PanelWords<RefundText> }): VNode {
  const { text, bitcoin } = words;
  return (
    <details class="card act" id="start-refund" open={view.note !== null}>
      <summary>{text('start')}</summary>
      <PanelForm frame={frame} action="/panel/refunds/request">
        <input type="hidden" name="order" value={order} />
        {/* Sent twice, it is one refund. */}
        <input type="hidden" name="id" value={view.newId} />
        <p>
          {text('left')}: <Verbatim>{bitcoin(view.leftBtc)}</Verbatim>
        </p>
        <p class="hint">{text('start_more')}</p>
        <label for="refund-address">{text('start_address')}</label>
        <input
          id="refund-address"
          name="address"
          required
          maxLength={MAX_DESTINATION}
          dir="ltr"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          {...UNTRANSLATED}
        />
        <label for="refund-reason">{text('reason')}</label>
        <input id="refund-reason" name="reason" maxLength={MAX_REASON} autocomplete="off" />
        <p class="buttons">
          <button type="submit">{text('start')}</button>
        </p>
      </PanelForm>
    </details>
  );
}
