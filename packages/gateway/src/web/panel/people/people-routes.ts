/** The pages on which owners invite people, and change what they may do. */
import {
  renderPeoplePage,
  renderPersonPage,
  type InvitationView,
  type PeopleNote,
  type PersonView,
  type ScopeChoice,
  type ScopeChoices,
  type SessionView,
} from '@webpos/web';
import { isoDate } from '../../../kernel/clock.ts';
import { isUuidV4, type MerchantId, type PersonId, type PosId } from '../../../kernel/ids.ts';
import { parseName } from '../../../merchants/name.ts';
import { parseEmail, parseLogin } from '../../../people/login-name.ts';
import type { Person, PersonScope } from '../../../people/person.ts';
import { isRole, type Role } from '../../../people/role.ts';
import { MAX_SCOPE_IDS, WHOLE_SCOPE } from '../../../people/scope.ts';
import type { OrderReadContext } from '../../../services/context.ts';
import { invitationUrl } from '../../../services/people/invitations.ts';
import {
  changePerson,
  createPerson,
  invitePerson,
  resetPerson,
  type InvitedPerson,
} from '../../../services/people/manage-people.ts';
import { PeopleError } from '../../../services/people/people-error.ts';
import type { PeopleContext } from '../../../services/people/people-context.ts';
import { scopeGap } from '../../../services/people/scope-gap.ts';
import { endSession, MAX_SESSIONS_SHOWN } from '../../../services/people/sessions.ts';
import type { StoredSession } from '../../../store/ports/people/session-store.ts';
import type { Fields, FormRequest, FormResult, PageRequest, PanelRouter } from '../panel-router.ts';

export type PeopleRoutesContext = PeopleContext & OrderReadContext;

const PAGE_SIZE = 50;
const CONFIRMED = { staleTo: '/panel/people', reauthenticate: true } as const;

interface Outcome {
  readonly note?: PeopleNote;
  readonly invitation?: InvitationView;
}

export function peopleRoutes(panel: PanelRouter, context: PeopleRoutesContext): void {
  panel.page('/panel/people', 'people.manage', async (page) => (seesAll(page) ? listPage(context, page, {}) : undefined));
  panel.page('/panel/people/:person', 'people.manage', (page) => personPage(context, page, {}));
  panel.form('/panel/people', 'people.manage', async (form) => (seesAll(form) ? create(context, form) : undefined), CONFIRMED);
  panel.form('/panel/people/:person', 'people.manage', (form) => change(context, form, detailsOf(form.fields)), CONFIRMED);
  panel.form('/panel/people/:person/disable', 'people.manage', (form) => change(context, form, { enabled: false }), CONFIRMED);
  panel.form('/panel/people/:person/enable', 'people.manage', (form) => change(context, form, { enabled: true }), CONFIRMED);
  panel.form('/panel/people/:person/invite', 'people.manage', (form) => inviteAgain(context, form, invitePerson), CONFIRMED);
  panel.form('/panel/people/:person/reset', 'people.manage', (form) => inviteAgain(context, form, resetPerson), CONFIRMED);
  panel.form(
    '/panel/people/:person/sessions/:session/end',
    'people.manage',
    async (form) => {
      const {
        viewer,
        params: { person = '', session = '' },
      } = form;
      if (!seesAll(form)) return undefined;
      const found = await context.store.sessions.get(session);
      if (found === undefined || found.personId !== person) return undefined;
      await endSession(context, viewer.actor, session);
      return `/panel/people/${person}`;
    },
    { staleTo: '/panel/people' },
  );
}

async function listPage(context: PeopleRoutesContext, page: PageRequest, { note, invitation }: Outcome): Promise<string> {
  const found = await context.store.people.list((page.query['after'] ?? '').slice(0, 200), PAGE_SIZE);
  return renderPeoplePage(await page.frame(), {
    people: found.map(personView),
    next: found.length === PAGE_SIZE ? (found.at(-1)?.login ?? null) : null,
    choices: await scopeChoices(context),
    note: note ?? null,
    invitation: invitation ?? null,
  });
}

async function personPage(
  context: PeopleRoutesContext,
  page: PageRequest,
  { note, invitation }: Outcome,
): Promise<string | undefined> {
  const person = await personIn(context, page);
  if (person === undefined) return undefined;
  const sessions = await context.store.sessions.ofPerson(person.id, MAX_SESSIONS_SHOWN);
  return renderPersonPage(await page.frame(), {
    person: personView(person),
    choices: await scopeChoices(context, person.scope),
    sessions: sessions.map((session) => sessionView(session, page.visit.session.id)),
    note: note ?? (page.query['note'] === 'saved' ? 'saved' : null),
    invitation: invitation ?? null,
  });
}

async function create(context: PeopleRoutesContext, form: FormRequest): Promise<FormResult> {
  const { fields, viewer } = form;
  const details = detailsOf(fields);
  const login = orUndefined(() => parseLogin(fields['login'] ?? ''));
  if (details === undefined || login === undefined || !(await isKnown(context, details.scope)))
    return { html: await listPage(context, form, { note: 'invalid' }), status: 422 };
  try {
    const invited = await createPerson(context, viewer.actor, { ...details, login });
    return { html: await listPage(context, form, { invitation: invitationView(context, invited) }) };
  } catch (error) {
    return { html: await listPage(context, form, { note: noteOf(error) }), status: 422 };
  }
}

async function change(
  context: PeopleRoutesContext,
  form: FormRequest,
  wanted: Parameters<typeof changePerson>[3] | undefined,
): Promise<FormResult | undefined> {
  const person = await personIn(context, form);
  if (person === undefined) return undefined;
  const failed = async (note: PeopleNote): Promise<FormResult> => ({
    html: (await personPage(context, form, { note })) ?? '',
    status: 422,
  });
  if (wanted === undefined || !(await isKnown(context, wanted.scope))) return failed('invalid');
  try {
    await changePerson(context, form.viewer.actor, person.id, wanted);
    return `/panel/people/${person.id}?note=saved`;
  } catch (error) {
    return failed(noteOf(error));
  }
}

async function inviteAgain(
  context: PeopleRoutesContext,
  form: FormRequest,
  invite: typeof invitePerson,
): Promise<FormResult | undefined> {
  const person = await personIn(context, form);
  if (person === undefined) return undefined;
  const invitation = invitationView(context, await invite(context, form.viewer.actor, person.id));
  return { html: (await personPage(context, form, { invitation })) ?? '' };
}

/** Somebody who sees some POS only must not let anybody see more. */
function seesAll({ viewer }: PageRequest): boolean {
  return viewer.posIds === undefined;
}

async function personIn({ store }: PeopleRoutesContext, page: PageRequest): Promise<Person | undefined> {
  const { person = '' } = page.params;
  return isUuidV4(person) && seesAll(page) ? store.people.get(person as PersonId) : undefined;
}

interface Details {
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly scope: PersonScope;
}

/** Reads the fields of a person; undefined if one is invalid. */
function detailsOf(fields: Fields): Details | undefined {
  const { role = '', scope } = fields;
  const name = orUndefined(() => parseName(fields['name'] ?? ''));
  const email = orUndefined(() => parseEmail(fields['email'] ?? ''));
  const [merchants, pos] = [idsOf(fields, 'merchant_'), idsOf(fields, 'pos_')];
  if (name === undefined || email === undefined || !isRole(role) || ![...merchants, ...pos].every(isUuidV4)) return undefined;
  if (scope !== 'some') return { name, email, role, scope: WHOLE_SCOPE };
  const named = merchants.length + pos.length;
  if (named === 0 || named > MAX_SCOPE_IDS) return undefined;
  return { name, email, role, scope: { kind: 'some', merchants: merchants as MerchantId[], pos: pos as PosId[] } };
}

/** Returns what is checked in a list. */
function idsOf(fields: Fields, prefix: string): string[] {
  return Object.keys(fields)
    .filter((field) => field.startsWith(prefix))
    .map((field) => field.slice(prefix.length));
}

async function isKnown({ store }: PeopleRoutesContext, scope: PersonScope = WHOLE_SCOPE): Promise<boolean> {
  return (await scopeGap(store, scope)) === undefined;
}

function orUndefined<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** @throws every error that is no refusal. */
function noteOf(error: unknown): PeopleNote {
  if (error instanceof PeopleError && error.reason !== 'unknown') return error.reason;
  throw error;
}

function personView({ id, login, name, email, role, scope, disabledAt }: Person): PersonView {
  const shown = scope.kind === 'all' ? null : { merchants: scope.merchants, pos: scope.pos };
  return { id, login, name, email: email ?? '', role, scope: shown, isDisabled: disabledAt !== null };
}

export function sessionView({ id, userAgent, address, lastUsedAt }: StoredSession, thisId: string): SessionView {
  return { id, isThis: id === thisId, userAgent, address, lastUsedAt: isoDate(lastUsedAt) };
}

/** @param scope Whose merchants and POS are among the choices, also when there are more than are listed: the form sends only those. */
async function scopeChoices({ store }: PeopleRoutesContext, scope: PersonScope = WHOLE_SCOPE): Promise<ScopeChoices> {
  const { merchants, pos } = scope.kind === 'all' ? { merchants: [], pos: [] } : scope;
  const choicesOf = (all: readonly ScopeChoice[], chosen: readonly string[]): ScopeChoice[] =>
    all.filter(({ id }, at) => at < MAX_SCOPE_IDS || chosen.includes(id)).map(({ id, name }) => ({ id, name }));
  return { merchants: choicesOf(await store.merchants.list(), merchants), pos: choicesOf(await store.pos.list(), pos) };
}

function invitationView({ publicUrl }: PeopleRoutesContext, { person, invitation }: InvitedPerson): InvitationView {
  return { name: person.name, link: invitationUrl(publicUrl, invitation), expiresAt: isoDate(invitation.expiresAt) };
}
