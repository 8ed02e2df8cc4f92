/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

const UNITS: readonly [limitS: number, unitS: number, name: string][] = [
  [90, 1, 's'],
  [90 * 60, 60, 'min'],
  [36 * 3600, 3600, 'h'],
  [Infinity, 86_400, 'days'],
];

/** A span of time in words, such as `5 min`. */
export function spanOf(fromIso: string, toIso: string): string {
  const seconds = Math.abs(Date.parse(toIso) - Date.parse(fromIso)) / 1000;
  const [, unitS, name] = UNITS.find(([limitS]) => seconds < limitS) ?? [0, 1, 's'];
  return `${Math.round(seconds / unitS)} ${name}`;
}

/** A time to the second, in UTC. */
export function Time({ iso }: { iso: string }): VNode {
  return <time dateTime={iso}>{`${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`}</time>;
}

/** A time, as how long ago it was or how far ahead it is. */
export function TimeFromNow({ iso, now }: { iso: string; now: string }): VNode {
  const isPast = Date.parse(iso) <= Date.parse(now);
  return (
    <time dateTime={iso} title={`${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`}>
      {isPast ? `${spanOf(iso, now)} ago` : `in ${spanOf(now, iso)}`}
    </time>
  );
}
