/** @jsxRuntime automatic @jsxImportSource preact */
import type { Reader } from '../i18n/languages.ts';
import { wordingOf } from '../i18n/wording.ts';
import { Icon } from '../page/icon.tsx';
import { renderShell } from '../page/shell.tsx';
import { Verbatim, Words } from '../page/verbatim.tsx';
import { frameOf } from './frame.ts';
import { pageUrl } from './links.ts';
import type { CheckoutView } from './view.ts';

/** Renders the question before an order is cancelled: a page of its own, so that it is asked without JavaScript too. */
export function renderCancelPage(view: CheckoutView, reader: Reader): string {
  const wording = wordingOf(reader, view.choices.unit);
  const { text, phrase, plain, bitcoin, fiat } = wording;
  const hasPart = Number(view.receivedBtc) > 0;
  return renderShell({
    title: plain([text('cancel_question'), ' · ', { value: view.merchantName }]),
    wording,
    basePath: view.basePath,
    accent: view.look.accent,
    frame: frameOf(view, wording),
    scripted: false,
    children: (
      <main>
        <div class="card end">
          <section class="state bad" aria-labelledby="question">
            <Icon name="alert" ring />
            <h1 id="question">{text('cancel_question')}</h1>
            <p class="which">
              <Verbatim>{view.merchantName}</Verbatim>
              <br />
              <Verbatim>{fiat(view.amountFiat, view.currency)}</Verbatim> = <Verbatim>{bitcoin(view.amountBtc)}</Verbatim>
            </p>
            <p>{hasPart ? <Words of={phrase('cancel_part', { received: bitcoin(view.receivedBtc) })} /> : text('cancel_more')}</p>
          </section>
          <form method="post" action={pageUrl(view, 'cancel', wording)}>
            <button class="button danger" id="cancel-yes" type="submit">
              {text('cancel_yes')}
            </button>
          </form>
          <a class="button plain" id="cancel-no" href={pageUrl(view, 'order', wording)}>
            {text('cancel_no')}
          </a>
        </div>
      </main>
    ),
  });
}
