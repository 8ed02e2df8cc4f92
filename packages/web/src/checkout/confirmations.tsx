/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import type { CheckoutView } from './view.ts';

/** Up to so many there is a step for each; more would be too narrow to count. */
const MAX_STEPS = 6;

/** How deep the payment is, of how deep it must be. */
export function Confirmations({ view, wording }: { view: CheckoutView; wording: Wording }): VNode | null {
  const { requiredConfirmations: most } = view;
  if (most === 0) return null;
  const now = Math.min(view.confirmations, most);
  const name = { 'aria-label': wording.text('confirmations_name'), 'aria-valuetext': wording.confirmations(view) };
  return (
    <>
      {most > MAX_STEPS ? (
        <progress {...name} value={now} max={most} />
      ) : (
        <div class="steps" role="progressbar" {...name} aria-valuenow={now} aria-valuemin={0} aria-valuemax={most}>
          {Array.from({ length: most }, (_, step) => (
            <span key={step} class={step < now ? 'done' : step === now ? 'next' : undefined} />
          ))}
        </div>
      )}
      <p class="hint">{wording.text('confirmations_hint')}</p>
    </>
  );
}
