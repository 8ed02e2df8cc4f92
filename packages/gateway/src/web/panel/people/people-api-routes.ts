/** People in the panel's API: what `webpos user` does. Only for tokens that see all POS, so that none grants more than it has. */
import { ContractError, validationError } from '../../../contract/contract-error.ts';
import { FieldReader } from '../../../http/field-reader.ts';
import { isUuidV4, type MerchantId, type PersonId, type PosId } from '../../../kernel/ids.ts';
import { parseName } from '../../../merchants/name.ts';
import { parseEmail, parseLogin } from '../../../people/login-name.ts';
import type { PersonScope } from '../../../people/person.ts';
import { ROLES } from '../../../people/role.ts';
import { MAX_SCOPE_IDS, WHOLE_SCOPE } from '../../../people/scope.ts';
import {
  changePerson,
  createPerson,
  invitePerson,
  resetPerson,
  type PersonChange,
} from '../../../services/people/manage-people.ts';
import { PeopleError } from '../../../services/people/people-error.ts';
import { invitedPersonJson, listedPersonJson, personJson, sessionJson } from '../../../services/people/person-json.ts';
import { scopeGap } from '../../../services/people/scope-gap.ts';
import { endSession, endSessionsOf, MAX_SESSIONS_SHOWN } from '../../../services/people/sessions.ts';
import type { StoredPerson } from '../../../store/ports/people/person-store.ts';
import type { ApiEndpoint, ApiRequest, PanelRouter } from '../panel-router.ts';
import { requireAllPos } from '../scope.ts';
import type * as Schemas from './people-schemas.ts';
import type { PeopleRoutesContext } from './people-routes.ts';

type Context = PeopleRoutesContext;

const schemas = (): Promise<typeof Schemas> => import('./people-schemas.ts');
const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 200;
const MAX_LOGIN_CHARACTERS = 200;

export function peopleApiRoutes(panel: PanelRouter, context: Context): void {
  const endpoint = (name: keyof typeof Schemas, handle: ApiEndpoint['handle']): ApiEndpoint => ({
    permission: 'people.manage',
    schema: async () => (await schemas())[name],
    handle: async (request, reply) => {
      requireAllPos(request.viewer);
      return handle(request, reply);
    },
  });
  /** Somebody who has only found a token must not let themselves in. */
  const dangerous = (name: keyof typeof Schemas, handle: ApiEndpoint['handle']): ApiEndpoint => ({
    ...endpoint(name, handle),
    reauthenticate: true,
  });
  panel.api('/people', {
    GET: endpoint('listPeople', (request) => list(context, request)),
    POST: dangerous('invitePerson', async (request, reply) => reply.code(201).send(await create(context, request))),
  });
  panel.api('/people/:person', {
    GET: endpoint('getPerson', (request) => show(context, request)),
    PATCH: dangerous('changePerson', (request) => change(context, request, readChange)),
  });
  panel.api('/people/:person/disable', {
    POST: dangerous('disablePerson', (request) => change(context, request, () => ({ enabled: false }))),
  });
  panel.api('/people/:person/enable', {
    POST: dangerous('enablePerson', (request) => change(context, request, () => ({ enabled: true }))),
  });
  panel.api('/people/:person/invite', {
    POST: dangerous('invitePersonAgain', (request) => inviteAgain(context, request, invitePerson)),
  });
  panel.api('/people/:person/reset', {
    POST: dangerous('resetPerson', (request) => inviteAgain(context, request, resetPerson)),
  });
  panel.api('/people/:person/sessions/end', {
    POST: endpoint('endSessions', async (request) => {
      const { id } = await personOf(context, request);
      return { ended: await endSessionsOf(context, request.viewer.actor, id) };
    }),
  });
  panel.api('/people/:person/sessions/:session', {
    DELETE: endpoint('endSession', async (request, reply) => {
      await endOne(context, request);
      return reply.code(204).send();
    }),
  });
}

async function list(context: Context, { query }: ApiRequest): Promise<unknown> {
  const read = new FieldReader(query);
  const after = read.text('after', MAX_LOGIN_CHARACTERS) ?? '';
  const limit = read.integer('limit', DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE);
  read.throwIfWrong();
  const found = await context.store.people.list(after, limit + 1);
  const people = found.slice(0, limit);
  return {
    people: people.map((person) => listedPersonJson(context, person)),
    next: found.length > limit ? (people.at(-1)?.login ?? null) : null,
  };
}

async function show(context: Context, request: ApiRequest): Promise<unknown> {
  const person = await personOf(context, request);
  const sessions = await context.store.sessions.ofPerson(person.id, MAX_SESSIONS_SHOWN);
  return { ...listedPersonJson(context, person), sessions: sessions.map(sessionJson) };
}

async function create(context: Context, { body, viewer }: ApiRequest): Promise<unknown> {
  const read = new FieldReader(body);
  const login = read.checked('login', parseLogin) ?? read.missing('login');
  const { role = read.missing('role'), name = login, email = null, scope = WHOLE_SCOPE } = readDetails(read);
  read.throwIfWrong();
  if (login === undefined || name === undefined || role === undefined) throw new ContractError('0001', 'invalid fields');
  await requireScope(context, scope);
  const invited = await asContractErrors(() => createPerson(context, viewer.actor, { login, name, email, role, scope }));
  return invitedPersonJson(context.publicUrl, invited);
}

async function change(context: Context, request: ApiRequest, wanted: (body: unknown) => PersonChange): Promise<unknown> {
  const { id } = await personOf(context, request);
  const changes = wanted(request.body);
  if (changes.scope !== undefined) await requireScope(context, changes.scope);
  return asContractErrors(async () => personJson(await changePerson(context, request.viewer.actor, id, changes)));
}

function readChange(body: unknown): PersonChange {
  const read = new FieldReader(body);
  const changes = readDetails(read);
  read.throwIfWrong();
  if (Object.values(changes).every((value) => value === undefined))
    throw validationError({ name: ['expected at least one of name, email, role, pos, merchants and all_pos'] });
  return changes;
}

function readDetails(read: FieldReader): Pick<PersonChange, 'name' | 'email' | 'role' | 'scope'> {
  return {
    name: read.checked('name', parseName),
    email: read.isNull('email') ? null : read.checked('email', parseEmail),
    role: read.oneOf('role', ROLES),
    scope: readScope(read),
  };
}

/** Undefined if the fields name none. */
function readScope(read: FieldReader): PersonScope | undefined {
  const pos = read.uuids<PosId>('pos', MAX_SCOPE_IDS) ?? [];
  const merchants = read.uuids<MerchantId>('merchants', MAX_SCOPE_IDS) ?? [];
  const isAll = read.flag('all_pos') === true;
  const named = pos.length + merchants.length;
  if (named > MAX_SCOPE_IDS) return read.wrong('pos', `expected at most ${MAX_SCOPE_IDS} POS and merchants, got ${named}`);
  if (isAll && named > 0) return read.wrong('all_pos', 'must not be given with pos or merchants');
  if (isAll) return WHOLE_SCOPE;
  return named === 0 ? undefined : { kind: 'some', pos, merchants };
}

async function requireScope({ store }: Context, scope: PersonScope): Promise<void> {
  const gap = await scopeGap(store, scope);
  if (gap === undefined) return;
  throw validationError(
    gap.kind === 'pos' ? { pos: [`no POS with id ${gap.id}`] } : { merchants: [`no merchant with id ${gap.id}`] },
  );
}

async function inviteAgain(context: Context, request: ApiRequest, invite: typeof invitePerson): Promise<unknown> {
  const { id } = await personOf(context, request);
  return asContractErrors(async () => invitedPersonJson(context.publicUrl, await invite(context, request.viewer.actor, id)));
}

async function endOne(context: Context, request: ApiRequest): Promise<void> {
  const { id } = await personOf(context, request);
  const session = await context.store.sessions.get(request.params['session'] ?? '');
  if (session?.personId !== id) throw new ContractError('3001', 'no such session');
  await endSession(context, request.viewer.actor, session.id);
}

/** @throws ContractError 3001 */
async function personOf({ store }: Context, { params: { person: id = '' } }: ApiRequest): Promise<StoredPerson> {
  const person = isUuidV4(id) ? await store.people.get(id as PersonId) : undefined;
  if (person === undefined) throw new ContractError('3001', 'no such person');
  return person;
}

const FIELDS = { login_taken: 'login', last_owner: 'role' } as const;

/** Translates the service's errors into errors of the contract. */
async function asContractErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PeopleError)) throw error;
    if (error.reason === 'unknown') throw new ContractError('3001', error.message, { cause: error });
    throw validationError({ [FIELDS[error.reason]]: [error.message] });
  }
}
