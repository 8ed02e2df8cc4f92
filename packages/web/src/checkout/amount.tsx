/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import { Icon } from '../page/icon.tsx';
import { Digits, Verbatim, Words } from '../page/verbatim.tsx';
import { pageUrl } from './links.ts';
import type { CheckoutState } from './state.ts';
import type { CheckoutView } from './view.ts';

interface AmountProps {
  view: CheckoutView;
  state: CheckoutState;
  wording: Wording;
}

/** What to pay, in the shop's currency and in bitcoin: the whole amount or, once a part has come, the rest. */
export function Amount({ view, state, wording }: AmountProps): VNode {
  const { phrase, bitcoin, fiat } = wording;
  const rest = state.phase === 'pay' && view.stage !== 'pending' && view.missingBtc !== view.amountBtc;
  // Two values, since each has a direction of its own.
  const whole = [{ value: fiat(view.amountFiat, view.currency) }, ' = ', { value: bitcoin(view.amountBtc) }];
  return (
    <>
      <p class="price">
        <Verbatim>{fiat(rest ? view.missingFiat : view.amountFiat, view.currency)}</Verbatim>
      </p>
      <div class="worth">
        <p class="bitcoin">
          <UnitLink view={view} wording={wording} amountBtc={rest ? view.missingBtc : view.amountBtc} />
        </p>
        {rest && (
          <p class="hint">
            <Words of={phrase('still_missing', { whole })} />
          </p>
        )}
        {state.phase === 'pay' && <Rate view={view} wording={wording} />}
      </div>
    </>
  );
}

/** The amount in bitcoin, as a link to the same page in the other unit. */
function UnitLink({ view, wording, amountBtc }: Omit<AmountProps, 'state'> & { amountBtc: string }): VNode {
  const isBtc = wording.unit === 'btc';
  return (
    <a class="unit" id="unit" href={pageUrl(view, 'order', wording, { unit: isBtc ? 'sat' : 'btc' })} data-soft>
      <Digits text={wording.bitcoin(amountBtc)} />
      <Icon name="swap" />
      <span class="unseen"> {wording.text(isBtc ? 'show_sat' : 'show_btc')}</span>
    </a>
  );
}

function Rate({ view: { rate, currency }, wording }: Omit<AmountProps, 'state'>): VNode {
  const { text, phrase, fiat, date, rateSource } = wording;
  const values = { value: fiat(rate.value, currency), source: rateSource(rate.source), at: date(rate.at) };
  return (
    <details class="rate" id="rate">
      <summary id="rate-summary">{text('rate')}</summary>
      <p>
        <Words of={phrase('rate_is', values)} />
      </p>
    </details>
  );
}
