/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { LANGUAGES } from '../../i18n/languages.ts';
import { Verbatim, Words } from '../../page/verbatim.tsx';
import { accessTexts } from '../access/texts/index.ts';
import { NewPasswordFields, type SetUpFaultText, type TotpView } from '../access/welcome-page.tsx';
import type { PanelFrame } from '../frame/panel-frame.ts';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords } from '../frame/wording.ts';
import { Outcome, Sessions, type PeopleNote, type SessionView } from './people-page.tsx';
import { peopleTexts } from './texts/index.ts';

export interface ProfileView {
  login: string;
  name: string;
  email: string;
  language: string | null;
  sessions: readonly SessionView[];
  passkeys: readonly { id: string; name: string }[];
  /** What the browser creates a passkey with, as JSON; undefined where passkeys do not work. */
  passkeyOptions: string | undefined;
  totp: TotpView;
  recoveryCodes: number;
  note: PeopleNote | null;
  fault: SetUpFaultText | undefined;
}

/** Renders the page on which people change their own data, and what they log in with. */
export function renderProfilePage(frame: PanelFrame, view: ProfileView): string {
  const words = panelWords(frame.reader, peopleTexts);
  const access = panelWords(frame.reader, accessTexts);
  const { text, phrase } = words;
  return renderPanelPage(
    text('profile'),
    frame,
    <>
      <h1>{text('profile')}</h1>
      <Outcome words={words} note={view.note} invitation={null} />
      {view.fault !== undefined && (
        <p class="note bad" role="alert">
          {access.text(`fault_${view.fault}`)}
        </p>
      )}
      <Details frame={frame} view={view} />
      <Passkeys frame={frame} view={view} />
      <section class="card" aria-labelledby="new-password">
        <h2 id="new-password">{text('password_change')}</h2>
        <PanelForm frame={frame} action="/panel/profile/password" class="person">
          <NewPasswordFields words={access} totp={view.totp} />
          <button type="submit">{text('save')}</button>
        </PanelForm>
      </section>
      <section class="card">
        <p>
          <Words of={phrase('recovery_left', { count: words.integer(view.recoveryCodes) })} />
        </p>
        <PanelForm frame={frame} action="/panel/profile/recovery">
          <button type="submit">{text('new_recovery')}</button>
        </PanelForm>
      </section>
      <Sessions frame={frame} words={words} sessions={view.sessions} path="/panel/profile/sessions" />
      <PanelForm frame={frame} action="/panel/profile/sessions/end">
        <button type="submit">{text('end_others')}</button>
      </PanelForm>
    </>,
    view.passkeyOptions === undefined ? {} : { scripts: ['/assets/panel-passkeys.js'] },
  );
}

interface Part {
  readonly frame: PanelFrame;
  readonly view: ProfileView;
}

function Details({ frame, view: { login, name, email, language } }: Part): VNode {
  const { text } = panelWords(frame.reader, peopleTexts);
  return (
    <section class="card">
      <p class="facts">
        <Verbatim>{login}</Verbatim>
      </p>
      <PanelForm frame={frame} action="/panel/profile" class="person">
        <label for="name">{text('name')}</label>
        <input id="name" name="name" required maxLength={64} value={name} autocomplete="name" />
        <label for="email">{text('email')}</label>
        <input id="email" name="email" type="email" maxLength={320} value={email} autocomplete="email" />
        <label for="language">{text('language')}</label>
        <select id="language" name="language">
          <option value="">{text('language_browser')}</option>
          {LANGUAGES.map(({ tag, name: own }) => (
            <option key={tag} value={tag} lang={tag} selected={tag === language}>
              {own}
            </option>
          ))}
        </select>
        <button type="submit">{text('save')}</button>
      </PanelForm>
    </section>
  );
}

function Passkeys({ frame, view: { passkeys, passkeyOptions } }: Part): VNode {
  const { text } = panelWords(frame.reader, peopleTexts);
  const access = panelWords(frame.reader, accessTexts);
  return (
    <section class="card" aria-labelledby="passkeys">
      <h2 id="passkeys">{text('passkeys')}</h2>
      {passkeys.length === 0 && <p class="hint">{text('no_passkeys')}</p>}
      {passkeys.map(({ id, name }) => (
        <PanelForm key={id} frame={frame} action="/panel/profile/passkeys/remove">
          <input type="hidden" name="passkey" value={id} />
          <Verbatim>{name}</Verbatim>{' '}
          <button class="quiet" type="submit">
            {text('remove')}
          </button>
        </PanelForm>
      ))}
      {passkeyOptions !== undefined && (
        <PanelForm
          class="person"
          frame={frame}
          action="/panel/profile/passkeys"
          passkey={{ kind: 'create', options: passkeyOptions }}
        >
          <input type="hidden" name="credential" />
          <label for="passkey-name">{access.text('passkey_name')}</label>
          <input id="passkey-name" name="name" maxLength={64} autocomplete="off" />
          <button type="submit">{access.text('create_passkey')}</button>
        </PanelForm>
      )}
    </section>
  );
}
