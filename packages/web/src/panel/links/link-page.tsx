/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import { UNTRANSLATED, Verbatim } from '../../page/verbatim.tsx';
import { Fact } from '../frame/fact.tsx';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import { Counts, Price, StateBadge } from './links-page.tsx';
import { linksTexts } from './texts/index.ts';
import type { LinksText } from './texts/en.ts';
import type { LinkDetailsView, PanelLinkOrder } from './view.ts';

interface PartProps {
  view: LinkDetailsView;
  words: PanelWords<LinksText>;
}

/** Renders one payment link: its terms, what to copy and to print, and its orders. */
export function renderLinkDetailsPage(view: LinkDetailsView): string {
  const words = panelWords(view.reader, linksTexts);
  const { text } = words;
  const { link, basePath } = view;
  return renderPanelPage(
    link.title,
    view,
    <>
      <nav aria-label={text('links')}>
        <a href={`${basePath}/panel/links`}>{text('all_links')}</a>
      </nav>
      <h1>
        <Verbatim>{link.title}</Verbatim> <StateBadge state={link.state} words={words} />
      </h1>
      <Terms view={view} words={words} />
      <ButtonSnippet view={view} words={words} />
      <Orders view={view} words={words} />
    </>,
  );
}

function Terms({ view, words }: PartProps): VNode {
  const { text, fiat, date } = words;
  const { link, basePath, viewer } = view;
  const limit = (amount: string | null): ComponentChildren =>
    amount === null ? null : <Verbatim>{fiat(amount, link.currency)}</Verbatim>;
  return (
    <section class="card" aria-label={text('links')}>
      <dl>
        <Fact name={text('address')}>
          <a href={link.url} dir="ltr">
            {link.url}
          </a>
        </Fact>
        <Fact name={text('amount')}>
          <Price link={link} words={words} />
        </Fact>
        {link.minAmount !== null && <Fact name={text('min_amount')}>{limit(link.minAmount)}</Fact>}
        {link.maxAmount !== null && <Fact name={text('max_amount')}>{limit(link.maxAmount)}</Fact>}
        <Fact name={text('pos')}>
          <Verbatim>{link.posName}</Verbatim>
        </Fact>
        <Fact name={text('quantity')}>
          <span class="facts">
            <Counts link={link} words={words} />
          </span>
        </Fact>
        {link.expiresAt !== null && (
          <Fact name={text('expires_at')}>
            <time dateTime={link.expiresAt}>{date(link.expiresAt)}</time>
          </Fact>
        )}
        {link.description !== null && (
          <Fact name={text('description')}>
            <span class="lines" dir="auto">
              {link.description}
            </span>
          </Fact>
        )}
      </dl>
      <p class="link-actions">
        <a href={`${basePath}/panel/links/${link.uuid}/poster`}>{text('poster')}</a>
        {viewer.permissions.includes('links.manage') && <a href={`${basePath}/panel/links/${link.uuid}/edit`}>{text('edit')}</a>}
      </p>
      {viewer.permissions.includes('links.manage') && (
        <PanelForm frame={view} action={`/panel/links/${link.uuid}/${link.active ? 'disable' : 'enable'}`}>
          <button type="submit">{text(link.active ? 'disable' : 'enable')}</button>
        </PanelForm>
      )}
    </section>
  );
}

const BUTTON_STYLE =
  'display:inline-block;padding:12px 20px;border-radius:8px;background:#0c5a46;color:#fff;font:600 16px/1.25 system-ui,sans-serif;text-decoration:none';

/** A plain link that looks like a button: no script, so that any site may have it. */
function ButtonSnippet({ view: { link }, words: { text } }: PartProps): VNode {
  return (
    <section class="card" aria-labelledby="button">
      <h2 id="button">{text('button')}</h2>
      <p class="hint">{text('button_hint')}</p>
      <pre
        tabIndex={0}
        dir="ltr"
        {...UNTRANSLATED}
      >{`<a href="${link.url}" style="${BUTTON_STYLE}">${text('button_text')}</a>`}</pre>
    </section>
  );
}

const TONES: Readonly<Record<PanelLinkOrder['status'], string>> = {
  pending: 'heed',
  paid: 'good',
  disputed: 'bad',
  charged_back: 'bad',
  expired: 'plain',
  cancelled: 'plain',
};

function Orders({ view, words }: PartProps): VNode {
  const { text, fiat, date } = words;
  const { orders, basePath, link, next } = view;
  return (
    <section aria-labelledby="orders">
      <h2 id="orders">{text('orders')}</h2>
      {orders.length === 0 ? (
        <p class="card empty">{text('no_orders')}</p>
      ) : (
        <ul class="card rows">
          {orders.map(({ uuid, createdAt, amount, currency, status }) => (
            <li key={uuid}>
              <a class="event" href={`${basePath}/panel/orders/${uuid}`} dir="ltr">
                {uuid.slice(0, 8)}
              </a>
              <span class={`badge ${TONES[status]}`}>{text(`status_${status}`)}</span>
              <p class="facts">
                <Verbatim>{fiat(amount, currency)}</Verbatim>
                <time dateTime={createdAt}>{date(createdAt)}</time>
              </p>
            </li>
          ))}
        </ul>
      )}
      {next !== null && (
        <nav class="pages" aria-label={text('orders')}>
          <a rel="next" href={`${basePath}/panel/links/${link.uuid}?before=${next}`}>
            {text('older_orders')}
          </a>
        </nav>
      )}
    </section>
  );
}
