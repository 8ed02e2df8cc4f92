/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { EventName } from './event-name.tsx';
import { Note } from './note.tsx';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { Status, STATUS_NAMES } from './status.tsx';
import { spanOf, Time, TimeFromNow } from '../frame/times.tsx';
import { Unassigned } from './unassigned.tsx';
import type { CallbackFilters, CallbacksView, CallbackStatus, PanelCallback, PanelEndpoint } from './view.ts';

/** Renders the callbacks of all POS: their endpoints, the state of each delivery, and what the operator can do. */
export function renderCallbacksPage(view: CallbacksView): string {
  return renderPanelPage(
    'Callbacks',
    view,
    <>
      <h1>Callbacks</h1>
      <Note note={view.note} basePath={view.basePath} />
      <MissingPayments count={view.missingPayments} />
      <Unassigned unassigned={view.unassigned} now={view.now} />
      <Endpoints view={view} />
      <section aria-labelledby="deliveries">
        <h2 id="deliveries">Deliveries</h2>
        <Filters view={view} />
        <Deliveries view={view} />
      </section>
      <Actions view={view} />
    </>,
  );
}

function MissingPayments({ count }: { count: number }): VNode | null {
  if (count === 0) return null;
  const payments = count === 1 ? 'One payment is' : `${count} payments are`;
  return (
    <p class="note bad" role="status">
      {payments} no longer known to the Bitcoin node, and nothing has replaced {count === 1 ? 'it' : 'them'}. The gateway sends{' '}
      {count === 1 ? 'it' : 'them'} again. The orders have not changed.
    </p>
  );
}

function Endpoints({ view }: { view: CallbacksView }): VNode {
  const { endpoints } = view;
  const failing = endpoints.filter((one) => one.failing !== null).length;
  return (
    <section aria-labelledby="endpoints">
      <h2 id="endpoints">Endpoints</h2>
      {endpoints.length === 0 ? (
        <p class="card all-well">
          <span class="badge good">All good</span> No endpoint is failing, nothing is waiting.
        </p>
      ) : (
        <>
          {failing > 0 && (
            <p class="note bad">{failing === 1 ? 'One endpoint keeps failing.' : `${failing} endpoints keep failing.`}</p>
          )}
          <ul class="cards">
            {endpoints.map((one) => (
              <Endpoint key={`${one.pos} ${one.endpoint}`} one={one} view={view} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Endpoint({ one, view }: { one: PanelEndpoint; view: CallbacksView }): VNode {
  const { pos, posName, endpoint, failing, waiting, nextAttemptAt } = one;
  return (
    <li class="card endpoint">
      <h3>
        <a href={hrefOf(view, { ...NO_FILTERS, pos, endpoint })}>{endpoint}</a> of {posName}
        {failing === null ? (
          <span class="badge heed">Waiting</span>
        ) : (
          <span class="badge bad">{`Failing for ${spanOf(failing.since, view.now)}`}</span>
        )}
      </h3>
      <dl>
        {failing !== null && (
          <>
            <div>
              <dt>Failing since</dt>
              <dd>
                <Time iso={failing.since} />, failed {failing.failures === 1 ? 'once' : `${failing.failures} times in a row`}
              </dd>
            </div>
            <div>
              <dt>Last error</dt>
              <dd class="said">{failing.lastError}</dd>
            </div>
          </>
        )}
        <div>
          <dt>Waiting</dt>
          <dd>{waiting === '1' ? '1 order' : `${waiting} orders`}</dd>
        </div>
        {nextAttemptAt !== null && (
          <div>
            <dt>Next attempt</dt>
            <dd>{nextAttemptAt <= view.now ? 'within a minute' : <TimeFromNow iso={nextAttemptAt} now={view.now} />}</dd>
          </div>
        )}
      </dl>
    </li>
  );
}

function Filters({ view }: { view: CallbacksView }): VNode {
  const { filters, pos, basePath } = view;
  const statuses = Object.entries(STATUS_NAMES) as [CallbackStatus, string][];
  return (
    <form class="filters" method="get" action={`${basePath}/panel/callbacks`}>
      <div>
        <label for="status">Status</label>
        <select id="status" name="status">
          <option value="">All</option>
          {statuses.map(([status, name]) => (
            <option key={status} value={status} selected={status === filters.status}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label for="pos">POS</label>
        <select id="pos" name="pos">
          <option value="">All</option>
          {pos.map(({ uuid, name }) => (
            <option key={uuid} value={uuid} selected={uuid === filters.pos}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div class="wide">
        <label for="order">Order</label>
        <input
          id="order"
          name="order"
          value={filters.order}
          maxLength={36}
          spellcheck={false}
          autocomplete="off"
          placeholder="UUID"
        />
      </div>
      <div class="wide">
        <label for="endpoint">Endpoint</label>
        <input
          id="endpoint"
          name="endpoint"
          value={filters.endpoint}
          maxLength={300}
          spellcheck={false}
          autocomplete="off"
          placeholder="https://shop.example"
        />
      </div>
      <button type="submit">Show</button>
    </form>
  );
}

function Deliveries({ view }: { view: CallbacksView }): VNode {
  const { callbacks, next, isCutOff, isFirst, filters } = view;
  const isFiltered = Object.values(filters).some((value) => value !== '');
  if (callbacks.length === 0 && next === null)
    return <p class="card empty">{isFiltered || !isFirst ? 'No callbacks match.' : NONE_YET}</p>;
  return (
    <>
      {callbacks.length === 0 ? (
        <p class="card empty">No callbacks match so far.</p>
      ) : (
        <ul class="card rows">
          {callbacks.map((one) => (
            <Delivery key={one.uuid} one={one} view={view} />
          ))}
        </ul>
      )}
      <nav class="pages" aria-label="Pages">
        {!isFirst && <a href={hrefOf(view, filters)}>Newest</a>}
        {next !== null && (
          <a rel="next" href={hrefOf(view, filters, next)}>
            {isCutOff ? 'Search older ones' : 'Older'}
          </a>
        )}
      </nav>
    </>
  );
}

function Delivery({ one, view }: { one: PanelCallback; view: CallbacksView }): VNode {
  const { uuid, event, posName, endpoint, status, createdAt, nextAttemptAt, attempts, lastError } = one;
  return (
    <li>
      <a class="event" href={`${view.basePath}/panel/callbacks/${uuid}`}>
        <EventName event={event} />
      </a>
      <Status status={status} />
      <p class="facts">
        <Time iso={createdAt} />
        <span>{posName}</span>
        {endpoint !== null && <span>{endpoint}</span>}
        <span>{attempts === 1 ? '1 attempt' : `${attempts} attempts`}</span>
        {status === 'waiting' && nextAttemptAt === null && <span>after an earlier event of the same order</span>}
        {status === 'waiting' && nextAttemptAt !== null && nextAttemptAt > view.now && (
          <span>
            next <TimeFromNow iso={nextAttemptAt} now={view.now} />
          </span>
        )}
      </p>
      {lastError !== null && status !== 'delivered' && <p class="said">{lastError}</p>}
    </li>
  );
}

function Actions({ view }: { view: CallbacksView }): VNode {
  const withUrl = view.pos.filter(({ callbackUrl }) => callbackUrl !== null);
  return (
    <section class="actions" aria-label="Actions">
      <PanelForm class="card" frame={view} action="/panel/callbacks/redeliver">
        <h2>Resend what was not delivered</h2>
        <label for="within">From the last</label>
        <select id="within" name="within_s">
          <option value="3600">hour</option>
          <option value="86400" selected>
            day
          </option>
          <option value="604800">week</option>
          <option value="2678400">month</option>
        </select>
        <button type="submit">Resend</button>
      </PanelForm>
      <PanelForm class="card" frame={view} action="/panel/callbacks/test">
        <h2>Send a test event</h2>
        {withUrl.length === 0 ? (
          <p class="hint">No POS has a callback URL. Orders can set their own.</p>
        ) : (
          <>
            <label for="test-pos">To the callback URL of</label>
            <select id="test-pos" name="pos">
              {withUrl.map(({ uuid, name }) => (
                <option key={uuid} value={uuid}>
                  {name}
                </option>
              ))}
            </select>
            <p class="hint">
              Sends <code>payment.expired</code> for a made-up order, so that no shop delivers anything.
            </p>
            <button type="submit">Send a test event</button>
          </>
        )}
      </PanelForm>
    </section>
  );
}

const NONE_YET = 'No callbacks yet. They appear here when an order is paid, expires or is cancelled.';
const NO_FILTERS: CallbackFilters = { status: '', pos: '', order: '', endpoint: '' };

function hrefOf({ basePath }: CallbacksView, filters: CallbackFilters, before?: string): string {
  const given = Object.entries({ ...filters, before: before ?? '' }).filter(([, value]) => value !== '');
  const query = new URLSearchParams(given).toString();
  return `${basePath}/panel/callbacks${query === '' ? '' : `?${query}`}`;
}
