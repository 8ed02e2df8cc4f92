/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { ListFilters } from '../frame/list-filters.tsx';
import { renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import { RefundRow } from './refund-row.tsx';
import { REFUND_STATUS_TEXTS } from './refund-status.tsx';
import type { RefundText } from './texts/en.ts';
import { refundTexts } from './texts/index.ts';
import type { PanelRefundStatus, RefundsView } from './view.ts';

type Wording = PanelWords<RefundText>;

/** Renders the list of refunds. */
export function renderRefundsPage(view: RefundsView): string {
  const words = panelWords(view.reader, refundTexts);
  const { text } = words;
  return renderPanelPage(
    text('refunds'),
    view,
    <>
      <h1>{text('refunds')}</h1>
      <p class="hint">{text('refunds_more')}</p>
      <Filters view={view} words={words} />
      {view.refunds.length === 0 ? (
        <p class="card empty">{text('none')}</p>
      ) : (
        <ul class="card rows">
          {view.refunds.map((refund) => (
            <RefundRow key={refund.uuid} refund={refund} basePath={view.basePath} words={words} />
          ))}
        </ul>
      )}
      <Pages view={view} words={words} />
    </>,
  );
}

function Filters({ view, words: { text } }: { view: RefundsView; words: Wording }): VNode {
  const { filters, pos, basePath } = view;
  const statuses = Object.entries(REFUND_STATUS_TEXTS) as [PanelRefundStatus, RefundText][];
  return (
    <ListFilters
      action={`${basePath}/panel/refunds`}
      text={text}
      statuses={statuses.map(([status, key]) => [status, text(key)])}
      pos={pos}
      filters={filters}
    />
  );
}

function Pages({ view, words: { text } }: { view: RefundsView; words: Wording }): VNode {
  const { filters, next, isFirst, basePath } = view;
  const href = (before: string): string =>
    `${basePath}/panel/refunds?${new URLSearchParams({ ...filters, ...(before === '' ? {} : { before }) }).toString()}`;
  return (
    <nav class="pages" aria-label={text('pages')}>
      {!isFirst && <a href={href('')}>{text('newest')}</a>}
      {next !== null && (
        <a rel="next" href={href(next)}>
          {text('older')}
        </a>
      )}
    </nav>
  );
}
