/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';
import { renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import { NotificationNoteLine } from './note.tsx';
import { notificationTexts } from './texts/index.ts';
import type { NotificationText } from './texts/en.ts';
import type { MessageView, NotificationsView, SubscriptionView } from './view.ts';

/** Renders the list of a person's subscriptions, and of the last messages to the person. */
export function renderNotificationsPage({ frame, note, own, sendsMail }: NotificationsView): string {
  const words = panelWords(frame.reader, notificationTexts);
  const { text } = words;
  const path = `${frame.basePath}/panel/notifications`;
  return renderPanelPage(
    text('title'),
    frame,
    <>
      <section>
        <h1>{text('title')}</h1>
        <p class="faint">{text('intro')}</p>
        <NotificationNoteLine note={note} words={words} />
        {!sendsMail && <p class="note heed">{text('no_mail')}</p>}
        {own === null ? (
          <p class="note heed">{text('not_person')}</p>
        ) : (
          <>
            {own.subscriptions.length === 0 && <p class="empty">{text('none')}</p>}
            <ul class="cards">
              {own.subscriptions.map((each) => (
                <SubscriptionCard key={each.uuid} subscription={each} words={words} path={path} />
              ))}
            </ul>
            <p>
              <a class="button" href={`${path}/new`}>
                {text('add')}
              </a>
            </p>
          </>
        )}
      </section>
      {own !== null && (
        <section>
          <h2>{text('recent')}</h2>
          {own.messages.length === 0 ? (
            <p class="empty">{text('no_recent')}</p>
          ) : (
            <ul class="card messages">
              {own.messages.map((message) => (
                <MessageLine key={message.uuid} message={message} words={words} />
              ))}
            </ul>
          )}
        </section>
      )}
    </>,
  );
}

type Words = PanelWords<NotificationText>;

function SubscriptionCard(props: { subscription: SubscriptionView; words: Words; path: string }): VNode {
  const { subscription, words, path } = props;
  const { uuid, channel, recipient, status, kinds } = subscription;
  return (
    <li class="card">
      <h2 class="minor">
        <bdi translate={false}>{recipient}</bdi>
        <span class={`badge ${status === 'active' ? 'good' : 'heed'}`}>{words.text(status)}</span>
      </h2>
      <p class="faint">{[words.text(channel), ...kinds.map((kind) => words.text(kindText(kind)))].join(' · ')}</p>
      <p>
        <a href={`${path}/of/${uuid}`}>{words.text('edit')}</a>
      </p>
    </li>
  );
}

const TONES = { waiting: 'wait', sent: 'good', failed: 'bad', dropped: 'heed' } as const;

function MessageLine({ message, words }: { message: MessageView; words: Words }): VNode {
  const { at, kind, recipient, status, error } = message;
  return (
    <li>
      <span class={`badge ${TONES[status]}`}>{words.text(`s_${status}`)}</span>
      <span>{words.text(`m_${kind}`)}</span>
      <bdi translate={false}>{recipient}</bdi>
      <time class="faint" dateTime={at}>
        {words.date(at)}
      </time>
      {error !== null && (
        <bdi class="faint" translate={false}>
          {error}
        </bdi>
      )}
    </li>
  );
}

/** Returns the text of a kind such as `order.paid`. */
export function kindText(kind: string): NotificationText {
  return `kind_${kind.replace('.', '_')}` as NotificationText;
}
