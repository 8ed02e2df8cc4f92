/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Verbatim, Words } from '../../page/verbatim.tsx';
import { FilterSelect } from '../frame/filter-select.tsx';
import { ListRow } from '../frame/list-row.tsx';
import { renderPanelPage } from '../frame/panel-page.tsx';
import { Attention, OrderStatus, STATUSES } from './order-status.tsx';
import { orderWords, type OrderWords } from './order-words.ts';
import type { OrderFiltersView, OrdersView, PanelOrder } from './view.ts';

/** Renders the list of orders with its search. */
export function renderOrdersPage(view: OrdersView): string {
  const words = orderWords(view.reader);
  return renderPanelPage(
    words.text('orders'),
    view,
    <>
      <h1>{words.text('orders')}</h1>
      <Filters view={view} words={words} />
      <Unassigned view={view} words={words} />
      <Orders view={view} words={words} />
    </>,
  );
}

interface Props {
  view: OrdersView;
  words: OrderWords;
}

function Filters({ view, words }: Props): VNode {
  const { filters, basePath, pos, isTodayOnly } = view;
  const { text, phrase } = words;
  return (
    <form class="card order-filters" method="get" action={`${basePath}/panel/orders`} role="search">
      <div class="whole">
        <label for="q">{text('search')}</label>
        <input id="q" name="q" type="search" value={filters.q} maxLength={300} autocomplete="off" aria-describedby="q-hint" />
        <p class="hint" id="q-hint">
          {text('search_hint')}
        </p>
      </div>
      <FilterSelect
        name="status"
        label={text('status')}
        all={text('all_statuses')}
        choices={STATUSES.map((status) => [status, text(`st_${status}`)])}
        value={filters.status}
      />
      {pos.length > 1 && (
        <FilterSelect
          name="pos"
          label={text('pos')}
          all={text('all_pos')}
          choices={pos.map(({ uuid, name }) => [uuid, name])}
          value={filters.pos}
        />
      )}
      {!isTodayOnly && <Day name="from" view={view} words={words} />}
      {!isTodayOnly && <Day name="to" view={view} words={words} />}
      <label class="tick">
        <input type="checkbox" name="attention" value="1" checked={filters.attention !== ''} />
        {text('needs_attention')}
      </label>
      <p class="whole buttons">
        <button type="submit">{text('show')}</button>
        {isFiltered(filters) && <a href={`${basePath}/panel/orders`}>{text('clear')}</a>}
        <span class="hint">
          <Words of={phrase('days_of', { zone: view.timeZone })} />
        </span>
      </p>
    </form>
  );
}

function Day({ name, view, words }: Props & { name: 'from' | 'to' }): VNode {
  return (
    <div>
      <label for={name}>{words.text(name)}</label>
      <input id={name} name={name} type="date" value={view.filters[name]} />
    </div>
  );
}

function Unassigned({ view, words }: Props): VNode | null {
  if (view.unassigned.length === 0) return null;
  return (
    <section aria-labelledby="unassigned">
      <h2 id="unassigned">{words.text('unassigned')}</h2>
      <p class="note bad">{words.text('unassigned_more')}</p>
      <ul class="card rows">
        {view.unassigned.map(({ txid, address, amountBtc, accountName, firstSeenAt }) => (
          <li key={`${txid} ${address}`}>
            <strong>
              <Verbatim>{words.bitcoin(amountBtc)}</Verbatim>
            </strong>
            <p class="facts">
              <Words of={words.phrase('to_account', { account: accountName, at: words.date(firstSeenAt) })} />
            </p>
            <p class="said">
              <Verbatim>{address}</Verbatim>
            </p>
            <p class="said">
              <Verbatim>{txid}</Verbatim>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Orders({ view, words }: Props): VNode {
  const { orders, isTodayOnly, isCutOff, filters } = view;
  const none = isFiltered(filters) ? 'none_found' : isTodayOnly ? 'none_today' : 'none_yet';
  return (
    <section aria-label={words.text('orders')}>
      {isCutOff && <p class="note heed">{words.text('cut_off')}</p>}
      {orders.length === 0 && !isCutOff && <p class="card empty">{words.text(none)}</p>}
      {orders.length > 0 && (
        <ul class="card rows orders">
          {orders.map((order) => (
            <OrderRow key={order.uuid} order={order} view={view} words={words} />
          ))}
        </ul>
      )}
      <Pages view={view} words={words} />
    </section>
  );
}

function OrderRow({ order, view, words }: Props & { order: PanelOrder }): VNode {
  const { uuid, createdAt, posName, amountFiat, currency, amountBtc, status, attention, reference } = order;
  return (
    <ListRow
      href={`${view.basePath}/panel/orders/${uuid}`}
      title={<Verbatim>{uuid.slice(0, 8)}</Verbatim>}
      status={<OrderStatus status={status} words={words} />}
      amount={
        <p class="money">
          <strong>
            <Verbatim>{words.fiat(amountFiat, currency)}</Verbatim>
          </strong>{' '}
          <Verbatim>{words.bitcoin(amountBtc)}</Verbatim>
        </p>
      }
      facts={
        <>
          <time dateTime={createdAt}>{words.date(createdAt)}</time>
          <Verbatim>{posName}</Verbatim>
          {reference !== null && <Verbatim>{reference}</Verbatim>}
        </>
      }
    >
      {attention !== null && <Attention attention={attention} words={words} />}
    </ListRow>
  );
}

function Pages({ view, words }: Props): VNode | null {
  const { older, newer, basePath, filters } = view;
  if (older === null && newer === null) return null;
  return (
    <nav class="pages" aria-label={words.text('pages')}>
      {newer !== null && (
        <a rel="prev" href={hrefOf(basePath, filters, { after: newer })}>
          {words.text('newer')}
        </a>
      )}
      {older !== null && (
        <a rel="next" href={hrefOf(basePath, filters, { before: older })}>
          {words.text('older')}
        </a>
      )}
    </nav>
  );
}

const isFiltered = (filters: OrderFiltersView): boolean => Object.values(filters).some((value) => value !== '');

function hrefOf(basePath: string, filters: OrderFiltersView, cursor: Readonly<Record<string, string>>): string {
  const given = Object.entries({ ...filters, ...cursor }).filter(([, value]) => value !== '');
  return `${basePath}/panel/orders?${new URLSearchParams(given).toString()}`;
}
