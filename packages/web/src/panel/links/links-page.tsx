/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { ListRow } from '../frame/list-row.tsx';
import { Verbatim, Words } from '../../page/verbatim.tsx';
import { renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import { linksTexts } from './texts/index.ts';
import type { LinksText } from './texts/en.ts';
import type { LinksView, LinkState, PanelLink } from './view.ts';

type LinkWords = PanelWords<LinksText>;

/** Renders the list of payment links. */
export function renderLinksPage(view: LinksView): string {
  const words = panelWords(view.reader, linksTexts);
  const { text } = words;
  const { basePath, links, next, isFirst } = view;
  return renderPanelPage(
    text('links'),
    view,
    <>
      <h1>{text('links')}</h1>
      <p class="hint">{text('links_more')}</p>
      {view.viewer.permissions.includes('links.manage') && (
        <p>
          <a class="link-button" href={`${basePath}/panel/links/new`}>
            {text('new_link')}
          </a>
        </p>
      )}
      {links.length === 0 ? (
        <p class="card empty">{text('none')}</p>
      ) : (
        <ul class="card rows">
          {links.map((link) => (
            <ListRow
              key={link.uuid}
              href={`${basePath}/panel/links/${link.uuid}`}
              title={<Verbatim>{link.title}</Verbatim>}
              status={<StateBadge state={link.state} words={words} />}
              facts={
                <>
                  <Price link={link} words={words} />
                  <Verbatim>{link.posName}</Verbatim>
                  <Counts link={link} words={words} />
                </>
              }
            >
              <p class="said" dir="ltr">
                {link.url}
              </p>
            </ListRow>
          ))}
        </ul>
      )}
      <nav class="pages" aria-label={text('links')}>
        {!isFirst && <a href={`${basePath}/panel/links`}>{text('newer')}</a>}
        {next !== null && (
          <a rel="next" href={`${basePath}/panel/links?before=${next}`}>
            {text('older')}
          </a>
        )}
      </nav>
    </>,
  );
}

const TONES: Readonly<Record<LinkState, string>> = { available: 'good', disabled: 'plain', expired: 'plain', sold_out: 'heed' };

export function StateBadge({ state, words }: { state: LinkState; words: LinkWords }): VNode {
  return <span class={`badge ${TONES[state]}`}>{words.text(state)}</span>;
}

export function Price({ link, words }: { link: PanelLink; words: LinkWords }): VNode {
  if (link.amount === null) return <span>{words.text('open_amount')}</span>;
  return <Verbatim>{words.fiat(link.amount, link.currency)}</Verbatim>;
}

export function Counts({ link, words }: { link: PanelLink; words: LinkWords }): VNode {
  const { phrase, integer } = words;
  return (
    <>
      <span>
        <Words of={phrase('paid_times', { count: integer(link.paid) })} />
        {link.quantity !== null && (
          <>
            {' '}
            <Words of={phrase('of_quantity', { count: integer(link.quantity) })} />
          </>
        )}
      </span>
      {link.open > 0 && (
        <span>
          <Words of={phrase('open_orders', { count: integer(link.open) })} />
        </span>
      )}
    </>
  );
}
