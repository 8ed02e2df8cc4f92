/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';

/** The time left to pay. The role `timer` keeps it silent in screen readers; `checkout.js` turns it every second. */
export function TimeLeft({ seconds, wording: { text } }: { seconds: number; wording: Wording }): VNode {
  return (
    <p class="time">
      <span class="unseen">{text('time_left')} </span>
      <span class="clock" role="timer" dir="ltr" data-countdown={Math.max(0, seconds)}>
        {clock(Math.max(0, seconds))}
      </span>{' '}
      <span class="hint">{text('time_end')}</span>
    </p>
  );
}

/** `14:32`, or `1:02:05` from an hour on. */
function clock(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
