/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { UNTRANSLATED } from '../../page/verbatim.tsx';

/** An error as the gateway has stored it, or what an endpoint answered. */
export function ErrorText({ text }: { text: string }): VNode {
  return (
    <p class="said" dir="auto" {...UNTRANSLATED}>
      {text}
    </p>
  );
}
