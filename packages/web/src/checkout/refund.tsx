/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import { UNTRANSLATED, Words } from '../page/verbatim.tsx';
import { pageUrl } from './links.ts';
import { SupportLine } from './order-facts.tsx';
import type { CheckoutNote, CheckoutView } from './view.ts';

interface RefundProps {
  view: CheckoutView;
  wording: Wording;
}

/** Asks where the shop may send back what the order may not keep; null if that is nothing. */
export function Refund({ view, wording }: RefundProps): VNode | null {
  const { owedBtc, refundAddress } = view;
  const { text, phrase, bitcoin } = wording;
  if (owedBtc === null) return null;
  if (refundAddress === null)
    return (
      <section class="refund" id="refund" aria-labelledby="refund-title">
        <h2 id="refund-title">
          <Words of={phrase('refund_title', { amount: bitcoin(owedBtc) })} />
        </h2>
        <RefundForm view={view} wording={wording} />
        <SupportLine support={view.look.support} wording={wording} />
      </section>
    );
  return (
    <section class="refund" id="refund" aria-labelledby="refund-title">
      <h2 id="refund-title">{text('refund_asked')}</h2>
      <p>
        <Words of={phrase('refund_asked_more', { address: refundAddress })} />
      </p>
      <details open={refundNote(view) !== null}>
        <summary>{text('refund_change')}</summary>
        <RefundForm view={view} wording={wording} />
      </details>
      <SupportLine support={view.look.support} wording={wording} />
    </section>
  );
}

function RefundForm({ view, wording }: RefundProps): VNode {
  const { text } = wording;
  const note = refundNote(view);
  return (
    <form method="post" action={pageUrl(view, 'refund', wording)}>
      {note === null && (
        <p class="hint" id="refund-hint">
          {text('refund_more')}
        </p>
      )}
      <label for="refund-address">{text('refund_address')}</label>
      {note !== null && (
        <p class="note" id="refund-hint" role="alert">
          {text(note)}
        </p>
      )}
      <input
        id="refund-address"
        name="address"
        type="text"
        dir="ltr"
        required
        maxLength={500}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby="refund-hint"
        aria-invalid={note !== null || undefined}
        {...UNTRANSLATED}
      />
      <button class="button" id="refund-submit" type="submit">
        {text('refund_submit')}
      </button>
    </form>
  );
}

function refundNote({ note }: CheckoutView): Exclude<CheckoutNote, 'try_again_failed'> | null {
  return note === 'try_again_failed' ? null : note;
}
