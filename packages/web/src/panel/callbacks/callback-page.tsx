/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Phrase } from '../../i18n/phrase.ts';
import { UNTRANSLATED, Verbatim, Words } from '../../page/verbatim.tsx';
import { Fact } from '../frame/fact.tsx';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { Time, TimeInWords } from '../frame/times.tsx';
import { callbackWords, type CallbackWords } from './callback-words.ts';
import { ErrorText } from './error-text.tsx';
import { Note } from './note.tsx';
import { Status } from './status.tsx';
import type { CallbackView } from './view.ts';

interface Props {
  view: CallbackView;
  words: CallbackWords;
}

/** Renders one callback: its content, and every attempt to deliver it. */
export function renderCallbackPage(view: CallbackView): string {
  const { callback, basePath } = view;
  const words = callbackWords(view.reader);
  const { text } = words;
  return renderPanelPage(
    callback.event,
    view,
    <>
      <nav aria-label={text('all_callbacks')}>
        <a href={`${basePath}/panel/callbacks`}>{text('all_callbacks')}</a>
      </nav>
      <h1>
        <span>
          <Words of={words.event(callback.event)} />
        </span>
        <Status status={callback.status} words={words} />
      </h1>
      <Note note={view.note} basePath={basePath} words={words} />
      <Facts view={view} words={words} />
      <Attempts view={view} words={words} />
      <details class="card">
        <summary>{text('body')}</summary>
        <pre tabindex={0} dir="ltr" {...UNTRANSLATED}>
          {callback.body}
        </pre>
      </details>
    </>,
  );
}

function Facts({ view, words }: Props): VNode {
  const { callback, basePath, viewer } = view;
  const { url, order, endedAt, lastError, status } = callback;
  const { text, phrase, integer } = words;
  const path = viewer.permissions.includes('orders.read') ? `/panel/orders/${order}` : `/panel/callbacks?order=${order}`;
  return (
    <section class="card" aria-label={text('details')}>
      <dl>
        <Fact name={text('sent_to')}>
          {url === null ? (
            text('nowhere')
          ) : (
            <span class="said">
              <Verbatim>{url}</Verbatim>
            </span>
          )}
        </Fact>
        <Fact name={text('order')}>
          <a href={basePath + path}>
            <Verbatim>{order}</Verbatim>
          </a>
          <br />
          <span class="hint">
            <Words of={phrase('event_of_order', { n: integer(callback.sequence + 1) })} />
          </span>
        </Fact>
        <Fact name={text('pos')}>
          <Verbatim>{callback.posName}</Verbatim>
        </Fact>
        <Fact name={<code {...UNTRANSLATED}>webhook-id</code>}>
          <Verbatim>{callback.uuid}</Verbatim>
        </Fact>
        <Fact name={text('created')}>
          <Time iso={callback.createdAt} />
        </Fact>
        {endedAt !== null && (
          <Fact name={text(status === 'delivered' ? 'st_delivered' : 'given_up')}>
            <Time iso={endedAt} />
          </Fact>
        )}
        {status === 'waiting' && (
          <Fact name={text('next_attempt')}>
            <NextAttempt view={view} words={words} />
          </Fact>
        )}
        {lastError !== null && (
          <Fact name={text('last_error')}>
            <ErrorText text={lastError} />
          </Fact>
        )}
      </dl>
      {url !== null && viewer.permissions.includes('callbacks.redeliver') && (
        <PanelForm frame={view} action={`/panel/callbacks/${callback.uuid}/redeliver`}>
          <button type="submit">{text(status === 'waiting' ? 'send_now' : 'send_again')}</button>
        </PanelForm>
      )}
    </section>
  );
}

function NextAttempt({ view: { callback, now }, words }: Props): VNode {
  const { nextAttemptAt } = callback;
  if (nextAttemptAt === null) return <>{words.text('after_earlier')}</>;
  const when: Phrase = [nextAttemptAt <= now ? words.text('now') : words.fromNow(nextAttemptAt, now)];
  return <TimeInWords iso={nextAttemptAt} of={when} />;
}

function Attempts({ view, words: { text, integer } }: Props): VNode {
  const { attempts, callback } = view;
  return (
    <section aria-labelledby="attempts">
      <h2 id="attempts">{text('attempts')}</h2>
      {attempts.length === 0 ? (
        <p class="card empty">{text(callback.attempts === 0 ? 'no_attempts' : 'attempts_pruned')}</p>
      ) : (
        <ol class="card rows" reversed>
          {attempts.map(({ at, durationMs, status, responseExcerpt }) => (
            <li key={at}>
              <Time iso={at} />
              <span class={`badge ${toneOf(status)}`}>{status ?? text('no_answer')}</span>
              <p class="facts">
                <Verbatim>{`${integer(durationMs)}\u00A0ms`}</Verbatim>
              </p>
              {responseExcerpt !== '' && <ErrorText text={responseExcerpt} />}
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
