/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import { NotificationNoteLine } from './note.tsx';
import { SettingsFields } from './settings-fields.tsx';
import { notificationTexts } from './texts/index.ts';
import type { NotificationText } from './texts/en.ts';
import type { SubscriptionFormView } from './view.ts';

/** Renders the form for a new or an existing subscription. */
export function renderSubscriptionPage(view: SubscriptionFormView): string {
  const { frame, note, subscription, wrong } = view;
  const words = panelWords(frame.reader, notificationTexts);
  const { text } = words;
  const path = '/panel/notifications';
  const title = subscription === null ? text('add') : subscription.recipient;
  return renderPanelPage(
    title,
    frame,
    <section>
      <p>
        <a href={frame.basePath + path}>{text('back')}</a>
      </p>
      <h1>
        <bdi translate={false}>{title}</bdi>
      </h1>
      <NotificationNoteLine note={note} words={words} />
      {wrong.length > 0 && (
        <p class="note bad" role="alert">
          {text('wrong')}
        </p>
      )}
      <PanelForm
        class="card settings"
        frame={frame}
        action={subscription === null ? `${path}/new` : `${path}/of/${subscription.uuid}`}
      >
        {subscription === null && <ChannelFields view={view} words={words} />}
        <SettingsFields view={view} words={words} />
        <button type="submit">{text('save')}</button>
      </PanelForm>
      {subscription !== null && <Buttons view={view} subscription={subscription} words={words} />}
    </section>,
  );
}

type Words = PanelWords<NotificationText>;

function ChannelFields({ view, words }: { view: SubscriptionFormView; words: Words }): VNode {
  const { values, wrong, sendsMail } = view;
  const { text } = words;
  return (
    <fieldset>
      <legend>{text('channel')}</legend>
      {!sendsMail && <p class="note heed">{text('no_mail')}</p>}
      {(['email', 'post'] as const).map((channel) => (
        <label key={channel} class="choice">
          <input
            type="radio"
            name="channel"
            value={channel}
            checked={values.channel === channel}
            disabled={channel === 'email' && !sendsMail}
          />
          {text(channel)}
        </label>
      ))}
      <p class="hint" id="url-help">
        {text('url_help')}
      </p>
      <label for="recipient">{`${text('address')} / ${text('url')}`}</label>
      <input
        id="recipient"
        name="recipient"
        required
        maxLength={300}
        value={values.recipient}
        autocomplete="email"
        spellcheck={false}
        dir="ltr"
        aria-invalid={wrong.includes('recipient') ? 'true' : undefined}
        aria-describedby={wrong.includes('recipient') ? 'wrong-recipient' : 'url-help'}
      />
      {wrong.includes('recipient') && (
        <p class="wrong" id="wrong-recipient">
          {text('wrong_recipient')}
        </p>
      )}
      {wrong.includes('channel') && <p class="wrong">{text('wrong_channel')}</p>}
    </fieldset>
  );
}

interface ButtonsProps {
  readonly view: SubscriptionFormView;
  readonly subscription: NonNullable<SubscriptionFormView['subscription']>;
  readonly words: Words;
}

function Buttons({ view, subscription, words }: ButtonsProps): VNode {
  const { text } = words;
  const { uuid, status, secret } = subscription;
  const buttons: readonly (readonly [action: string, label: NotificationText])[] = [
    ...(status === 'active'
      ? ([
          ['test', 'test'],
          ['stop', 'stop'],
        ] as const)
      : []),
    ...(status === 'unconfirmed' ? ([['confirm', 'confirm_again']] as const) : []),
    ...(status === 'stopped' ? ([['start', 'start']] as const) : []),
    ['remove', 'remove'],
  ];
  return (
    <>
      {secret !== null && (
        <div class="card">
          <h2>{text('secret')}</h2>
          <p class="faint">{text('secret_help')}</p>
          <details>
            <summary>{text('secret')}</summary>
            <code translate={false}>{secret}</code>
          </details>
        </div>
      )}
      <div class="card actions">
        {buttons.map(([action, label]) => (
          <PanelForm key={action} frame={view.frame} action={`/panel/notifications/of/${uuid}/${action}`}>
            <button class="quiet" type="submit">
              {text(label)}
            </button>
          </PanelForm>
        ))}
      </div>
    </>
  );
}
