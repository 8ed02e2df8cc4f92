/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { PanelFrame } from '../frame/panel-frame.ts';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords } from '../frame/wording.ts';
import { Commands } from './login-page.tsx';
import { accessTexts } from './texts/index.ts';

export interface WaitingFormView {
  action: string;
  fields: Readonly<Record<string, string | undefined>>;
}

export interface ConfirmView {
  form: WaitingFormView;
  isWrong: boolean;
  /** Whether a code of the command line is what confirms. */
  isOperator: boolean;
  /** What the browser asks a passkey for, as JSON; undefined without one. */
  passkeyOptions: string | undefined;
}

/** Renders the page that asks for a proof before a dangerous action. */
export function renderConfirmPage(frame: PanelFrame, { form, isWrong, isOperator, passkeyOptions }: ConfirmView): string {
  const { text, phrase } = panelWords(frame.reader, accessTexts);
  const waiting = <Waiting form={form} />;
  return renderPanelPage(
    text('confirm'),
    frame,
    <section class="card login" aria-labelledby="title">
      <h1 id="title">{text('confirm')}</h1>
      <p>{text('confirm_more')}</p>
      {isWrong && (
        <p class="note bad" role="alert">
          {text('confirm_wrong')}
        </p>
      )}
      {passkeyOptions !== undefined && (
        <PanelForm frame={frame} action="/panel/confirm" passkey={{ kind: 'get', options: passkeyOptions }}>
          {waiting}
          <input type="hidden" name="credential" />
          <button type="submit">{text('use_passkey')}</button>
        </PanelForm>
      )}
      <PanelForm frame={frame} action="/panel/confirm">
        {waiting}
        {isOperator ? (
          <>
            <label for="code">{text('code')}</label>
            <input id="code" name="code" required maxLength={40} autocomplete="off" spellcheck={false} aria-describedby="how" />
            <p class="hint" id="how">
              <Commands of={phrase('confirm_code', { command: 'webpos panel login' })} />
            </p>
          </>
        ) : (
          <>
            <label for="password">{text('password')}</label>
            <input id="password" name="password" type="password" maxLength={200} autocomplete="current-password" />
            <label for="digits">{text('digits')}</label>
            <input id="digits" name="code" required maxLength={40} autocomplete="one-time-code" spellcheck={false} />
          </>
        )}
        <button type="submit">{text('confirm_button')}</button>
      </PanelForm>
      <p>
        <a href={`${frame.basePath}/panel`}>{text('cancel')}</a>
      </p>
    </section>,
    passkeyOptions === undefined ? {} : { scripts: ['/assets/panel-passkeys.js'] },
  );
}

function Waiting({ form: { action, fields } }: { form: WaitingFormView }): VNode {
  return (
    <>
      <input type="hidden" name="action" value={action} />
      <input type="hidden" name="waiting" value={JSON.stringify(fields)} />
    </>
  );
}

/** Renders the form that was waiting, for the person to send. */
export function renderConfirmedPage(frame: PanelFrame, { action, fields }: WaitingFormView): string {
  const { text } = panelWords(frame.reader, accessTexts);
  return renderPanelPage(
    text('confirmed'),
    frame,
    <section class="card login" aria-labelledby="title">
      <h1 id="title">{text('confirmed')}</h1>
      <p>{text('confirmed_more')}</p>
      <PanelForm frame={frame} action={action}>
        {Object.entries(fields)
          .filter(([name]) => name !== 'form_key')
          .map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value ?? ''} />
          ))}
        <button type="submit">{text('confirmed_send')}</button>
      </PanelForm>
      <p>
        <a href={`${frame.basePath}/panel`}>{text('cancel')}</a>
      </p>
    </section>,
  );
}
