/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

/** The icons of the page: strokes on a square of 24, drawn alike by the style sheet. */
const STROKES = {
  alert: 'M12 7v6m0 3.5v.01',
  back: 'M5 12h14m-6-6 6 6-6 6',
  blocks: 'm12 6.5 5 2.75v5.5l-5 2.75-5-2.75v-5.5zM12 12l5-2.75M12 12v5.5M12 12 7 9.25',
  check: 'm7 12.5 3.5 3.5L17 9',
  clock: 'M12 6.5V12l3.5 2',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  cross: 'm8.5 8.5 7 7m0-7-7 7',
  dots: 'M7 12h.01M12 12h.01M17 12h.01',
  globe: 'M3 12h18M12 3c-5 5-5 13 0 18m0-18c5 5 5 13 0 18',
  half: 'M12 6a6 6 0 0 1 0 12z',
  receipt: 'M6 3h12v18l-3-2-3 2-3-2-3 2zm3 5h6m-6 4h6',
  again: 'M16.5 10A5 5 0 0 0 8 8.5L7 10m0-3v3h3m-2.5 4a5 5 0 0 0 8.5 1.5l1-1.5m0 3v-3h-3',
  swap: 'M8 5 5 8l3 3M5 8h13m-2 5 3 3-3 3m3-3H6',
  search: 'M10.5 6.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8zm3 7 3.5 3.5',
  wallet: 'M4 7h16v12H4zm0 0 2-3h10v3m1 6h.01',
} as const;

export type IconName = keyof typeof STROKES;

/** Hidden from screen readers: the words beside it say the same. */
export function Icon({ name, ring = false }: { name: IconName; ring?: boolean }): VNode {
  return (
    <svg class="icon" aria-hidden="true" viewBox="0 0 24 24">
      {(ring || name === 'globe') && <circle cx="12" cy="12" r={ring ? 10 : 9} />}
      <path d={STROKES[name]} fill={name === 'half' ? 'currentColor' : undefined} />
    </svg>
  );
}
