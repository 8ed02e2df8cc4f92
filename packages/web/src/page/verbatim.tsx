/** @jsxRuntime automatic @jsxImportSource preact */
/** Text that must stay as it is: amounts, addresses, ids, names. It has its own direction, and translators do not touch it. */
import type { ComponentChildren, VNode } from 'preact';

import type { Phrase } from '../i18n/phrase.ts';

/** Keeps translators of pages, which would change digits and words in ids, away from an element. */
export const UNTRANSLATED: Readonly<Record<string, string>> = { translate: 'no' };

export function Verbatim({ children }: { children: ComponentChildren }): VNode {
  return <bdi {...UNTRANSLATED}>{children}</bdi>;
}

/** A phrase with its values verbatim. */
export function Words({ of }: { of: Phrase }): VNode {
  return <>{of.map((part, at) => (typeof part === 'string' ? part : <Verbatim key={at}>{part.value}</Verbatim>))}</>;
}

/** A number whose groups are set apart by style alone, so that it is selected and copied without spaces. */
export function Digits({ text }: { text: string }): VNode {
  return (
    <bdi class="digits" {...UNTRANSLATED}>
      {text.split('\u202F').map((group, at) => (
        <span key={at}>{group}</span>
      ))}
    </bdi>
  );
}
