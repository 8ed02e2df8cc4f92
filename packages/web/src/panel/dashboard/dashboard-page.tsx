/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Verbatim, Words } from '../../page/verbatim.tsx';
import { renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import type { DashboardText } from './texts/en.ts';
import { dashboardTexts } from './texts/index.ts';
import type { CountView, DashboardView, SalesView } from './view.ts';

interface Props {
  view: DashboardView;
  words: PanelWords<DashboardText>;
}

/** Renders the start page: sales, what needs attention, and the health of the gateway. */
export function renderDashboardPage(view: DashboardView): string {
  const words = panelWords(view.reader, dashboardTexts);
  const props = { view, words };
  return renderPanelPage(
    words.text('start'),
    view,
    <>
      <h1>{words.text('start')}</h1>
      <Attention {...props} />
      <Sales {...props} />
      <Health {...props} />
    </>,
  );
}

function Attention({ view, words }: Props): VNode {
  const { attention, unassigned, health, basePath, viewer } = view;
  const failing = viewer.permissions.includes('callbacks.read') ? (health?.failingEndpoints ?? 0) : 0;
  const count = ({ count: n, hasMore }: CountView): string => `${words.integer(n)}${hasMore ? '+' : ''}`;
  const lines = [
    attention.count > 0 && (
      <a href={`${basePath}/panel/orders?attention=1`}>
        <Words of={words.phrase('orders_need', { n: count(attention) })} />
      </a>
    ),
    unassigned !== null && unassigned.count > 0 && (
      <a href={`${basePath}/panel/orders?attention=1`}>
        <Words of={words.phrase('unassigned', { n: count(unassigned) })} />
      </a>
    ),
    failing > 0 && (
      <a href={`${basePath}/panel/callbacks`}>
        <Words of={words.phrase('endpoints_fail', { n: words.integer(failing) })} />
      </a>
    ),
  ].filter((line) => line !== false);
  return (
    <section aria-labelledby="attention">
      <h2 id="attention">{words.text('attention')}</h2>
      {lines.length === 0 ? (
        <p class="card all-well">
          <span class="badge good">{words.text('all_well')}</span>
        </p>
      ) : (
        <ul class="card stack">
          {lines.map((line, at) => (
            <li key={at}>{line}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Sales({ view, words }: Props): VNode {
  const { sales, isComplete } = view;
  const zones = new Set(sales.map(({ timeZone }) => timeZone));
  const zoneNote = (timeZone: string): VNode => (
    <p class="hint">
      <Words of={words.phrase('days_in', { zone: timeZone })} />
    </p>
  );
  return (
    <section aria-labelledby="sales">
      <h2 id="sales">{words.text('sales')}</h2>
      <p class="hint">{words.text('sales_more')}</p>
      {zones.size === 1 && [...zones].map(zoneNote)}
      {!isComplete && <p class="note heed">{words.text('counting')}</p>}
      {isComplete && sales.length === 0 && <p class="card empty">{words.text('no_sales')}</p>}
      <ul class="cards">
        {sales.map(({ posName, currency, timeZone, today, period }) => (
          <li key={`${posName} ${currency}`} class="card">
            <h3>
              <Verbatim>{posName}</Verbatim>
            </h3>
            <dl>
              <SalesLine name={words.text('today')} sales={today} currency={currency} words={words} />
              {period !== null && <SalesLine name={words.text('days_30')} sales={period} currency={currency} words={words} />}
            </dl>
            {zones.size > 1 && zoneNote(timeZone)}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SalesLineProps {
  name: string;
  sales: SalesView;
  currency: string;
  words: PanelWords<DashboardText>;
}

function SalesLine({ name, sales, currency, words }: SalesLineProps): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong>
          <Verbatim>{words.fiat(sales.fiat, currency)}</Verbatim>
        </strong>
        <br />
        <Verbatim>{words.bitcoin(sales.bitcoin)}</Verbatim>
        <br />
        <Words of={words.phrase('paid_orders', { n: words.integer(sales.orders) })} />
      </dd>
    </div>
  );
}

function Health({ view, words }: Props): VNode | null {
  const { health } = view;
  if (health === null) return null;
  const { node, rates } = health;
  return (
    <section class="card" aria-labelledby="health">
      <h2 id="health">{words.text('health')}</h2>
      <dl>
        <div>
          <dt>{words.text('node')}</dt>
          <dd>
            <span class={`badge ${node.isReady ? 'good' : 'bad'}`}>
              {words.text(node.isReady ? 'node_ready' : 'node_trouble')}
            </span>{' '}
            {node.height !== null && <Words of={words.phrase('block', { height: words.integer(node.height) })} />}
            {node.trouble !== null && <p class="said">{node.trouble}</p>}
          </dd>
        </div>
        {rates.map(({ currency, value, at }) => (
          <div key={currency}>
            <dt>
              <Words of={words.phrase('rate_in', { currency })} />
            </dt>
            <dd>
              {value === null || at === null ? (
                <span class="badge bad">{words.text('no_rate')}</span>
              ) : (
                <>
                  <Verbatim>{words.fiat(value, currency)}</Verbatim> <time dateTime={at}>{words.date(at)}</time>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
