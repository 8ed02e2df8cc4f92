/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { formTarget } from './links.ts';
import { QrCode } from './qr-code.tsx';
import type { CheckoutView } from './view.ts';

interface AskForPaymentProps {
  view: CheckoutView;
  /** What to pay now: the whole amount, or the rest of it. */
  amountBtc: string;
  /** The payment URI for that amount. */
  uri: string;
  /** The same as a link; null when it is none. */
  link: string | null;
}

/** The ways to pay: the code, the wallet on this device, the text to copy, and play money in the sandbox. */
export function AskForPayment({ view, amountBtc, uri, link }: AskForPaymentProps): VNode {
  return (
    <>
      <section class="code" aria-label="Pay by wallet">
        <QrCode text={uri} label={`QR code: pay ${amountBtc} BTC to ${view.address}`} />
        {link !== null && (
          <a class="button" id="open" href={link}>
            Open in wallet
          </a>
        )}
        <SandboxPay target={formTarget(view.sandbox?.payUrl ?? null)} />
      </section>
      <section class="by-hand" aria-labelledby="by-hand">
        <h2 id="by-hand">Pay by hand</h2>
        <dl>
          <Copyable id="amount" name="Amount in BTC" value={amountBtc} />
          <Copyable id="address" name="Address" value={view.address} />
          <Copyable id="uri" name="Payment link" value={uri} />
        </dl>
        <p class="hint">
          Send the whole amount before the time runs out; it counts from when the network sees it. After that the price no longer
          holds and the order closes. Bitcoin that comes late is not lost: the shop sees it and can return it.
        </p>
      </section>
    </>
  );
}

function SandboxPay({ target }: { target: string | null }): VNode | null {
  if (target === null) return null;
  return (
    <form class="sandbox" method="post" action={target}>
      <button class="button play" id="sandbox-pay" type="submit">
        Pay with sandbox bitcoin
      </button>
    </form>
  );
}

/** Text to select; its button shows up only where `checkout.js` can copy. */
function Copyable({ id, name, value }: { id: string; name: string; value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="value">{value}</span>
        <button class="copy" id={`copy-${id}`} type="button" hidden data-copy={value} data-done="Copied">
          Copy<span class="unseen"> {name}</span>
        </button>
      </dd>
    </div>
  );
}
