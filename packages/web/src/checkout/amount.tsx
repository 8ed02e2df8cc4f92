/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import type { CheckoutState } from './state.ts';
import type { CheckoutView } from './view.ts';

interface AmountProps {
  view: CheckoutView;
  state: CheckoutState;
  wording: Wording;
}

/** In characters: more would not fit on the narrowest phone in the usual size. */
const LONG_AMOUNT = 15;

/** What to pay, in bitcoin and in the shop's currency: the whole, or once a part has come the rest. */
export function Amount({ view, state: { key, phase }, wording }: AmountProps): VNode {
  const { text, btc, fiat } = wording;
  const rest = phase === 'pay' && key !== 'pending' && view.missingBtc !== view.amountBtc;
  const amount = btc(rest ? view.missingBtc : view.amountBtc);
  return (
    <>
      {/* What is too long for a narrow screen may break before its unit, and nowhere else. */}
      <p class={amount.length > LONG_AMOUNT ? 'amount long' : 'amount'}>
        <bdi>{amount.length > LONG_AMOUNT ? amount.replace('\u00A0', ' ') : amount}</bdi>
      </p>
      <div class="worth">
        <p>
          <bdi>{fiat(rest ? view.missingFiat : view.amountFiat, view.currency)}</bdi>
        </p>
        <Rate view={view} wording={wording} />
      </div>
      {rest && (
        <p class="hint">{text('still_missing', { whole: `${btc(view.amountBtc)} (${fiat(view.amountFiat, view.currency)})` })}</p>
      )}
    </>
  );
}

function Rate({ view: { rate, currency }, wording: { text, fiat, date } }: Omit<AmountProps, 'state'>): VNode {
  return (
    <details class="rate" id="rate">
      <summary id="rate-summary">{text('rate')}</summary>
      <p>{text('rate_is', { value: fiat(rate.value, currency), source: rate.source, at: date(rate.at) })}</p>
    </details>
  );
}
