/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import type { CheckoutView } from './view.ts';

/** Up to this number each confirmation has a step of its own; more would be too narrow to count. */
const MAX_STEPS = 6;

/** How many confirmations the payment has, of those that it needs. */
export function Confirmations({ view, wording }: { view: CheckoutView; wording: Wording }): VNode | null {
  const { text, spoken } = wording;
  const { requiredConfirmations: max } = view;
  if (max === 0) return null;
  const now = Math.min(view.confirmations, max);
  const name = { 'aria-label': text('confirmations_name'), 'aria-valuetext': spoken(wording.confirmations(view)) };
  return (
    <>
      {max > MAX_STEPS ? (
        <progress {...name} value={now} max={max} />
      ) : (
        <div class="steps" role="progressbar" {...name} aria-valuenow={now} aria-valuemin={0} aria-valuemax={max}>
          {Array.from({ length: max }, (_, step) => (
            <span key={step} class={step < now ? 'done' : step === now ? 'next' : undefined} />
          ))}
        </div>
      )}
      <p class="hint">
        {text('confirmations_hint')}
        {view.backUrl === null && `${wording.language.space}${text('close_page')}`}
      </p>
    </>
  );
}
