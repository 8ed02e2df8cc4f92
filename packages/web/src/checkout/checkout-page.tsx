/** @jsxRuntime automatic @jsxImportSource preact */
/**
 * The checkout page. It is whole without JavaScript; `assets/checkout.js` makes it follow its order without reloading.
 * The two meet in data attributes of `<main>`:
 *
 * - `data-live`: there is news to come, so keep asking.
 * - `data-events`: the stream on which news are reported, and `data-version` what of the order this page shows.
 * - `data-leave`: the buyer has done all that is asked, so take them there after `data-leave-after` seconds; the page goes on following its
 *   order meanwhile.
 * - `data-over-title`, `data-over-text`: what the page says by itself when the time has run out, until the gateway says more.
 * - `data-status`, `data-blockchain-status`: where the order stands, for a shop that shows the page in a frame (`framed.js`).
 * - `data-say`: what to announce when the page comes to this state.
 */
import type { VNode } from 'preact';

import { Amount } from './amount.tsx';
import { AskForPayment } from './ask-for-payment.tsx';
import { Confirmations } from './confirmations.tsx';
import { ENGLISH, type Language } from '../i18n/languages.ts';
import { frameOf } from './frame.ts';
import { wordingOf, type Wording } from '../i18n/wording.ts';
import { Icon } from '../page/icon.tsx';
import { LanguageMenu } from '../page/language-menu.tsx';
import { bitcoinUri, pageUrl, webUrl } from './links.ts';
import { Merchant } from './merchant.tsx';
import { OrderFacts, SupportLine } from './order-facts.tsx';
import { renderShell } from '../page/shell.tsx';
import { SandboxPanel } from './sandbox-panel.tsx';
import { checkoutState, type CheckoutState } from './state.ts';
import { TimeLeft } from './time-left.tsx';
import type { CheckoutView } from './view.ts';

interface PartProps {
  view: CheckoutView;
  state: CheckoutState;
  wording: Wording;
}

/** Long enough to hear and to read that the payment has been seen, or is paid. */
const LEAVE_SEEN_AFTER_S = 6;
const LEAVE_PAID_AFTER_S = 3;
const RELOAD_AFTER_S = 10;

/** The whole HTML document of one payment order. */
export function renderCheckoutPage(view: CheckoutView, language: Language = ENGLISH): string {
  const wording = wordingOf(language);
  const state = checkoutState(view, wording);
  const leave = leaveUrl(view, state);
  return renderShell({
    title: `${state.headline} · ${view.merchantName}`,
    wording,
    basePath: view.basePath,
    accent: view.look.accent,
    frame: frameOf(view, wording),
    scripted: true,
    refresh: refreshOf(state, view.isFramed ? null : leave),
    children: (
      <>
        <Main view={view} state={state} wording={wording} />
        <LanguageMenu wording={wording} />
        <p class="offline" id="offline" data-back={wording.text('online')} hidden>
          {wording.text('offline')}
        </p>
        <p class="unseen" id="announcer" role="status" aria-live="polite" />
      </>
    ),
  });
}

function refreshOf(state: CheckoutState, leave: string | null): { afterS: number; url?: string } | undefined {
  if (leave !== null) return { afterS: leaveAfterS(state), url: leave };
  return state.phase === 'end' ? undefined : { afterS: RELOAD_AFTER_S };
}

/** States in which the whole amount has been seen and confirmations alone are awaited: the shop is the next step (contract). */
const SEEN: ReadonlySet<CheckoutState['key']> = new Set(['mempool_unconfirmed', 'unconfirmed']);

/** Where the buyer goes without being asked: only where nothing is left to read. */
function leaveUrl(view: CheckoutView, { key }: CheckoutState): string | null {
  const hasPaid = key === 'paid' || (SEEN.has(key) && view.surplusBtc === null);
  const hasCancelled = key === 'cancelled' && view.asksToLeave && Number(view.receivedBtc) === 0;
  return (hasPaid || hasCancelled) && view.sandbox?.open !== true ? webUrl(view.backUrl) : null;
}

/** Anyone who has just cancelled knows it; anyone who has just paid should see that it is so. */
function leaveAfterS({ key }: CheckoutState): number {
  if (SEEN.has(key)) return LEAVE_SEEN_AFTER_S;
  return key === 'paid' ? LEAVE_PAID_AFTER_S : 0;
}

function Main({ view, state, wording }: PartProps): VNode {
  const { phase, key, tone, icon, headline, explanation } = state;
  const leave = leaveUrl(view, state);
  const hasEnd = phase === 'pay' && !view.covered;
  // Then whom to ask stands where the buyer reads, and not at the foot.
  const inTrouble = tone === 'bad' || (tone === 'heed' && phase === 'end') || key === 'overpaid';
  return (
    <main
      tabIndex={-1}
      data-status={view.status}
      data-blockchain-status={view.blockchainStatus}
      data-live={phase === 'end' ? undefined : true}
      data-leave={leave ?? undefined}
      data-leave-after={leave === null ? undefined : leaveAfterS(state)}
      data-events={phase === 'end' ? undefined : `${view.basePath}/checkout/${view.uuid}/events`}
      data-version={view.version}
      data-say={`${headline}. ${explanation}`}
      data-over-title={hasEnd ? wording.text('closing') : undefined}
      data-over-text={hasEnd ? wording.text('closing_more') : undefined}
    >
      {view.sandbox !== null && (
        <p class="banner" lang="en" dir="ltr">
          <strong>Sandbox.</strong> Send no real bitcoin.
        </p>
      )}
      <div class={`card ${phase}`}>
        <header class="summary">
          <Merchant view={view} title={phase === 'pay' ? wording.text('pay_title', { merchant: view.merchantName }) : null} />
          <Amount view={view} state={state} wording={wording} />
        </header>
        <section class={`state ${tone}`} aria-labelledby="state">
          <Icon name={icon} ring />
          <h2 id="state">{headline}</h2>
          <p>{explanation}</p>
          {CONFIRMING.has(key) && <Confirmations view={view} wording={wording} />}
          {hasEnd && <TimeLeft seconds={view.expiresInS} wording={wording} />}
          {inTrouble && <SupportLine support={view.look.support} wording={wording} />}
          {(phase === 'end' || SEEN.has(key)) && (
            <BackToShop url={webUrl(view.backUrl)} leaving={leave !== null} wording={wording} />
          )}
        </section>
        {phase === 'pay' && <AskForPayment view={view} wording={wording} {...toPay(view, key !== 'pending')} />}
        <div class="about">
          <OrderFacts view={view} wording={wording} />
          <Links view={view} state={state} wording={wording} />
          {!inTrouble && <SupportLine support={view.look.support} wording={wording} />}
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

function Links({ view, state: { phase }, wording }: PartProps): VNode | null {
  if (phase === 'pay')
    return (
      <p class="links">
        <a id="cancel" href={pageUrl(view, 'cancel', wording)}>
          {wording.text('cancel')}
        </a>
      </p>
    );
  if (view.paidAt === null) return null;
  return (
    <p class="links">
      <a id="receipt" href={pageUrl(view, 'receipt', wording)}>
        <Icon name="receipt" />
        {wording.text('receipt')}
      </a>
    </p>
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
