/** @jsxRuntime automatic @jsxImportSource preact */
import type { VNode } from 'preact';

import { UNTRANSLATED, Verbatim, Words } from '../../page/verbatim.tsx';
import type { PanelFrame } from '../frame/panel-frame.ts';
import { PanelForm, renderPanelPage } from '../frame/panel-page.tsx';
import { panelWords, type PanelWords } from '../frame/wording.ts';
import type { PeopleText } from './texts/en.ts';
import { peopleTexts } from './texts/index.ts';

export type RoleView = 'owner' | 'manager' | 'accountant' | 'cashier';
const ROLES: readonly RoleView[] = ['owner', 'manager', 'accountant', 'cashier'];

/** What a form has done, or why it has not. */
export type PeopleNote = 'saved' | 'last_owner' | 'login_taken' | 'invalid';

export interface PersonView {
  id: string;
  login: string;
  name: string;
  email: string;
  role: RoleView;
  isDisabled: boolean;
  /** What the person sees; null: all POS. */
  scope: { readonly merchants: readonly string[]; readonly pos: readonly string[] } | null;
}

/** A POS or a merchant. */
export interface ScopeChoice {
  id: string;
  name: string;
}

/** What a person can be let see a part of. */
export interface ScopeChoices {
  merchants: readonly ScopeChoice[];
  pos: readonly ScopeChoice[];
}

/** A link that is shown once. */
export interface InvitationView {
  name: string;
  link: string;
  expiresAt: string;
}

export interface PeopleView {
  people: readonly PersonView[];
  /** The login to continue after; null at the end. */
  next: string | null;
  choices: ScopeChoices;
  note: PeopleNote | null;
  invitation: InvitationView | null;
}

/** Renders the list of people, with the form that invites another. */
export function renderPeoplePage(frame: PanelFrame, view: PeopleView): string {
  const words = panelWords(frame.reader, peopleTexts);
  const { text } = words;
  return renderPanelPage(
    text('people'),
    frame,
    <>
      <h1>{text('people')}</h1>
      <Outcome words={words} note={view.note} invitation={view.invitation} />
      <ul class="card rows">
        {view.people.map(({ id, name, login, role, isDisabled }) => (
          <li key={id}>
            <a class="event" href={`${frame.basePath}/panel/people/${id}`}>
              <Verbatim>{name}</Verbatim>
            </a>
            <p class="facts">
              <Verbatim>{login}</Verbatim>
              <span>{text(`role_${role}`)}</span>
              {isDisabled && <span>{text('disabled')}</span>}
            </p>
          </li>
        ))}
      </ul>
      {view.next !== null && (
        <p class="pages">
          <a rel="next" href={`${frame.basePath}/panel/people?after=${encodeURIComponent(view.next)}`}>
            {text('older')}
          </a>
        </p>
      )}
      <section class="card" aria-labelledby="invite">
        <h2 id="invite">{text('invite')}</h2>
        <PanelForm frame={frame} action="/panel/people" class="person">
          <label for="login">{text('login')}</label>
          <input id="login" name="login" required maxLength={64} autocomplete="off" autocapitalize="none" spellcheck={false} />
          <PersonFields words={words} person={undefined} choices={view.choices} />
          <button type="submit">{text('invite_button')}</button>
        </PanelForm>
      </section>
    </>,
  );
}

export interface PersonPageView {
  person: PersonView;
  choices: ScopeChoices;
  sessions: readonly SessionView[];
  note: PeopleNote | null;
  invitation: InvitationView | null;
}

/** Renders the page of a person, for an owner. */
export function renderPersonPage(frame: PanelFrame, view: PersonPageView): string {
  const words = panelWords(frame.reader, peopleTexts);
  const { text } = words;
  const { person } = view;
  const path = `/panel/people/${person.id}`;
  return renderPanelPage(
    person.name,
    frame,
    <>
      <h1>
        <Verbatim>{person.name}</Verbatim>
        {person.isDisabled && <span class="badge bad">{text('disabled')}</span>}
      </h1>
      <Outcome words={words} note={view.note} invitation={view.invitation} />
      <section class="card">
        <PanelForm frame={frame} action={path} class="person">
          <PersonFields words={words} person={person} choices={view.choices} />
          <button type="submit">{text('save')}</button>
        </PanelForm>
      </section>
      <section class="card">
        <PanelForm frame={frame} action={`${path}/invite`}>
          <button type="submit">{text('new_link')}</button>
        </PanelForm>
        <PanelForm frame={frame} action={`${path}/reset`}>
          <button type="submit">{text('reset')}</button>
        </PanelForm>
        <PanelForm frame={frame} action={`${path}/${person.isDisabled ? 'enable' : 'disable'}`}>
          <button type="submit">{text(person.isDisabled ? 'enable' : 'disable')}</button>
        </PanelForm>
      </section>
      <Sessions frame={frame} words={words} sessions={view.sessions} path={`${path}/sessions`} />
    </>,
  );
}

type PeopleWords = PanelWords<PeopleText>;

export function Outcome({
  words: { text, phrase, date },
  note,
  invitation,
}: {
  words: PeopleWords;
  note: PeopleNote | null;
  invitation: InvitationView | null;
}): VNode {
  return (
    <>
      {note !== null && (
        <p class={`note ${note === 'saved' ? 'good' : 'bad'}`} role="status">
          {text(note)}
        </p>
      )}
      {invitation !== null && (
        <section class="card" role="status">
          <p>
            <Words of={phrase('invited', { name: invitation.name, time: date(invitation.expiresAt) })} />
          </p>
          <p>
            <code dir="ltr" {...UNTRANSLATED}>
              {invitation.link}
            </code>
          </p>
        </section>
      )}
    </>
  );
}

function PersonFields({
  words: { text, phrase },
  person,
  choices,
}: {
  words: PeopleWords;
  person: PersonView | undefined;
  choices: ScopeChoices;
}): VNode {
  const scope = person?.scope ?? null;
  const isAll = scope === null;
  return (
    <>
      <label for="name">{text('name')}</label>
      <input id="name" name="name" required maxLength={64} value={person?.name} autocomplete="off" />
      <label for="email">{text('email')}</label>
      <input id="email" name="email" type="email" maxLength={320} value={person?.email} autocomplete="off" />
      <label for="role">{text('role')}</label>
      <select id="role" name="role">
        {ROLES.map((role) => (
          <option key={role} value={role} selected={role === (person?.role ?? 'cashier')}>
            {text(`role_${role}`)}
          </option>
        ))}
      </select>
      <fieldset>
        <legend>{text('scope')}</legend>
        <label class="choice">
          <input type="radio" name="scope" value="all" checked={isAll} /> {text('scope_all')}
        </label>
        <label class="choice">
          <input type="radio" name="scope" value="some" checked={!isAll} /> {text('scope_some')}
        </label>
        {choices.merchants.map(({ id, name }) => (
          <label key={id} class="choice">
            <input type="checkbox" name={`merchant_${id}`} value="1" checked={scope?.merchants.includes(id) === true} />{' '}
            <span>
              <Words of={phrase('scope_merchant', { name })} />
            </span>
          </label>
        ))}
        {choices.pos.map(({ id, name }) => (
          <label key={id} class="choice">
            <input type="checkbox" name={`pos_${id}`} value="1" checked={scope?.pos.includes(id) === true} />{' '}
            <Verbatim>{name}</Verbatim>
          </label>
        ))}
      </fieldset>
    </>
  );
}

export interface SessionView {
  id: string;
  isThis: boolean;
  userAgent: string;
  address: string;
  lastUsedAt: string;
}

/** The sessions of a person, each with a button that ends it. */
export function Sessions(props: {
  frame: PanelFrame;
  words: PeopleWords;
  sessions: readonly SessionView[];
  path: string;
}): VNode {
  const { frame, words, sessions, path } = props;
  const { text, phrase, date } = words;
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">{text('sessions')}</h2>
      <ul class="card rows">
        {sessions.map(({ id, isThis, userAgent, address, lastUsedAt }) => (
          <li key={id}>
            <Verbatim>{userAgent === '' ? address : userAgent}</Verbatim>
            {isThis ? (
              <span class="badge good">{text('this_session')}</span>
            ) : (
              <PanelForm frame={frame} action={`${path}/${id}/end`}>
                <button class="quiet" type="submit">
                  {text('end')}
                </button>
              </PanelForm>
            )}
            <p class="facts">
              <Verbatim>{address}</Verbatim>
              <span>
                <Words of={phrase('last_used', { time: date(lastUsedAt) })} />
              </span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
