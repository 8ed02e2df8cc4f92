/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { CheckoutView } from './view.ts';

/** Who is paid, with the logo if there is one; the name says it all, so the logo has no text of its own. */
export function Merchant({ view, title }: { view: CheckoutView; title: string | null }): VNode {
  const { logoUrl } = view.look;
  return (
    <>
      {logoUrl !== null && <img class="logo" src={logoUrl} alt="" />}
      <h1>{title ?? view.merchantName}</h1>
    </>
  );
}
