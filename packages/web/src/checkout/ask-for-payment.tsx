/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Copyable } from './copyable.tsx';
import type { Wording } from '../i18n/wording.ts';
import { Icon } from '../page/icon.tsx';
import { formTarget } from './links.ts';
import { QrCode } from './qr-code.tsx';
import type { CheckoutView } from './view.ts';

interface AskForPaymentProps {
  view: CheckoutView;
  wording: Wording;
  /** What to pay now: the whole amount, or the rest of it. */
  amountBtc: string;
  /** The payment URI for that amount. */
  uri: string;
  /** The same as a link; null when it is not valid. */
  link: string | null;
}

/** The ways to pay: the code, the wallet on this device, the text to copy, and play money in the sandbox. */
export function AskForPayment({ view, wording, amountBtc, uri, link }: AskForPaymentProps): VNode {
  const { text, btc } = wording;
  return (
    <>
      <section class="code" aria-label={text('by_wallet')}>
        <QrCode uri={uri} label={text('code_label', { amount: btc(amountBtc), address: view.address })} />
        {link !== null && (
          <a class="button" id="open" href={link}>
            <Icon name="wallet" />
            {text('open_wallet')}
          </a>
        )}
        <SandboxPay target={formTarget(view.sandbox?.payUrl ?? null)} />
      </section>
      <section class="by-hand" aria-labelledby="by-hand">
        <h2 id="by-hand">{text('by_hand')}</h2>
        <dl>
          <Copyable id="amount" name={text('amount_in_btc')} value={amountBtc} wording={wording} />
          <Copyable id="address" name={text('address')} value={view.address} groups={inFours(view.address)} wording={wording} />
          <Copyable id="uri" name={text('payment_link')} value={uri} wording={wording} />
        </dl>
        <p class="hint">{text('by_hand_hint')}</p>
      </section>
    </>
  );
}

function SandboxPay({ target }: { target: string | null }): VNode | null {
  if (target === null) return null;
  return (
    <form class="sandbox" method="post" action={target}>
      <button class="button play" id="sandbox-pay" type="submit" lang="en" dir="ltr">
        Pay with sandbox bitcoin
      </button>
    </form>
  );
}

/** As wallets show addresses, to be compared by eye. */
function inFours(address: string): string[] {
  return address.match(/.{1,4}/g) ?? [];
}
