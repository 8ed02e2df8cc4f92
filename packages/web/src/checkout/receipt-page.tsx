/** @jsxRuntime automatic @jsxImportSource preact */
import { frameOf } from './frame.ts';
import { wordingOf } from '../i18n/wording.ts';
import type { Language } from '../i18n/languages.ts';
import { pageUrl } from './links.ts';
import { Merchant } from './merchant.tsx';
import { Fact, OrderFacts, SupportLine } from './order-facts.tsx';
import { renderShell } from '../page/shell.tsx';
import type { CheckoutView } from './view.ts';

/** What a buyer prints or keeps: who was paid, what for, when, how much, and by which transactions. */
export function renderReceiptPage(view: CheckoutView, language: Language): string {
  const wording = wordingOf(language);
  const { text, btc, fiat, date } = wording;
  const title = text('receipt_of', { merchant: view.merchantName });
  const { rate, currency } = view;
  return renderShell({
    title,
    wording,
    basePath: view.basePath,
    accent: view.look.accent,
    frame: frameOf(view, wording),
    scripted: true,
    children: (
      <>
        <main>
          <div class="card end receipt">
            <Merchant view={view} title={title} />
            {view.paidAt === null ? (
              <p>{text('receipt_none')}</p>
            ) : (
              <OrderFacts view={view} wording={wording}>
                <Fact name={text('paid_at')} value={date(view.paidAt)} />
                <Fact name={text('amount')} value={`${fiat(view.amountFiat, currency)} = ${btc(view.amountBtc)}`} />
                <Fact
                  name={text('rate')}
                  value={text('rate_is', { value: fiat(rate.value, currency), source: rate.source, at: date(rate.at) })}
                />
                <Fact name={text('address')} value={view.address} />
                {view.payments.map(({ txid, amountBtc }) => (
                  <Fact key={txid} name={text('transaction')} value={`${txid} (${btc(amountBtc)})`} />
                ))}
              </OrderFacts>
            )}
            <SupportLine support={view.look.support} wording={wording} />
            <p class="links">
              <button class="copy" id="print" type="button" hidden>
                {text('print')}
              </button>
              <a href={pageUrl(view, null, wording)}>{text('to_order')}</a>
            </p>
          </div>
        </main>
        <p class="unseen" id="announcer" role="status" aria-live="polite" />
      </>
    ),
  });
}
