/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { Verbatim, Words } from '../../page/verbatim.tsx';
import { Fact } from '../frame/fact.tsx';
import { TimeInWords } from '../frame/times.tsx';
import type { CallbackWords } from './callback-words.ts';
import { ErrorText } from './error-text.tsx';
import { hrefOf, NO_FILTERS } from './filters.tsx';
import type { CallbacksView, PanelEndpoint } from './view.ts';

interface Props {
  view: CallbacksView;
  words: CallbackWords;
}

/** The endpoints that fail or have a backlog. */
export function Endpoints({ view, words }: Props): VNode {
  const { endpoints } = view;
  const { text, counted } = words;
  const failing = endpoints.filter((one) => one.failing !== null).length;
  return (
    <section aria-labelledby="endpoints">
      <h2 id="endpoints">{text('endpoints')}</h2>
      {endpoints.length === 0 ? (
        <p class="card all-well">
          <span class="badge good">{text('all_good')}</span> {text('all_good_more')}
        </p>
      ) : (
        <>
          {failing > 0 && (
            <p class="note bad">
              <Words of={counted('endpoints_fail', failing)} />
            </p>
          )}
          <ul class="cards">
            {endpoints.map((one) => (
              <Endpoint key={`${one.pos} ${one.endpoint}`} one={one} view={view} words={words} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Endpoint({ one, view, words }: Props & { one: PanelEndpoint }): VNode {
  const { pos, posName, endpoint, failing, waiting, nextAttemptAt } = one;
  const { text, integer, fromNow, date } = words;
  return (
    <li class="card endpoint">
      <h3>
        <a href={hrefOf(view, { ...NO_FILTERS, pos, endpoint })}>
          <Verbatim>{endpoint}</Verbatim>
        </a>
        <span class={`badge ${failing === null ? 'heed' : 'bad'}`}>{text(failing === null ? 'st_waiting' : 'failing')}</span>
      </h3>
      <dl>
        <Fact name={text('pos')}>
          <Verbatim>{posName}</Verbatim>
        </Fact>
        {failing !== null && (
          <>
            <Fact name={text('failing_since')}>
              <time dateTime={failing.since}>{date(failing.since)}</time>
              <br />
              <span class="hint">{fromNow(failing.since, view.now)}</span>
            </Fact>
            <Fact name={text('failures')}>{integer(failing.failures)}</Fact>
            <Fact name={text('last_error')}>
              <ErrorText text={failing.lastError} />
            </Fact>
          </>
        )}
        <Fact name={text('orders_waiting')}>{`${integer(waiting.count)}${waiting.hasMore ? '+' : ''}`}</Fact>
        {nextAttemptAt !== null && (
          <Fact name={text('next_attempt')}>
            <TimeInWords
              iso={nextAttemptAt}
              of={[nextAttemptAt <= view.now ? text('within_a_minute') : fromNow(nextAttemptAt, view.now)]}
            />
          </Fact>
        )}
      </dl>
    </li>
  );
}
