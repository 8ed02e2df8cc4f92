/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import type { Reader } from '../../i18n/languages.ts';
import type { Phrase } from '../../i18n/phrase.ts';
import { UNTRANSLATED } from '../../page/verbatim.tsx';
import { renderDocument } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import { accessTexts } from './texts/index.ts';
import type { AccessText } from './texts/en.ts';

export type LoginFault = 'code' | 'login' | 'passkey';

export interface LoginView {
  basePath: string;
  reader: Reader;
  /** Whether anybody may log in without a code of the command line. */
  hasPeople: boolean;
  /** What the browser asks a passkey for, as JSON; undefined where passkeys do not work. */
  passkeyOptions: string | undefined;
  fault: LoginFault | undefined;
}

const PASSKEY_SCRIPT = '/assets/panel-passkeys.js';

/** Renders the login page. */
export function renderLoginPage(view: LoginView): string {
  const { basePath, reader, hasPeople, passkeyOptions, fault } = view;
  const words = panelWords(reader, accessTexts);
  const { text } = words;
  const withPasskeys = hasPeople && passkeyOptions !== undefined;
  return renderDocument({
    title: text('title'),
    basePath,
    reader,
    scripts: withPasskeys ? [PASSKEY_SCRIPT] : [],
    children: (
      <main>
        <section class="card login" aria-labelledby="title">
          <h1 id="title">{text('heading')}</h1>
          {fault !== undefined && (
            <p class="note bad" role="alert" id="wrong">
              {text(`wrong_${fault}`)}
            </p>
          )}
          {withPasskeys && <PasskeyLogin basePath={basePath} words={words} options={passkeyOptions} />}
          {hasPeople && <PasswordLogin basePath={basePath} words={words} />}
          {hasPeople ? (
            <details open={fault === 'code'}>
              <summary>{text('with_code')}</summary>
              <CodeLogin view={view} words={words} />
            </details>
          ) : (
            <CodeLogin view={view} words={words} />
          )}
        </section>
      </main>
    ),
  });
}

interface Part {
  readonly basePath: string;
  readonly words: PanelWords<AccessText>;
}

function PasskeyLogin({ basePath, words: { text }, options }: Part & { readonly options: string }): VNode {
  return (
    <form method="post" action={`${basePath}/panel/login/passkey`} data-passkey="get" data-conditional data-options={options}>
      <input type="hidden" name="credential" />
      <button type="submit">{text('use_passkey')}</button>
      <noscript>
        <p class="hint">{text('needs_script')}</p>
      </noscript>
    </form>
  );
}

function PasswordLogin({ basePath, words: { text } }: Part): VNode {
  return (
    <form method="post" action={`${basePath}/panel/login/password`}>
      <label for="login">{text('login')}</label>
      <input
        id="login"
        name="login"
        required
        maxLength={200}
        autocomplete="username webauthn"
        autocapitalize="none"
        spellcheck={false}
      />
      <label for="password">{text('password')}</label>
      <input id="password" name="password" type="password" maxLength={200} autocomplete="current-password" />
      <label for="digits">{text('digits')}</label>
      <input
        id="digits"
        name="code"
        required
        maxLength={40}
        autocomplete="one-time-code"
        autocapitalize="none"
        spellcheck={false}
      />
      <button type="submit">{text('continue')}</button>
    </form>
  );
}

function CodeLogin({
  view: { basePath, fault },
  words,
}: {
  readonly view: LoginView;
  readonly words: PanelWords<AccessText>;
}): VNode {
  const { text, phrase } = words;
  return (
    <>
      <form class="code" method="post" action={`${basePath}/panel/login`}>
        <label for="code">{text('code')}</label>
        <input
          id="code"
          name="code"
          required
          maxLength={40}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          placeholder="7K2Q-9XFM-2TRC"
          aria-describedby={fault === 'code' ? 'wrong how' : 'how'}
        />
        <button type="submit">{text('log_in')}</button>
      </form>
      <p class="hint" id="how">
        <Commands of={phrase('how_code', { command: 'webpos panel login', clone: 'npm run webpos -- panel login' })} />
      </p>
    </>
  );
}

/** A phrase whose values are commands or keys. */
export function Commands({ of }: { of: Phrase }): VNode {
  return (
    <>
      {of.map((part, at) =>
        typeof part === 'string' ? (
          part
        ) : (
          <code key={at} {...UNTRANSLATED}>
            {part.value}
          </code>
        ),
      )}
    </>
  );
}
