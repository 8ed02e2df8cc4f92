/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { UNTRANSLATED, Words } from '../../page/verbatim.tsx';
import type { Phrase } from '../../i18n/phrase.ts';

interface TimeProps {
  iso: string;
}

/** A time to the second, in UTC, for what is compared with logs. */
export function Time({ iso }: TimeProps): VNode {
  return (
    <time dateTime={iso} dir="ltr" {...UNTRANSLATED}>
      {toTheSecond(iso)}
    </time>
  );
}

/** Words that say when something happened or will happen, such as `5 minutes ago`, with the exact time as a tooltip. */
export function TimeInWords({ iso, of }: TimeProps & { of: Phrase }): VNode {
  return (
    <time dateTime={iso} title={toTheSecond(iso)}>
      <Words of={of} />
    </time>
  );
}

function toTheSecond(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}
