/** @jsxRuntime automatic @jsxImportSource preact */
import { Fragment, type VNode } from 'preact';

import { satsOf } from '../i18n/numbers.ts';
import type { Wording } from '../i18n/wording.ts';
import { Icon } from '../page/icon.tsx';
import { Digits } from '../page/verbatim.tsx';
import { Copyable } from './copyable.tsx';
import { bitcoinUri, formTarget, withChoices } from './links.ts';
import { QrCode } from '../page/qr-code.tsx';
import type { CheckoutView } from './view.ts';

interface AskForPaymentProps {
  view: CheckoutView;
  wording: Wording;
}

/** The ways to pay: the wallet on this device, the code for another one, the text to copy, and test bitcoin in the sandbox. */
export function AskForPayment({ view, wording }: AskForPaymentProps): VNode {
  const { text, phrase, plain, bitcoin } = wording;
  const isRest = view.stage !== 'pending';
  const uri = isRest ? view.missingUri : view.uri;
  const amountBtc = isRest ? view.missingBtc : view.amountBtc;
  const wallet = { href: bitcoinUri(uri), wording };
  return (
    <>
      <section class="code" aria-label={text('by_wallet')}>
        <Wallet {...wallet} pointer="touch" />
        <QrCode uri={uri} label={plain(phrase('code_label', { amount: bitcoin(amountBtc), address: view.address }))} />
        <Wallet {...wallet} pointer="mouse" />
        <SandboxPay view={view} wording={wording} />
      </section>
      <section class="by-hand" aria-labelledby="by-hand">
        <h2 id="by-hand">{text('by_hand')}</h2>
        <dl>
          <AmountRow amountBtc={amountBtc} wording={wording} />
          <Copyable id="address" name={text('address')} value={view.address} wording={wording}>
            <InFours text={view.address} />
          </Copyable>
          <Copyable id="uri" name={text('payment_link')} value={uri} wording={wording}>
            {uri}
          </Copyable>
        </dl>
        <p class="hint">{text('by_hand_hint')}</p>
      </section>
    </>
  );
}

/**
 * The link that opens a wallet on this device. It is there twice, of which the styles show one: before the code on a touchscreen,
 * whose wallet is at hand, and after it for a mouse. So what is read aloud and what Tab reaches come in the order that is seen.
 */
function Wallet(props: { pointer: 'touch' | 'mouse'; href: string | null; wording: Wording }): VNode | null {
  const { pointer, href, wording } = props;
  if (href === null) return null;
  return (
    <div class={`wallet ${pointer}`}>
      <a class="button" id={`open-${pointer}`} href={href}>
        <Icon name="wallet" />
        {wording.text('open_wallet')}
      </a>
      <p class="hint">{wording.text('open_wallet_hint')}</p>
    </div>
  );
}

/** The amount as the headline shows it; copied, it has the dot that every wallet reads. */
function AmountRow({ amountBtc, wording }: { amountBtc: string; wording: Wording }): VNode {
  const isBtc = wording.unit === 'btc';
  const [whole = '0', decimals = ''] = amountBtc.split('.');
  return (
    <Copyable
      id="amount"
      name={wording.text(isBtc ? 'amount_in_btc' : 'amount_in_sat')}
      value={isBtc ? `${whole}.${decimals.padEnd(8, '0')}` : satsOf(amountBtc)}
      wording={wording}
    >
      <Digits text={wording.bitcoin(amountBtc).replace(/\u00A0.*$/, '')} />
    </Copyable>
  );
}

function SandboxPay({ view, wording }: AskForPaymentProps): VNode | null {
  const target = formTarget(view.sandbox?.payUrl ?? null);
  if (target === null) return null;
  return (
    <form class="sandbox" method="post" action={withChoices(target, wording.language.tag, view.choices)}>
      <button class="button play" id="sandbox-pay" type="submit">
        {wording.text('sandbox_pay')}
      </button>
    </form>
  );
}

/** Groups that are easily compared by eye; together they are the text, to the letter. */
function InFours({ text }: { text: string }): VNode {
  return (
    <>
      {(text.match(/.{1,4}/g) ?? []).map((group, at) => (
        <Fragment key={at}>
          <span>{group}</span>
          <wbr />
        </Fragment>
      ))}
    </>
  );
}
