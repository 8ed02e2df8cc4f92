/** @jsxRuntime automatic @jsxImportSource preact */
/** The page of a payment link. It needs no JavaScript: its form opens an order, and leads to the order's checkout page. */
import type { VNode } from 'preact';

import type { Reader } from '../../i18n/languages.ts';
import { fill } from '../../i18n/phrase.ts';
import { wordingOf, type Wording } from '../../i18n/wording.ts';
import { Icon } from '../../page/icon.tsx';
import { LanguageMenu } from '../../page/language-menu.tsx';
import { renderShell } from '../../page/shell.tsx';
import { UNTRANSLATED, Verbatim, Words } from '../../page/verbatim.tsx';
import { linkTexts } from './texts/index.ts';
import type { LinkText } from './texts/en.ts';
import type { ClosedLink, LinkPageFrame, LinkPageView } from './view.ts';

interface PartProps {
  view: LinkPageView;
  wording: Wording;
}

/** Renders the page on which a buyer opens an order. */
export function renderLinkPage(view: LinkPageView, reader: Reader): string {
  const wording = wordingOf(reader);
  return renderShell({
    title: wording.plain([{ value: view.title }, ' · ', { value: view.merchantName ?? '' }]),
    wording,
    basePath: view.basePath,
    accent: view.accent,
    scripted: false,
    children: (
      <>
        <main>
          {view.isSandbox && <p class="banner">{wording.text('sandbox_banner')}</p>}
          <div class="card pay">
            <header class="summary">
              <Logo view={view} />
              <h1>
                <Verbatim>{view.title}</Verbatim>
              </h1>
              <p class="hint">
                <Verbatim>{view.merchantName}</Verbatim>
              </p>
              {view.price.kind === 'fixed' && (
                <p class="price">
                  <Verbatim>{wording.fiat(view.price.amount, view.currency)}</Verbatim>
                </p>
              )}
            </header>
            {view.description !== null && (
              <p class="description" dir="auto">
                {view.description}
              </p>
            )}
            <LinkForm view={view} wording={wording} />
          </div>
        </main>
        <Languages view={view} wording={wording} />
      </>
    ),
  });
}

const CLOSED: Readonly<Record<ClosedLink, readonly [title: LinkText, more: LinkText]>> = {
  sold_out: ['sold_out', 'sold_out_more'],
  expired: ['expired', 'expired_more'],
  disabled: ['disabled', 'disabled_more'],
  unknown: ['unknown', 'unknown_more'],
  busy: ['busy', 'busy_more'],
};

/** Renders the page of a link that cannot be paid. */
export function renderClosedLinkPage(why: ClosedLink, view: LinkPageFrame, reader: Reader): string {
  const wording = wordingOf(reader);
  const text = textOf(wording);
  const [title, more] = CLOSED[why];
  return renderShell({
    title: view.merchantName === null ? text(title) : wording.plain([text(title), ' · ', { value: view.merchantName }]),
    wording,
    basePath: view.basePath,
    accent: view.accent,
    scripted: false,
    children: (
      <>
        <main>
          <div class="card end">
            <section class="state quiet">
              <Icon name={why === 'unknown' ? 'search' : 'clock'} ring />
              <h1>{text(title)}</h1>
              {view.merchantName !== null && (
                <p class="which">
                  <Verbatim>{view.merchantName}</Verbatim>
                </p>
              )}
              <p>{text(more)}</p>
            </section>
            {(why === 'busy' || why === 'sold_out') && (
              <a class="button plain" href={pathIn(view, wording.language.tag)}>
                {text('again')}
              </a>
            )}
          </div>
        </main>
        <Languages view={view} wording={wording} />
      </>
    ),
  });
}

function textOf({ language }: Wording): (key: LinkText) => string {
  const texts = linkTexts[language.tag as keyof typeof linkTexts];
  return (key) => texts[key];
}

function pathIn({ basePath, path }: LinkPageFrame, lang: string): string {
  return `${basePath}${path}?lang=${lang}`;
}

function Languages({ view, wording }: { view: LinkPageFrame; wording: Wording }): VNode {
  return <LanguageMenu wording={wording} hrefOf={(lang) => pathIn(view, lang)} />;
}

/** The name beside it says the same, so it has no text of its own. */
function Logo({ view: { logoUrl } }: { view: LinkPageFrame }): VNode | null {
  return logoUrl === null ? null : <img class="logo" src={logoUrl} alt="" />;
}

function LinkForm({ view, wording }: PartProps): VNode {
  const text = textOf(wording);
  return (
    <form class="pay-form" method="post" action={pathIn(view, wording.language.tag)}>
      <input type="hidden" name="token" value={view.token} />
      {view.fault?.field === null && (
        <p class="note" role="alert">
          {text('failed')}
        </p>
      )}
      {view.price.kind === 'open' && <AmountField view={view} wording={wording} />}
      {view.takesNote && <NoteField view={view} wording={wording} />}
      <button class="button" id="pay" type="submit">
        {text('pay')}
      </button>
      <p class="hint">{text('pay_more')}</p>
    </form>
  );
}

function AmountField({ view, wording }: PartProps): VNode {
  const fault = view.fault?.field === 'amount' ? view.fault : null;
  const limits = limitsOf(view, wording);
  return (
    <>
      <label for="amount">
        <Words of={fill(textOf(wording)('amount_in'), { currency: view.currency })} />
      </label>
      {fault !== null && (
        <p class="note" id="amount-fault" role="alert">
          <Words of={amountFault(fault, view, wording)} />
        </p>
      )}
      <input
        id="amount"
        name="amount"
        type="text"
        inputMode="decimal"
        dir="ltr"
        required
        maxLength={40}
        autocomplete="off"
        value={view.typed.amount}
        aria-describedby={
          [fault === null ? [] : ['amount-fault'], limits === null ? [] : ['amount-limits']].flat().join(' ') || undefined
        }
        aria-invalid={fault !== null || undefined}
        {...UNTRANSLATED}
      />
      {limits !== null && (
        <p class="hint" id="amount-limits">
          <Words of={limits} />
        </p>
      )}
    </>
  );
}

function limitsOf({ price, currency }: LinkPageView, wording: Wording): ReturnType<typeof fill> | null {
  if (price.kind === 'fixed') return null;
  const { min, max } = price;
  const text = textOf(wording);
  const shown = (amount: string): string => wording.fiat(amount, currency);
  if (min !== null && max !== null) return fill(text('between'), { min: shown(min), max: shown(max) });
  if (min !== null) return fill(text('at_least'), { min: shown(min) });
  return max === null ? null : fill(text('at_most'), { max: shown(max) });
}

type AmountFault = Extract<LinkPageView['fault'], { field: 'amount' }>;

function amountFault(fault: AmountFault, { currency, price }: LinkPageView, wording: Wording): ReturnType<typeof fill> {
  const text = textOf(wording);
  switch (fault.kind) {
    case 'invalid':
      return fill(text('amount_invalid'), { example: wording.fiat(exampleOf(price), currency) });
    case 'below':
    case 'above':
      return fill(text(`amount_${fault.kind}`), { limit: wording.fiat(fault.limit, currency) });
    case 'unpayable':
      return [text('amount_unpayable')];
  }
}

function exampleOf(price: LinkPageView['price']): string {
  return (price.kind === 'open' ? (price.min ?? price.max) : null) ?? '20';
}

function NoteField({ view, wording }: PartProps): VNode {
  const text = textOf(wording);
  const isWrong = view.fault?.field === 'note';
  return (
    <>
      <label for="note">{text('note')}</label>
      {isWrong && (
        <p class="note" id="note-fault" role="alert">
          <Words of={fill(text('note_too_long'), { max: String(view.maxNoteCharacters) })} />
        </p>
      )}
      <textarea
        id="note"
        name="note"
        rows={3}
        maxLength={view.maxNoteCharacters}
        dir="auto"
        aria-describedby={isWrong ? 'note-fault' : undefined}
        aria-invalid={isWrong || undefined}
      >
        {view.typed.note}
      </textarea>
    </>
  );
}
