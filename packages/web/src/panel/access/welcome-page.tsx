/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Reader } from '../../i18n/languages.ts';
import { QrCode } from '../../page/qr-code.tsx';
import { UNTRANSLATED, Words } from '../../page/verbatim.tsx';
import { renderDocument } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import { Commands } from './login-page.tsx';
import { accessTexts } from './texts/index.ts';
import type { AccessText } from './texts/en.ts';

/** What is wrong with a password or passkey that somebody sets up. */
export type SetUpFaultText = 'short' | 'long' | 'login' | 'common' | 'repeated' | 'code' | 'passkey';

export interface InvitedView {
  /** The secret of the invitation. */
  code: string;
  login: string;
  name: string;
  /** What the browser creates a passkey with, as JSON; undefined where passkeys do not work. */
  passkeyOptions: string | undefined;
  totp: TotpView;
}

/** A secret for an app. */
export interface TotpView {
  sealed: string;
  secret: string;
  uri: string;
}

export interface WelcomeView {
  basePath: string;
  reader: Reader;
  /** Undefined if the invitation has ended. */
  invited: InvitedView | undefined;
  fault: SetUpFaultText | undefined;
}

/** Renders the page on which somebody who is invited sets up the login. */
export function renderWelcomePage({ basePath, reader, invited, fault }: WelcomeView): string {
  const words = panelWords(reader, accessTexts);
  const { text, phrase, plain } = words;
  const title = invited === undefined ? text('ended') : plain('welcome', { name: invited.name });
  return renderDocument({
    title,
    basePath,
    reader,
    scripts: invited?.passkeyOptions === undefined ? [] : ['/assets/panel-passkeys.js'],
    children: (
      <main>
        <section class="card login" aria-labelledby="title">
          <h1 id="title">{invited === undefined ? title : <Words of={phrase('welcome', { name: invited.name })} />}</h1>
          {invited === undefined ? (
            <p>{text('ended_more')}</p>
          ) : (
            <>
              <p>
                <Words of={phrase('your_login', { login: invited.login })} />
              </p>
              {fault !== undefined && (
                <p class="note bad" role="alert" id="wrong">
                  {text(`fault_${fault}`)}
                </p>
              )}
              <WaysToLogIn basePath={basePath} words={words} invited={invited} fault={fault} />
            </>
          )}
        </section>
      </main>
    ),
  });
}

interface Part {
  readonly basePath: string;
  readonly words: PanelWords<AccessText>;
  readonly invited: InvitedView;
  readonly fault: SetUpFaultText | undefined;
}

function WaysToLogIn(part: Part): VNode {
  const { basePath, words, invited, fault } = part;
  const { text } = words;
  const password = (
    <form method="post" action={`${basePath}/panel/welcome`}>
      <input type="hidden" name="code" value={invited.code} />
      <input type="hidden" name="login" value={invited.login} autocomplete="username" />
      <NewPasswordFields words={words} totp={invited.totp} />
      <button type="submit">{text('save_password')}</button>
    </form>
  );
  if (invited.passkeyOptions === undefined) return password;
  return (
    <>
      <form method="post" action={`${basePath}/panel/welcome`} data-passkey="create" data-options={invited.passkeyOptions}>
        <h2>{text('with_passkey')}</h2>
        <p class="hint">{text('passkey_more')}</p>
        <input type="hidden" name="code" value={invited.code} />
        <input type="hidden" name="credential" />
        <label for="name">{text('passkey_name')}</label>
        <input id="name" name="name" maxLength={64} autocomplete="off" />
        <button type="submit">{text('create_passkey')}</button>
        <noscript>
          <p class="hint">{text('needs_script')}</p>
        </noscript>
      </form>
      <details open={fault !== undefined && fault !== 'passkey'}>
        <summary>{text('with_password')}</summary>
        {password}
      </details>
    </>
  );
}

/** The fields of a new password, with the code that proves that the app has its key. */
export function NewPasswordFields({ words, totp }: { words: PanelWords<AccessText>; totp: TotpView }): VNode {
  const { text, phrase } = words;
  const key = totp.secret.replaceAll(/(.{4})(?=.)/g, '$1 ');
  return (
    <>
      <input type="hidden" name="totp" value={totp.sealed} />
      <label for="password">{text('new_password')}</label>
      <input
        id="password"
        name="password"
        type="password"
        required
        maxLength={200}
        autocomplete="new-password"
        aria-describedby="password-hint"
      />
      <p class="hint" id="password-hint">
        {text('password_hint')}
      </p>
      <label for="repeated">{text('repeat_password')}</label>
      <input id="repeated" name="repeated" type="password" required maxLength={200} autocomplete="new-password" />
      <p class="hint" id="app-hint">
        <Commands of={phrase('app_hint', { key })} />
      </p>
      <QrCode uri={totp.uri} label={text('app_label')} />
      <label for="digits">{text('app_digits')}</label>
      <input
        id="digits"
        name="digits"
        required
        inputMode="numeric"
        maxLength={10}
        autocomplete="one-time-code"
        aria-describedby="app-hint"
      />
    </>
  );
}

export interface RecoveryView {
  basePath: string;
  reader: Reader;
  codes: readonly string[];
}

/** Renders the recovery codes, which are shown once. */
export function renderRecoveryPage({ basePath, reader, codes }: RecoveryView): string {
  const { text } = panelWords(reader, accessTexts);
  return renderDocument({
    title: text('recovery'),
    basePath,
    reader,
    children: (
      <main>
        <section class="card login" aria-labelledby="title">
          <h1 id="title">{text('recovery')}</h1>
          <p>{text('recovery_more')}</p>
          <ol class="recovery" {...UNTRANSLATED}>
            {codes.map((code) => (
              <li key={code}>
                <code dir="ltr">{code}</code>
              </li>
            ))}
          </ol>
          <p>
            <a href={`${basePath}/panel`}>{text('recovery_go')}</a>
          </p>
        </section>
      </main>
    ),
  });
}
