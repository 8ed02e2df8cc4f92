/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { CheckoutState } from './state.ts';

/** A sign beside the headline, for those who look before they read; the words say it all without it. */
export function StateIcon({ tone }: { tone: CheckoutState['tone'] }): VNode {
  return (
    <svg class="icon" aria-hidden="true" viewBox="0 0 24 24">
      <circle cx="12" cy="12" r="10" />
      <path d={STROKES[tone]} />
    </svg>
  );
}

const STROKES: Readonly<Record<CheckoutState['tone'], string>> = {
  waiting: 'M12 6.5v6l4 2',
  working: 'M7 12h.01M12 12h.01M17 12h.01',
  good: 'M7.5 12.5l3 3 6-6.5',
  bad: 'M12 7v6M12 16.5h.01',
};
