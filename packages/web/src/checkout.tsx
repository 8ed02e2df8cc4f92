/** @jsxRuntime automatic @jsxImportSource preact */
/**
 * The checkout page. It is whole without JavaScript; `assets/checkout.js` makes it follow its order without reloading.
 * The two meet in data attributes of `<main>`:
 *
 * - `data-live`: there is news to come, so keep asking.
 * - `data-leave`: the order is paid, so take the buyer there.
 * - `data-say`: what to announce when the page comes to this state.
 */
import type { VNode } from 'preact';

import { AskForPayment } from './ask-for-payment.tsx';
import { bitcoinUri, webUrl } from './links.ts';
import { renderPage } from './page.tsx';
import { SandboxPanel } from './sandbox-panel.tsx';
import { checkoutState, confirmationsText, type CheckoutState } from './state.ts';
import { StateIcon } from './state-icon.tsx';
import type { CheckoutView } from './view.ts';

/** The whole HTML document of one payment order. */
export function renderCheckoutPage(view: CheckoutView): string {
  const state = checkoutState(view);
  return renderPage({
    title: `${state.headline} · ${view.merchantName}`,
    follows: state.phase === 'end' ? 'end' : 'news',
    children: (
      <>
        <Main view={view} state={state} />
        <p class="offline" id="offline" role="status" hidden>
          No connection. This page keeps trying.
        </p>
        <p class="unseen" id="announcer" role="status" aria-live="polite" />
      </>
    ),
  });
}

function Main({ view, state }: { view: CheckoutView; state: CheckoutState }): VNode {
  const { phase, key, tone, headline, explanation } = state;
  const leaves = key === 'paid' && view.sandbox?.open !== true;
  return (
    <main
      tabIndex={-1}
      data-live={phase === 'end' ? undefined : true}
      data-leave={leaves ? (webUrl(view.backUrl) ?? undefined) : undefined}
      data-say={`${headline}. ${explanation}`}
    >
      {view.sandbox !== null && (
        <p class="banner">
          <strong>Sandbox.</strong> Send no real bitcoin.
        </p>
      )}
      <div class={`card ${phase}`}>
        <div class="summary">
          <h1>{phase === 'pay' ? `Pay ${view.merchantName}` : view.merchantName}</h1>
          <Amount view={view} partial={key === 'partial'} />
        </div>
        <section class={`state ${tone}`} aria-labelledby="state">
          <StateIcon tone={tone} />
          <h2 id="state">{headline}</h2>
          <p>{explanation}</p>
          {phase === 'wait' && tone !== 'bad' && <Confirmations view={view} />}
          {phase === 'pay' && <TimeLeft seconds={view.expiresInS} />}
          {phase === 'end' && <BackToShop url={webUrl(view.backUrl)} leaving={leaves} />}
        </section>
        {phase === 'pay' && <AskForPayment view={view} {...toPay(view, key === 'partial')} />}
        <Order view={view} />
      </div>
      {view.sandbox !== null && <SandboxPanel controls={view.sandbox} />}
    </main>
  );
}

function toPay(view: CheckoutView, partial: boolean): { amountBtc: string; uri: string; link: string | null } {
  const uri = partial ? view.missingUri : view.uri;
  return { amountBtc: partial ? view.missingBtc : view.amountBtc, uri, link: bitcoinUri(uri) };
}

function Amount({ view, partial }: { view: CheckoutView; partial: boolean }): VNode {
  return (
    <p class="amount">
      <strong>
        {partial ? view.missingBtc : view.amountBtc} <abbr title="bitcoin">BTC</abbr>
      </strong>
      <span>{partial ? `still missing of ${view.amountBtc} BTC` : `${view.amountFiat} ${view.currency}`}</span>
    </p>
  );
}

function Confirmations({ view }: { view: CheckoutView }): VNode | null {
  if (view.requiredConfirmations === 0) return null;
  const { confirmations, requiredConfirmations } = view;
  return (
    <>
      <progress
        aria-label="Confirmations"
        aria-valuetext={confirmationsText(view)}
        value={Math.min(confirmations, requiredConfirmations)}
        max={requiredConfirmations}
      />
      <p class="hint">A confirmation takes about ten minutes, sometimes longer. You may close this page: the shop will know.</p>
    </>
  );
}

/** A timer is silent to screen readers by its role; `checkout.js` turns it every second. */
function TimeLeft({ seconds }: { seconds: number }): VNode {
  return (
    <p class="time">
      Time left{' '}
      <span role="timer" data-countdown={Math.max(0, seconds)}>
        {clock(Math.max(0, seconds))}
      </span>
    </p>
  );
}

/** `14:32`, or `1:02:05` from an hour on. */
function clock(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function BackToShop({ url, leaving }: { url: string | null; leaving: boolean }): VNode | null {
  if (url === null) return null;
  return (
    <>
      <a class="button" id="back" href={url} rel="noreferrer">
        Back to the shop
      </a>
      {leaving && (
        <p class="hint" data-leaving hidden>
          Taking you back to the shop…
        </p>
      )}
    </>
  );
}

function Order({ view }: { view: CheckoutView }): VNode {
  return (
    <dl class="order">
      {view.details !== null && <Fact name="For" value={view.details} />}
      {view.reference !== null && <Fact name="Reference" value={view.reference} />}
      <Fact name="Order" value={view.uuid} />
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
