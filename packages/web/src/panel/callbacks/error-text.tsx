/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Verbatim } from '../../page/verbatim.tsx';

/** An error as the gateway has stored it, or what an endpoint answered. */
export function ErrorText({ text }: { text: string }): VNode {
  return (
    <p class="said">
      <Verbatim>{text}</Verbatim>
    </p>
  );
}
