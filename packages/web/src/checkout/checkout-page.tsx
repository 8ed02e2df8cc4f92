/** @jsxRuntime automatic @jsxImportSource preact */
/**
 * The checkout page. It is complete without JavaScript; `assets/checkout.js` makes it follow its order without reloading.
 * The two meet in data attributes of `<main>`:
 *
 * - `data-live`: what may still change, so that the script keeps asking: `order`, or only a `refund`, for which it asks less often.
 * - `data-events`: the stream that reports changes, and `data-version` which version of the order this page shows.
 * - `data-release`: which version of the page this is; another one has other styles and scripts, and must be loaded whole.
 * - `data-leave`: the buyer has done all that is asked, so go there after `data-leave-after` seconds; the page goes on following its
 *   order meanwhile.
 * - `data-over-title`, `data-over-text`: what the page says by itself when the time has run out, until the gateway says more.
 * - `data-status`, `data-blockchain-status`: where the order stands, for a shop that shows the page in a frame (`framed.js`).
 * - `data-say`: what to announce when the page comes to this state.
 *
 * A link with `data-soft` leads to the same page with another choice: the script fetches it without leaving the page.
 */
import type { VNode } from 'preact';

import { ENGLISH_READER, type Reader } from '../i18n/languages.ts';
import { wordingOf, type Wording } from '../i18n/wording.ts';
import { Icon } from '../page/icon.tsx';
import { LanguageMenu } from '../page/language-menu.tsx';
import { renderShell } from '../page/shell.tsx';
import { Words } from '../page/verbatim.tsx';
import { Amount } from './amount.tsx';
import { AskForPayment } from './ask-for-payment.tsx';
import { Confirmations } from './confirmations.tsx';
import { frameOf } from './frame.ts';
import { pageUrl, webUrl } from './links.ts';
import { Merchant } from './merchant.tsx';
import { NextSteps, SEEN } from './next-steps.tsx';
import { OrderFacts, SupportLine } from './order-facts.tsx';
import { hasReceipt } from './receipt-page.tsx';
import { Refund } from './refund.tsx';
import { RefundStates, spokenRefund } from './refund-states.tsx';
import { SandboxPanel } from './sandbox-panel.tsx';
import { checkoutState, type CheckoutState } from './state.ts';
import { TimeLeft } from './time-left.tsx';
import { Transactions } from './transactions.tsx';
import type { BuyerStage, CheckoutView } from './view.ts';

interface PartProps {
  view: CheckoutView;
  state: CheckoutState;
  wording: Wording;
}

/** Long enough to hear and to read that the payment has been received, or is complete. */
const LEAVE_SEEN_AFTER_S = 6;
const LEAVE_PAID_AFTER_S = 3;
const RELOAD_AFTER_S = 10;

/** Renders the whole HTML document of one payment order. */
export function renderCheckoutPage(view: CheckoutView, reader: Reader = ENGLISH_READER): string {
  const wording = wordingOf(reader, view.choices.unit);
  const state = checkoutState(view, wording);
  const leave = leaveUrl(view);
  return renderShell({
    title: wording.plain([...state.headline, ' · ', { value: view.merchantName }]),
    wording,
    basePath: view.basePath,
    accent: view.look.accent,
    frame: frameOf(view, wording),
    scripted: true,
    refresh: refreshOf(view, state, view.isFramed ? null : leave),
    children: (
      <>
        <Main view={view} state={state} wording={wording} />
        <LanguageMenu wording={wording} hrefOf={(lang) => pageUrl(view, 'order', wording, { lang })} />
        <p class="offline" id="offline" data-back={wording.text('online')} hidden>
          {wording.text('offline')}
        </p>
        <p class="unseen" id="announcer" role="status" aria-live="polite" />
      </>
    ),
  });
}

function refreshOf(view: CheckoutView, state: CheckoutState, leave: string | null): { afterS: number; url?: string } | undefined {
  if (leave !== null) return { afterS: leaveAfterS(view), url: leave };
  return state.phase === 'end' ? undefined : { afterS: RELOAD_AFTER_S };
}

/** Where the buyer goes without a click: only where nothing is left to read or to do. */
function leaveUrl({
  stage,
  refunds,
  surplusBtc,
  receivedBtc,
  asksToLeave,
  choices,
  sandbox,
  backUrl,
}: CheckoutView): string | null {
  if (refunds.length > 0) return null;
  const hasPaid = stage === 'paid' || (SEEN.has(stage) && surplusBtc === null);
  const hasCancelled = stage === 'cancelled' && asksToLeave && Number(receivedBtc) === 0;
  return (hasPaid || hasCancelled) && !choices.stays && sandbox?.open !== true ? webUrl(backUrl) : null;
}

/** A buyer who has just cancelled knows it; one who has just paid should see that it worked. */
function leaveAfterS({ stage }: CheckoutView): number {
  if (SEEN.has(stage)) return LEAVE_SEEN_AFTER_S;
  return stage === 'paid' ? LEAVE_PAID_AFTER_S : 0;
}

function Main({ view, state, wording }: PartProps): VNode {
  const { phase } = state;
  const leave = leaveUrl(view);
  return (
    <main {...mainAttributes(view, state, wording, leave)}>
      {view.sandbox !== null && <p class="banner">{wording.text('sandbox_banner')}</p>}
      <div class={`card ${phase}`}>
        <header class="summary">
          <Merchant view={view} wording={wording} asksForPayment={phase === 'pay'} />
          <Amount view={view} state={state} wording={wording} />
        </header>
        <StateSection view={view} state={state} wording={wording} />
        {phase === 'pay' && <AskForPayment view={view} wording={wording} />}
        {view.refundAddress === null && <Refund view={view} wording={wording} />}
        <NextSteps view={view} state={state} wording={wording} leave={leave} />
        <RefundStates view={view} wording={wording} />
        {view.refundAddress !== null && <Refund view={view} wording={wording} />}
        {phase !== 'pay' && view.stage !== 'lost' && <Transactions view={view} wording={wording} />}
        <div class="about">
          <OrderFacts view={view} wording={wording} />
          <Links view={view} state={state} wording={wording} />
          {!isInTrouble(state) && view.owedBtc === null && <SupportLine support={view.look.support} wording={wording} />}
        </div>
      </div>
      {view.sandbox !== null && <SandboxPanel view={view} controls={view.sandbox} wording={wording} />}
    </main>
  );
}

function mainAttributes(
  view: CheckoutView,
  state: CheckoutState,
  wording: Wording,
  leave: string | null,
): Readonly<Record<string, string | number | boolean | undefined>> {
  const { text, spoken } = wording;
  const isOverSoon = hasClock(view, state);
  return {
    tabIndex: -1,
    'data-release': view.release,
    'data-status': view.status,
    'data-blockchain-status': view.blockchainStatus,
    'data-live': view.follows ?? undefined,
    'data-leave': leave ?? undefined,
    'data-leave-after': leave === null ? undefined : leaveAfterS(view),
    'data-events': view.follows !== null ? `${view.basePath}/checkout/${view.uuid}/events` : undefined,
    'data-version': view.version,
    'data-say': spoken(state.headline, [...state.explanation, ...spokenRefund(view, wording)]),
    'data-over-title': isOverSoon ? text('closing') : undefined,
    'data-over-text': isOverSoon ? text('closing_more') : undefined,
  };
}

function hasClock({ isTimed }: CheckoutView, { phase }: CheckoutState): boolean {
  return phase === 'pay' && isTimed;
}

const CONFIRMING: ReadonlySet<BuyerStage> = new Set(['seen', 'confirming', 'dispute', 'dispute-waiting']);

function StateSection({ view, state, wording }: PartProps): VNode {
  const { tone, icon, headline, explanation } = state;
  return (
    <section class={`state ${tone}`} aria-labelledby="state">
      <Icon name={icon} ring />
      <h2 id="state">
        <Words of={headline} />
      </h2>
      <p>
        {explanation.map((sentence, at) => (
          <>
            {at > 0 && wording.language.space}
            <Words of={sentence} />
          </>
        ))}
      </p>
      {CONFIRMING.has(view.stage) && <Confirmations view={view} wording={wording} />}
      {hasClock(view, state) && <TimeLeft seconds={view.expiresInS} wording={wording} />}
      {isInTrouble(state) && view.owedBtc === null && <SupportLine support={view.look.support} wording={wording} />}
    </section>
  );
}

/** Then the contact stands where the buyer reads, and not at the foot. */
function isInTrouble({ tone, phase }: CheckoutState): boolean {
  return tone === 'bad' || (tone === 'heed' && phase === 'end');
}

function Links({ view, state: { phase }, wording }: PartProps): VNode | null {
  if (phase === 'pay' || view.stage === 'lost')
    return (
      <p class="links">
        <a id="cancel" href={pageUrl(view, 'cancel', wording)}>
          {wording.text('cancel')}
        </a>
      </p>
    );
  if (!hasReceipt(view)) return null;
  return (
    <p class="links">
      <a id="receipt" href={pageUrl(view, 'receipt', wording)}>
        <Icon name="receipt" />
        {wording.text('receipt')}
      </a>
    </p>
  );
}
