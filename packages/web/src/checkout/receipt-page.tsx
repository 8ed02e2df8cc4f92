/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Reader } from '../i18n/languages.ts';
import { wordingOf, type Wording } from '../i18n/wording.ts';
import { renderShell } from '../page/shell.tsx';
import { Verbatim, Words } from '../page/verbatim.tsx';
import { frameOf } from './frame.ts';
import { pageUrl } from './links.ts';
import { Logo } from './merchant.tsx';
import { Fact, OrderFacts, SupportLine } from './order-facts.tsx';
import type { BuyerStage, CheckoutView } from './view.ts';

const WITH_RECEIPT: ReadonlySet<BuyerStage> = new Set(['seen', 'confirming', 'paid', 'overpaid', 'dispute', 'dispute-waiting']);

/** Whether the whole amount has been received. */
export function hasReceipt({ stage }: CheckoutView): boolean {
  return WITH_RECEIPT.has(stage);
}

/** Renders what a buyer prints or keeps: who was paid, for what, when, how much, by which transactions, and what is still awaited. */
export function renderReceiptPage(view: CheckoutView, reader: Reader): string {
  const wording = wordingOf(reader, view.choices.unit);
  const { text, phrase, plain } = wording;
  const title = phrase('receipt_of', { merchant: view.merchantName });
  return renderShell({
    title: plain(title),
    wording,
    basePath: view.basePath,
    accent: view.look.accent,
    frame: frameOf(view, wording),
    scripted: true,
    children: (
      <>
        <main>
          <div class="card end receipt">
            <header>
              <Logo view={view} />
              <h1>
                <Words of={title} />
              </h1>
            </header>
            {hasReceipt(view) ? <Receipt view={view} wording={wording} /> : <p>{text('receipt_none')}</p>}
            <SupportLine support={view.look.support} wording={wording} />
            <p class="links">
              <button class="copy" id="print" type="button" hidden>
                {text('print')}
              </button>
              <a href={pageUrl(view, 'order', wording)}>{text('to_order')}</a>
            </p>
          </div>
        </main>
        <p class="unseen" id="announcer" role="status" aria-live="polite" />
      </>
    ),
  });
}

function Receipt({ view, wording }: { view: CheckoutView; wording: Wording }): VNode {
  const { text, phrase, bitcoin, fiat, date, rateSource } = wording;
  const { rate, currency } = view;
  const [open, close] = wording.language.brackets;
  return (
    <>
      {view.stage !== 'paid' && view.stage !== 'overpaid' && (
        <p class="note">
          {text('receipt_pending')}
          {open}
          <Words of={wording.confirmations(view)} />
          {close}
        </p>
      )}
      <OrderFacts view={view} wording={wording} wholeId>
        {view.paidAt !== null && (
          <Fact name={text('paid_at')}>
            <Verbatim>{date(view.paidAt)}</Verbatim>
          </Fact>
        )}
        <Fact name={text('amount')}>
          <Verbatim>{fiat(view.amountFiat, currency)}</Verbatim> = <Verbatim>{bitcoin(view.amountBtc)}</Verbatim>
        </Fact>
        <Fact name={text('rate')}>
          <Words
            of={phrase('rate_is', {
              value: fiat(rate.value, currency),
              source: rateSource(rate.source),
              at: date(rate.at),
            })}
          />
        </Fact>
        <Fact name={text('address')}>
          <span class="id">
            <Verbatim>{view.address}</Verbatim>
          </span>
        </Fact>
        {view.payments.map(({ txid, amountBtc }) => (
          <Fact key={txid} name={text('transaction')}>
            <span class="id">
              <Verbatim>{txid}</Verbatim>
            </span>
            {open}
            <Verbatim>{bitcoin(amountBtc)}</Verbatim>
            {close}
          </Fact>
        ))}
      </OrderFacts>
    </>
  );
}
