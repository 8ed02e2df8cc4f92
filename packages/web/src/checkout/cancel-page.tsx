/** @jsxRuntime automatic @jsxImportSource preact */
import { frameOf } from './frame.ts';
import { wordingOf } from '../i18n/wording.ts';
import type { Language } from '../i18n/languages.ts';
import { pageUrl } from './links.ts';
import { renderShell } from '../page/shell.tsx';
import { Icon } from '../page/icon.tsx';
import type { CheckoutView } from './view.ts';

/** The question before an order is cancelled: a page of its own, so that it is asked without JavaScript too. */
export function renderCancelPage(view: CheckoutView, language: Language): string {
  const wording = wordingOf(language);
  const { text, btc, fiat } = wording;
  const hasPart = Number(view.receivedBtc) > 0;
  return renderShell({
    title: `${text('cancel_question')} · ${view.merchantName}`,
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
              <bdi>{view.merchantName}</bdi> · <bdi>{btc(view.amountBtc)}</bdi> ·{' '}
              <bdi>{fiat(view.amountFiat, view.currency)}</bdi>
            </p>
            <p>{hasPart ? text('cancel_part', { received: btc(view.receivedBtc) }) : text('cancel_more')}</p>
          </section>
          <form method="post" action={pageUrl(view, 'cancel', wording)}>
            <button class="button danger" id="cancel-yes" type="submit">
              {text('cancel_yes')}
            </button>
          </form>
          <a class="button plain" id="cancel-no" href={pageUrl(view, null, wording)}>
            {text('cancel_no')}
          </a>
        </div>
      </main>
    ),
  });
}
