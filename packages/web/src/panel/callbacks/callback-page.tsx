/** @jsxRuntime automatic @jsxImportSource preact */
import type { ComponentChildren, VNode } from 'preact';

import { EventName } from './event-name.tsx';
import { Note } from './note.tsx';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { Status } from './status.tsx';
import { Time, TimeFromNow } from '../frame/times.tsx';
import type { CallbackView } from './view.ts';

/** Renders one callback: its content, and every attempt to deliver it. */
export function renderCallbackPage(view: CallbackView): string {
  const { callback, basePath } = view;
  return renderPanelPage(
    callback.event,
    view,
    <>
      <nav aria-label="Back">
        <a href={`${basePath}/panel/callbacks`}>← All callbacks</a>
      </nav>
      <h1>
        <EventName event={callback.event} /> <Status status={callback.status} />
      </h1>
      <Note note={view.note} basePath={basePath} />
      <Facts view={view} />
      <Attempts view={view} />
      <details class="card">
        <summary>Body</summary>
        <pre tabindex={0}>{callback.body}</pre>
      </details>
    </>,
  );
}

function Facts({ view }: { view: CallbackView }): VNode {
  const { callback, basePath, now } = view;
  const { url, order, endedAt, nextAttemptAt, lastError, status } = callback;
  return (
    <section class="card" aria-label="Details">
      <dl>
        <Fact name="Sent to">
          <span class="said">{url ?? 'Nowhere: the order has no callback URL'}</span>
        </Fact>
        <Fact name="Order">
          <a href={`${basePath}/panel/callbacks?order=${order}`}>{order}</a> (event {callback.sequence + 1} of this order)
        </Fact>
        <Fact name="POS">{callback.posName}</Fact>
        <Fact name="webhook-id">{callback.uuid}</Fact>
        <Fact name="Created">
          <Time iso={callback.createdAt} />
        </Fact>
        {endedAt !== null && (
          <Fact name={status === 'delivered' ? 'Delivered' : 'Not delivered'}>
            <Time iso={endedAt} />
          </Fact>
        )}
        {status === 'waiting' && (
          <Fact name="Next attempt">
            {nextAttemptAt === null && 'after an earlier event of the same order'}
            {nextAttemptAt !== null && (nextAttemptAt <= now ? 'now' : <TimeFromNow iso={nextAttemptAt} now={now} />)}
          </Fact>
        )}
        {lastError !== null && (
          <Fact name="Last error">
            <span class="said">{lastError}</span>
          </Fact>
        )}
      </dl>
      {url !== null && (
        <PanelForm frame={view} action={`/panel/callbacks/${callback.uuid}/redeliver`}>
          <button type="submit">{status === 'waiting' ? 'Send now' : 'Send again'}</button>
        </PanelForm>
      )}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Attempts({ view }: { view: CallbackView }): VNode {
  const { attempts, callback } = view;
  return (
    <section aria-labelledby="attempts">
      <h2 id="attempts">Attempts</h2>
      {attempts.length === 0 ? (
        <p class="card empty">
          {callback.attempts === 0 ? 'No attempts yet.' : 'These attempts are too old and no longer stored.'}
        </p>
      ) : (
        <ol class="card rows" reversed>
          {attempts.map(({ at, durationMs, status, responseExcerpt }) => (
            <li key={at}>
              <Time iso={at} />
              <span class={`badge ${toneOf(status)}`}>{status ?? 'No answer'}</span>
              <p class="facts">
                <span>{`${durationMs} ms`}</span>
              </p>
              {responseExcerpt !== '' && <p class="said">{responseExcerpt}</p>}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function toneOf(status: number | null): string {
  return status !== null && status >= 200 && status < 300 ? 'good' : 'bad';
}
