/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { UNTRANSLATED, Verbatim, Words } from '../../page/verbatim.tsx';
import { Commands } from '../access/login-page.tsx';
import { ListRow } from '../frame/list-row.tsx';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { TimeInWords } from '../frame/times.tsx';
import { callbackWords, type CallbackWords } from './callback-words.ts';
import { Endpoints } from './endpoints.tsx';
import { ErrorText } from './error-text.tsx';
import { Filters, hrefOf } from './filters.tsx';
import { Note } from './note.tsx';
import { Status } from './status.tsx';
import { Unassigned } from './unassigned.tsx';
import type { CallbacksView, PanelCallback } from './view.ts';

interface Props {
  view: CallbacksView;
  words: CallbackWords;
}

/** Renders the callbacks of all POS: their endpoints, the state of each delivery, and what the operator can do. */
export function renderCallbacksPage(view: CallbacksView): string {
  const words = callbackWords(view.reader);
  const { text } = words;
  return renderPanelPage(
    text('callbacks'),
    view,
    <>
      <h1>{text('callbacks')}</h1>
      <Note note={view.note} basePath={view.basePath} words={words} />
      <MissingPayments view={view} words={words} />
      <Unassigned unassigned={view.unassigned} now={view.now} words={words} />
      <Endpoints view={view} words={words} />
      <section aria-labelledby="deliveries">
        <h2 id="deliveries">{text('deliveries')}</h2>
        <Filters view={view} words={words} />
        <Deliveries view={view} words={words} />
      </section>
      {view.viewer.permissions.includes('callbacks.redeliver') && <Actions view={view} words={words} />}
    </>,
  );
}

function MissingPayments({ view: { missingPayments }, words }: Props): VNode | null {
  if (missingPayments === 0) return null;
  return (
    <p class="note bad" role="status">
      <Words of={words.counted('missing_payments', missingPayments)} />
    </p>
  );
}

function Deliveries({ view, words }: Props): VNode {
  const { callbacks, next, isCutOff, isFirst, filters } = view;
  const { text } = words;
  const isFiltered = Object.values(filters).some((value) => value !== '');
  const none = next !== null ? 'none_so_far' : isFiltered || !isFirst ? 'none_found' : 'none_yet';
  return (
    <>
      {callbacks.length === 0 ? (
        <p class="card empty">{text(none)}</p>
      ) : (
        <ul class="card rows">
          {callbacks.map((one) => (
            <Delivery key={one.uuid} one={one} view={view} words={words} />
          ))}
        </ul>
      )}
      <nav class="pages" aria-label={text('pages')}>
        {!isFirst && <a href={hrefOf(view, filters)}>{text('newest')}</a>}
        {next !== null && (
          <a rel="next" href={hrefOf(view, filters, next)}>
            {text(isCutOff ? 'search_older' : 'older')}
          </a>
        )}
      </nav>
    </>
  );
}

function Delivery({ one, view, words }: Props & { one: PanelCallback }): VNode {
  const { uuid, event, posName, endpoint, status, createdAt, nextAttemptAt, attempts, lastError } = one;
  const { text, phrase, counted, date, fromNow } = words;
  return (
    <ListRow
      href={`${view.basePath}/panel/callbacks/${uuid}`}
      title={<Words of={words.event(event)} />}
      status={<Status status={status} words={words} />}
      facts={
        <>
          <time dateTime={createdAt}>{date(createdAt)}</time>
          <Verbatim>{posName}</Verbatim>
          {endpoint !== null && <Verbatim>{endpoint}</Verbatim>}
          {status !== 'not_wanted' && (
            <span>
              <Words of={counted('attempts_made', attempts)} />
            </span>
          )}
          {status === 'waiting' && nextAttemptAt === null && <span>{text('after_earlier')}</span>}
          {status === 'waiting' && nextAttemptAt !== null && nextAttemptAt > view.now && (
            <TimeInWords iso={nextAttemptAt} of={phrase('next_attempt_is', { time: [fromNow(nextAttemptAt, view.now)] })} />
          )}
        </>
      }
    >
      {lastError !== null && status !== 'delivered' && <ErrorText text={lastError} />}
    </ListRow>
  );
}

const PERIODS = [
  ['3600', 'last_hour'],
  ['86400', 'last_day'],
  ['604800', 'last_week'],
  ['2678400', 'last_month'],
] as const;

function Actions({ view, words: { text, phrase } }: Props): VNode {
  const withUrl = view.pos.filter(({ callbackUrl }) => callbackUrl !== null);
  return (
    <section class="actions" aria-label={text('actions')}>
      <PanelForm class="card" frame={view} action="/panel/callbacks/redeliver">
        <h2>{text('resend')}</h2>
        <label for="within">{text('period')}</label>
        <select id="within" name="within_s">
          {PERIODS.map(([seconds, key]) => (
            <option key={seconds} value={seconds} selected={key === 'last_day'}>
              {text(key)}
            </option>
          ))}
        </select>
        <label for="resend-pos">{text('pos')}</label>
        <select id="resend-pos" name="pos">
          {view.seesAllPos && <option value="">{text('all')}</option>}
          {view.pos.map(({ uuid, name }) => (
            <option key={uuid} value={uuid} selected={uuid === view.filters.pos}>
              {name}
            </option>
          ))}
        </select>
        <button type="submit">{text('resend_button')}</button>
      </PanelForm>
      <PanelForm class="card" frame={view} action="/panel/callbacks/test">
        <h2>{text('test_event')}</h2>
        {withUrl.length === 0 ? (
          <p class="hint">{text('no_pos_has_url')}</p>
        ) : (
          <>
            <label for="test-pos">{text('test_to')}</label>
            <select id="test-pos" name="pos" {...UNTRANSLATED}>
              {withUrl.map(({ uuid, name }) => (
                <option key={uuid} value={uuid}>
                  {name}
                </option>
              ))}
            </select>
            <p class="hint">
              <Commands of={phrase('test_more', { event: 'payment.expired' })} />
            </p>
            <button type="submit">{text('test_event')}</button>
          </>
        )}
      </PanelForm>
    </section>
  );
}
