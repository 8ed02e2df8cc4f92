/** @jsxRuntime automatic @jsxImportSource preact */
/**
 * The checkout page. It is whole without JavaScript; `assets/checkout.js` makes it follow its order without reloading.
 * The two meet in data attributes of `<main>`:
 *
 * - `data-live`: there is news to come, so keep asking.
 * - `data-events`: the stream on which news are told of, and `data-version` what of the order this page shows.
 * - `data-leave`: there is nothing to read, so take the buyer there.
 * - `data-say`: what to announce when the page comes to this state.
 */
import type { VNode } from 'preact';

import { AskForPayment } from './ask-for-payment.tsx';
import { ENGLISH, type Language } from './i18n/languages.ts';
import { wordingOf, type Wording } from './i18n/wording.ts';
import { LanguageMenu } from './language-menu.tsx';
import { bitcoinUri, pageUrl, webUrl } from './links.ts';
import { Merchant } from './merchant.tsx';
import { OrderFacts, SupportLine } from './order-facts.tsx';
import { renderPage } from './page.tsx';
import { SandboxPanel } from './sandbox-panel.tsx';
import { checkoutState, type CheckoutState } from './state.ts';
import { StateIcon } from './state-icon.tsx';
import { TimeLeft } from './time-left.tsx';
import type { CheckoutView } from './view.ts';

interface PartProps {
  view: CheckoutView;
  state: CheckoutState;
  wording: Wording;
}

/** Long enough to hear and to read that it is paid. */
const LEAVE_AFTER_S = 3;
const RELOAD_AFTER_S = 10;

/** The whole HTML document of one payment order. */
export function renderCheckoutPage(view: CheckoutView, language: Language = ENGLISH): string {
  const wording = wordingOf(language);
  const state = checkoutState(view, wording);
  const leave = leaveUrl(view, state);
  return renderPage({
    title: `${state.headline} · ${view.merchantName}`,
    wording,
    basePath: view.basePath,
    accent: view.look.accent,
    scripted: true,
    refresh: refreshOf(state, leave),
    children: (
      <>
        <Main view={view} state={state} wording={wording} />
        <LanguageMenu wording={wording} />
        <p class="offline" id="offline" role="status" hidden>
          {wording.text('offline')}
        </p>
        <p class="unseen" id="announcer" role="status" aria-live="polite" />
      </>
    ),
  });
}

function refreshOf({ phase }: CheckoutState, leave: string | null): { afterS: number; url?: string } | undefined {
  if (phase !== 'end') return { afterS: RELOAD_AFTER_S };
  return leave === null ? undefined : { afterS: LEAVE_AFTER_S, url: leave };
}

/** Where the buyer goes without being asked: only where nothing is left to read. */
function leaveUrl(view: CheckoutView, { key }: CheckoutState): string | null {
  const nothingToRead = key === 'paid' || (key === 'cancelled' && view.asksToLeave && Number(view.receivedBtc) === 0);
  return nothingToRead && view.sandbox?.open !== true ? webUrl(view.backUrl) : null;
}

function Main({ view, state, wording }: PartProps): VNode {
  const { phase, key, tone, headline, explanation } = state;
  const leave = leaveUrl(view, state);
  return (
    <main
      tabIndex={-1}
      data-live={phase === 'end' ? undefined : true}
      data-leave={leave ?? undefined}
      data-events={phase === 'end' ? undefined : `${view.basePath}/checkout/${view.uuid}/events`}
      data-version={view.version}
      data-say={`${headline}. ${explanation}`}
    >
      {view.sandbox !== null && (
        <p class="banner" lang="en" dir="ltr">
          <strong>Sandbox.</strong> Send no real bitcoin.
        </p>
      )}
      <div class={`card ${phase}`}>
        <div class="summary">
          <Merchant view={view} title={phase === 'pay' ? wording.text('pay_title', { merchant: view.merchantName }) : null} />
          <Amount view={view} state={state} wording={wording} />
          <Rate view={view} wording={wording} />
        </div>
        <section class={`state ${tone}`} aria-labelledby="state">
          <StateIcon tone={tone} />
          <h2 id="state">{headline}</h2>
          <p>{explanation}</p>
          {CONFIRMING.has(key) && <Confirmations view={view} wording={wording} />}
          {phase === 'pay' && !view.covered && <TimeLeft seconds={view.expiresInS} wording={wording} />}
          {phase === 'end' && <BackToShop url={webUrl(view.backUrl)} leaving={leave !== null} wording={wording} />}
        </section>
        {phase === 'pay' && <AskForPayment view={view} wording={wording} {...toPay(view, key !== 'pending')} />}
        <div class="about">
          <OrderFacts view={view} wording={wording} />
          <p class="links">
            {phase === 'pay' && <a href={pageUrl(view, 'cancel', wording)}>{wording.text('cancel')}</a>}
            {view.paidAt !== null && <a href={pageUrl(view, 'receipt', wording)}>{wording.text('receipt')}</a>}
          </p>
          <SupportLine support={view.look.support} wording={wording} />
        </div>
      </div>
      {view.sandbox !== null && <SandboxPanel controls={view.sandbox} />}
    </main>
  );
}

const CONFIRMING: ReadonlySet<CheckoutState['key']> = new Set([
  'mempool_unconfirmed',
  'unconfirmed',
  'network_dispute',
  'mempool_network_dispute',
]);

function toPay(view: CheckoutView, rest: boolean): { amountBtc: string; uri: string; link: string | null } {
  const uri = rest ? view.missingUri : view.uri;
  return { amountBtc: rest ? view.missingBtc : view.amountBtc, uri, link: bitcoinUri(uri) };
}

function Amount({ view, state: { key, phase }, wording: { text, btc, fiat } }: PartProps): VNode {
  const rest = phase === 'pay' && key !== 'pending' && view.missingBtc !== view.amountBtc;
  return (
    <>
      <p class="amount">
        <strong>
          <bdi>{btc(rest ? view.missingBtc : view.amountBtc)}</bdi>
        </strong>
        <bdi>{fiat(rest ? view.missingFiat : view.amountFiat, view.currency)}</bdi>
      </p>
      {rest && (
        <p class="hint">{text('still_missing', { whole: `${btc(view.amountBtc)} (${fiat(view.amountFiat, view.currency)})` })}</p>
      )}
    </>
  );
}

function Rate({ view: { rate, currency }, wording: { text, fiat, date } }: Omit<PartProps, 'state'>): VNode {
  return (
    <details class="rate" id="rate">
      <summary id="rate-summary">{text('rate')}</summary>
      <p>{text('rate_is', { value: fiat(rate.value, currency), source: rate.source, at: date(rate.at) })}</p>
    </details>
  );
}

function Confirmations({ view, wording }: Omit<PartProps, 'state'>): VNode | null {
  if (view.requiredConfirmations === 0) return null;
  const { confirmations, requiredConfirmations } = view;
  return (
    <>
      <progress
        aria-label={wording.text('confirmations_name')}
        aria-valuetext={wording.confirmations(view)}
        value={Math.min(confirmations, requiredConfirmations)}
        max={requiredConfirmations}
      />
      <p class="hint">{wording.text('confirmations_hint')}</p>
    </>
  );
}

function BackToShop(props: { url: string | null; leaving: boolean; wording: Wording }): VNode | null {
  const { url, leaving, wording } = props;
  if (url === null) return null;
  return (
    <>
      <a class="button" id="back" href={url} rel="noreferrer" target="_top">
        {wording.text('back')}
      </a>
      {leaving && (
        <p class="hint" data-leaving hidden>
          {wording.text('leaving')}
        </p>
      )}
    </>
  );
}
