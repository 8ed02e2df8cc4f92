/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { QrCode } from '../../page/qr-code.tsx';
import { Digits, UNTRANSLATED, Verbatim, Words } from '../../page/verbatim.tsx';
import { Fact } from '../frame/fact.tsx';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import { RefundStatus } from './refund-status.tsx';
import type { RefundText } from './texts/en.ts';
import { refundTexts } from './texts/index.ts';
import type { RefundNote, RefundView } from './view.ts';

type Wording = PanelWords<RefundText>;
interface Props {
  view: RefundView;
  words: Wording;
}

/** Renders one refund: what was asked, what decides on it, how to pay it, and what has paid it. */
export function renderRefundPage(view: RefundView): string {
  const words = panelWords(view.reader, refundTexts);
  const { text, bitcoin } = words;
  const { refund, basePath } = view;
  return renderPanelPage(
    text('refund'),
    view,
    <>
      <nav aria-label={text('back')}>
        <a href={`${basePath}/panel/refunds`}>{text('all_refunds')}</a>
      </nav>
      <h1>
        {text('refund')} {refund.amountBtc !== null && <Digits text={bitcoin(refund.amountBtc)} />}{' '}
        <RefundStatus status={refund.status} text={text} />
      </h1>
      {view.note !== null && <RefundNoteLine note={view.note} text={text} />}
      {view.isUncovered && (
        <p class="note bad" role="alert">
          {text('uncovered')}
        </p>
      )}
      <Facts view={view} words={words} />
      <Decision view={view} words={words} />
      <Payment view={view} words={words} />
      <Psbt view={view} words={words} />
      <Payouts view={view} words={words} />
    </>,
  );
}

const GOOD_NOTES: ReadonlySet<RefundNote> = new Set(['requested', 'approved', 'closed', 'linked']);

/** The outcome of a form. */
function RefundNoteLine({ note, text }: { note: RefundNote; text: Wording['text'] }): VNode {
  return (
    <p class={`note ${GOOD_NOTES.has(note) ? 'good' : 'bad'}`} role="status">
      {text(`note_${note}`)}
    </p>
  );
}

function Facts({ view, words }: Props): VNode {
  const { text, phrase, bitcoin, fiat, date } = words;
  const { refund, currency } = view;
  return (
    <section class="card" aria-label={text('details')}>
      <dl>
        <Fact name={text('destination')}>
          <span class="said">
            <Verbatim>{refund.address}</Verbatim>
          </span>
        </Fact>
        <Fact name={text('order')}>
          <a href={`${view.basePath}/panel/orders/${refund.order}`}>
            <Verbatim>{refund.order}</Verbatim>
          </a>
        </Fact>
        <Fact name={text('requested')}>
          <Words of={phrase(refund.requestedBy === 'buyer' ? 'by_buyer' : 'by_merchant', { pos: refund.posName })} />
          <br />
          <time class="hint" dateTime={refund.requestedAt}>
            {date(refund.requestedAt)}
          </time>
        </Fact>
        {refund.reason !== null && (
          <Fact name={text('reason')}>
            <Verbatim>{refund.reason}</Verbatim>
          </Fact>
        )}
        <Fact name={text('received')}>
          <Digits text={bitcoin(view.receivedBtc)} />
        </Fact>
        <Fact name={text('left')}>
          <Digits text={bitcoin(view.leftBtc)} />
        </Fact>
        {view.fiat !== null && (
          <Fact name={text('converted')}>
            <Words
              of={phrase('converted_from', { amount: fiat(view.fiat.amount, currency), rate: fiat(view.fiat.rate, currency) })}
            />
          </Fact>
        )}
      </dl>
    </section>
  );
}

/** The forms that approve, refuse and cancel. */
function Decision({ view, words }: Props): VNode | null {
  const { text } = words;
  const { refund, viewer } = view;
  const isOpen = refund.status === 'requested' || refund.status === 'approved';
  if (!isOpen || !viewer.permissions.includes('refunds.manage')) return null;
  const isRefusal = refund.status === 'requested' && refund.requestedBy === 'buyer';
  return (
    <>
      {refund.status === 'requested' && <ApprovalForm view={view} words={words} />}
      <details class="card">
        <summary>{text(isRefusal ? 'refuse' : 'cancel')}</summary>
        <PanelForm frame={view} class="filters" action={`/panel/refunds/${refund.uuid}/cancel`}>
          <div class="wide">
            <label for="reason">{text('reason')}</label>
            <input id="reason" name="reason" maxLength={300} autocomplete="off" />
          </div>
          <button type="submit">{text(isRefusal ? 'refuse' : 'cancel')}</button>
        </PanelForm>
      </details>
    </>
  );
}

function ApprovalForm({ view, words }: Props): VNode {
  const { text, phrase, bitcoin } = words;
  const { refund, currency, suggestedSats, suggestedBtc } = view;
  return (
    <section class="card" aria-labelledby="approve">
      <h2 id="approve">{text('approve')}</h2>
      <p class="hint" id="approve-hint">
        <Words of={phrase('approve_more', { amount: bitcoin(suggestedBtc) })} />
      </p>
      <PanelForm frame={view} class="filters" action={`/panel/refunds/${refund.uuid}/approve`}>
        <div>
          <label for="amount">{text('amount')}</label>
          <input
            id="amount"
            name="amount"
            inputMode="decimal"
            dir="ltr"
            required
            value={suggestedSats}
            maxLength={20}
            autocomplete="off"
            aria-describedby="approve-hint"
            {...UNTRANSLATED}
          />
        </div>
        <div>
          <label for="at">{text('unit')}</label>
          <select id="at" name="at">
            <option value="satoshi">{text('satoshi')}</option>
            <option value="order">{words.plain('at_order', { currency })}</option>
            <option value="current">{words.plain('at_current', { currency })}</option>
          </select>
        </div>
        <button class="main" type="submit">
          {text('approve')}
        </button>
      </PanelForm>
    </section>
  );
}

function Payment({ view, words }: Props): VNode | null {
  const { text, plain, bitcoin } = words;
  const { uri, refund } = view;
  if (uri === null || refund.amountBtc === null) return null;
  return (
    <section class="card refund-payment" aria-labelledby="pay">
      <h2 id="pay">{text('pay')}</h2>
      <p class="hint">{text('pay_more')}</p>
      <QrCode uri={uri} label={plain('pay_code', { amount: bitcoin(refund.amountBtc), address: refund.address })} />
      <p class="said">
        <a href={uri} {...UNTRANSLATED}>
          {uri}
        </a>
      </p>
    </section>
  );
}

/** Asks for the unsigned transaction. */
function Psbt({ view, words: { text } }: Props): VNode | null {
  const { uri, mayBePsbt, refund, basePath, viewer } = view;
  if (uri === null || !mayBePsbt || !viewer.permissions.includes('refunds.manage')) return null;
  return (
    <section class="card" aria-labelledby="psbt">
      <h2 id="psbt">{text('psbt')}</h2>
      <p class="hint">{text('psbt_more')}</p>
      <form class="fields" method="get" action={`${basePath}/panel/refunds/${refund.uuid}/psbt`}>
        <div class="field">
          <label for="fee-rate">{text('fee_rate')}</label>
          <input
            id="fee-rate"
            name="fee_rate"
            inputMode="numeric"
            dir="ltr"
            maxLength={4}
            placeholder={text('fee_rate_default')}
          />
        </div>
        <p class="buttons">
          <button type="submit">{text('download')}</button>
        </p>
      </form>
    </section>
  );
}

function Payouts({ view, words }: Props): VNode | null {
  const { text, phrase, integer, date } = words;
  const { payouts, confirmationsNeeded, refund, viewer } = view;
  if (payouts.length === 0) return null;
  const isOpen = refund.status === 'approved' || refund.status === 'cancelled';
  const mayLink = isOpen && viewer.permissions.includes('refunds.manage');
  return (
    <section aria-labelledby="payouts">
      <h2 id="payouts">{text('payouts')}</h2>
      <ul class="card rows">
        {payouts.map(({ output, firstSeenAt, place, confirmations, isLinked }) => (
          <li key={output}>
            <span class="said">
              <Verbatim>{output}</Verbatim>
            </span>
            <span class={`badge ${isLinked ? 'good' : 'heed'}`}>{text(isLinked ? 'linked' : 'not_linked')}</span>
            <p class="facts">
              <span>
                {place === 'block' ? (
                  <Words of={phrase('confirmed_times', { count: integer(confirmations), of: integer(confirmationsNeeded) })} />
                ) : (
                  text(`place_${place}`)
                )}
              </span>
              <time dateTime={firstSeenAt}>{date(firstSeenAt)}</time>
            </p>
            {!isLinked && mayLink && (
              <PanelForm frame={view} action={`/panel/refunds/${refund.uuid}/link`}>
                <p class="hint">{text('link_more')}</p>
                <input type="hidden" name="output" value={output} />
                <button type="submit">{text('link')}</button>
              </PanelForm>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
