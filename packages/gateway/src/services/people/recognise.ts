/** Recognises who visits the panel or calls its API. Everything is read for each request, so that a change takes effect at the next one. */
import type { PersonId, PosId } from '../../kernel/ids.ts';
import type { Person, PersonScope } from '../../people/person.ts';
import { permissionsOf, type Role } from '../../people/role.ts';
import { OPERATOR, type Viewer } from '../../people/viewer.ts';
import { secretHash } from '../../security/row-mac.ts';
import type { StoredSession } from '../../store/ports/people/session-store.ts';
import type { Store } from '../../store/ports/store.ts';
import { isAuthentic } from './authentic.ts';
import type { PeopleContext } from './people-context.ts';
import { findSession } from './sessions.ts';

export interface RecognisedSession {
  readonly viewer: Viewer;
  readonly session: StoredSession;
  /** Undefined for an operator. */
  readonly person: Person | undefined;
}

/**
 * Returns the viewer of a session; undefined if it is invalid, expired or revoked, or the person may not log in any more.
 *
 * @param address Undefined if nobody uses the session.
 */
export async function viewerOfSession(
  context: PeopleContext,
  secret: string,
  address: string | undefined,
): Promise<RecognisedSession | undefined> {
  const session = await findSession(context, secret, address);
  if (session === undefined) return undefined;
  if (session.personId === null) return { viewer: OPERATOR, session, person: undefined };
  const person = await findPerson(context, session.personId);
  return person && { viewer: await viewerOf(context, person), session, person };
}

/** Returns a person as a viewer, for what is done without a request; undefined if the person may not log in. */
export async function viewerOfPerson(context: Pick<PeopleContext, 'store' | 'keys'>, id: PersonId): Promise<Viewer | undefined> {
  const person = await findPerson(context, id);
  return person && viewerOf(context, person);
}

/** Returns a person who may log in. */
async function findPerson({ store, keys }: Pick<PeopleContext, 'store' | 'keys'>, id: PersonId): Promise<Person | undefined> {
  const person = await store.people.get(id);
  return person?.disabledAt === null && isAuthentic('person', person, keys.people) ? person : undefined;
}

async function viewerOf({ store }: Pick<PeopleContext, 'store'>, person: Person): Promise<Viewer> {
  const { id, name, role, scope, language } = person;
  return {
    actor: { kind: 'person', id, name },
    permissions: permissionsOf(role),
    posIds: await posInScope(store, scope),
    onlyToday: seesOnlyToday(role),
    language,
  };
}

export interface RecognisedToken {
  readonly viewer: Viewer;
  /** Whether the token may do what people have to confirm. */
  readonly allowsDangerous: boolean;
}

/** Returns the viewer with a token; undefined if it is invalid, expired or revoked. */
export async function viewerOfToken({ store, clock, keys }: PeopleContext, secret: string): Promise<RecognisedToken | undefined> {
  const token = await store.panelTokens.byHash(secretHash(keys.people, 'token', secret));
  if (token === undefined || token.expiresAt <= clock.now() || !isAuthentic('token', token, keys.people)) return undefined;
  const { id, name, role, scope, allowsDangerous } = token;
  const viewer: Viewer = {
    actor: { kind: 'token', id, name },
    permissions: permissionsOf(role),
    posIds: await posInScope(store, scope),
    onlyToday: seesOnlyToday(role),
    language: null,
  };
  return { viewer, allowsDangerous };
}

function seesOnlyToday(role: Role): boolean {
  return role === 'cashier';
}

/** Returns the POS of a scope, with those that its merchants have now; undefined for all. */
async function posInScope({ pos }: Pick<Store, 'pos'>, scope: PersonScope): Promise<ReadonlySet<PosId> | undefined> {
  if (scope.kind === 'all') return undefined;
  const merchants = new Set(scope.merchants);
  const theirs = merchants.size === 0 ? [] : (await pos.list()).filter(({ merchantId: id }) => id !== null && merchants.has(id));
  return new Set([...scope.pos, ...theirs.map(({ id }) => id)]);
}
