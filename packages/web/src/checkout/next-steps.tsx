/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import { pageUrl, webUrl } from './links.ts';
import type { CheckoutState } from './state.ts';
import type { BuyerStage, CheckoutView } from './view.ts';

interface NextStepsProps {
  view: CheckoutView;
  state: CheckoutState;
  wording: Wording;
  /** Where the buyer is about to be taken; null if nowhere. */
  leave: string | null;
}

/** States in which the whole amount has been seen and only confirmations are missing: the shop is the next step. */
export const SEEN: ReadonlySet<BuyerStage> = new Set(['seen', 'confirming']);

/** What the buyer can do next, other than pay. */
export function NextSteps({ view, state, wording, leave }: NextStepsProps): VNode | null {
  const { stage } = view;
  const back = state.phase === 'end' || SEEN.has(stage) ? webUrl(view.backUrl) : null;
  const showsCode = stage === 'lost' && state.phase === 'wait';
  if (back === null && !view.mayRetry && !showsCode) return null;
  // A page has one main step.
  const isMain = !view.mayRetry && (view.owedBtc === null || view.refundAddress !== null);
  return (
    <section class="next">
      {view.mayRetry && <TryAgain view={view} wording={wording} />}
      {showsCode && (
        <a class="button plain" id="pay-again" href={pageUrl(view, 'order', wording, { paysAgain: true })} data-soft>
          {wording.text('pay_again')}
        </a>
      )}
      {back !== null && (
        <a class={isMain ? 'button' : 'button plain'} id="back" href={back} rel="noreferrer" target="_top">
          {wording.text('back')}
        </a>
      )}
      {leave !== null && <Leaving view={view} wording={wording} />}
    </section>
  );
}

function TryAgain({ view, wording }: Pick<NextStepsProps, 'view' | 'wording'>): VNode {
  return (
    <form method="post" action={pageUrl(view, 'retry', wording)}>
      {view.note === 'try_again_failed' && (
        <p class="note" role="alert">
          {wording.text('try_again_failed')}
        </p>
      )}
      <button class="button" id="try-again" type="submit">
        {wording.text('try_again')}
      </button>
    </form>
  );
}

/** Says that the buyer is about to be taken to the shop, and lets the buyer stay. */
function Leaving({ view, wording }: Pick<NextStepsProps, 'view' | 'wording'>): VNode {
  return (
    <p class="hint leaving">
      <span data-leaving hidden>
        {wording.text('leaving')}
      </span>{' '}
      <a id="stay" href={pageUrl(view, 'order', wording, { stays: true })} data-soft>
        {wording.text('stay')}
      </a>
    </p>
  );
}
