/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import { Verbatim, Words } from '../page/verbatim.tsx';
import type { CheckoutView } from './view.ts';

interface MerchantProps {
  view: CheckoutView;
  wording: Wording;
  asksForPayment: boolean;
}

/** Who is paid. */
export function Merchant({ view, wording, asksForPayment }: MerchantProps): VNode {
  const { merchantName } = view;
  return (
    <>
      <Logo view={view} />
      <h1>
        {asksForPayment ? (
          <Words of={wording.phrase('pay_title', { merchant: merchantName })} />
        ) : (
          <Verbatim>{merchantName}</Verbatim>
        )}
      </h1>
    </>
  );
}

/** The merchant's logo, if there is one. The name beside it says the same, so it has no text of its own. */
export function Logo({ view: { look } }: Pick<MerchantProps, 'view'>): VNode | null {
  return look.logoUrl === null ? null : <img class="logo" src={look.logoUrl} alt="" />;
}
