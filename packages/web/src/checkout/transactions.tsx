/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Wording } from '../i18n/wording.ts';
import { Copyable } from './copyable.tsx';
import type { CheckoutView } from './view.ts';

/** The ids of the payments, by which the buyer finds them in a wallet or a block explorer. */
export function Transactions({ view, wording }: { view: CheckoutView; wording: Wording }): VNode | null {
  const { text } = wording;
  const txids = [...new Set(view.payments.map(({ txid }) => txid))];
  if (txids.length === 0) return null;
  return (
    <section class="transactions" aria-label={text('transaction')}>
      <dl>
        {txids.map((txid, at) => (
          <Copyable key={txid} id={`txid-${at}`} name={text('transaction')} value={txid} wording={wording}>
            {txid}
          </Copyable>
        ))}
      </dl>
      {view.isSlow && <p class="hint">{text('slow_hint')}</p>}
    </section>
  );
}
