/**
 * Creates people and changes what they may do. Every change records itself in the audit log, in its transaction. The last owner who may log
 * in can be neither disabled nor given another role.
 */
import type { PersonId } from '../../kernel/ids.ts';
import type { Actor } from '../../people/actor.ts';
import type { Person, PersonScope } from '../../people/person.ts';
import type { Role } from '../../people/role.ts';
import { scopeText } from '../../people/scope.ts';
import type { StoredPerson } from '../../store/ports/people/person-store.ts';
import { recordAction } from '../audit/audit-log.ts';
import { isAuthentic, signed } from './authentic.ts';
import { putInvitation, type Invitation } from './invitations.ts';
import type { PeopleContext, PeopleTransaction } from './people-context.ts';
import { PeopleError } from './people-error.ts';
import { noticePerson } from './people-notices.ts';

export interface NewPerson {
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly scope: PersonScope;
}

export interface InvitedPerson {
  readonly person: Person;
  readonly invitation: Invitation;
}

/** @throws PeopleError if the login is taken. */
export async function createPerson(context: PeopleContext, actor: Actor, wanted: NewPerson): Promise<InvitedPerson> {
  const { store, clock, keys, newUuid } = context;
  const person = signed(
    'person',
    { ...wanted, id: newUuid() as PersonId, language: null, createdAt: clock.now(), disabledAt: null },
    keys.people,
  );
  return store.transaction(async (tx) => {
    if (!(await tx.people.insert(person)))
      throw new PeopleError('login_taken', `login: expected one that nobody has, got ${person.login}`);
    const invitation = await putInvitation(context, tx, person.id);
    await recordAction(context, tx, actor, {
      action: 'person.create',
      subject: { kind: 'person', id: person.id },
      after: { login: person.login, name: person.name, ...accessOf(person) },
    });
    await noticePerson(context, tx, actor, person, 'added');
    return { person, invitation };
  });
}

/** What to change about a person; undefined properties stay as they are. */
export interface PersonChange {
  readonly name?: string | undefined;
  readonly email?: string | null | undefined;
  readonly language?: string | null | undefined;
  readonly role?: Role | undefined;
  readonly scope?: PersonScope | undefined;
  readonly enabled?: boolean | undefined;
}

/**
 * Changes a person. One who may do something else than before logs in again.
 *
 * @throws PeopleError if the person does not exist, or nobody would be left who is an owner.
 */
export async function changePerson(context: PeopleContext, actor: Actor, id: PersonId, change: PersonChange): Promise<Person> {
  return context.store.transaction(async (tx) => {
    const before = await lockPerson(tx, id);
    const { name = before.name, email = before.email, language = before.language } = change;
    const { role = before.role, scope = before.scope, enabled = before.disabledAt === null } = change;
    const disabledAt = enabled ? null : (before.disabledAt ?? context.clock.now());
    const values = { ...before, name, email, language, role, scope, disabledAt };
    const after = isConfirmed(before, change, context.keys.people) ? signed('person', values, context.keys.people) : values;
    if (isOwner(before) && !isOwner(after)) await refuseLastOwner(tx, id);
    await tx.people.update(after);
    const isRestricted = role !== before.role || disabledAt !== before.disabledAt;
    if (isRestricted) await tx.sessions.removeOf(id);
    if (disabledAt !== null) await tx.invitations.removeOf(id);
    await recordAction(context, tx, actor, {
      action: actionOf(before, after),
      subject: { kind: 'person', id },
      before: { name: before.name, ...accessOf(before) },
      after: { name, ...accessOf(after) },
    });
    if (JSON.stringify(accessOf(before)) !== JSON.stringify(accessOf(after)))
      await noticePerson(context, tx, actor, after, disabledAt === null ? 'changed' : 'removed');
    return after;
  });
}

/**
 * Whether the access of a person is what somebody has decided. A row that was changed by somebody without the key file gets no MAC by a
 * change of something else: role and scope have to be given anew.
 */
function isConfirmed(before: StoredPerson, { role, scope }: PersonChange, key: Uint8Array): boolean {
  return isAuthentic('person', before, key) || (role !== undefined && scope !== undefined);
}

/** Invites a person again, who keeps what they log in with. @throws PeopleError if the person does not exist. */
export async function invitePerson(context: PeopleContext, actor: Actor, id: PersonId): Promise<InvitedPerson> {
  return context.store.transaction(async (tx) => {
    const person = await lockPerson(tx, id);
    const invitation = await putInvitation(context, tx, id);
    await recordAction(context, tx, actor, { action: 'person.invite', subject: { kind: 'person', id } });
    return { person, invitation };
  });
}

/**
 * Removes everything that a person logs in with, ends their sessions, and invites them again.
 *
 * @throws PeopleError if the person does not exist.
 */
export async function resetPerson(context: PeopleContext, actor: Actor, id: PersonId): Promise<InvitedPerson> {
  return context.store.transaction(async (tx) => {
    const person = await lockPerson(tx, id);
    await tx.credentials.removeAll(id);
    await tx.sessions.removeOf(id);
    const invitation = await putInvitation(context, tx, id);
    await recordAction(context, tx, actor, { action: 'person.reset', subject: { kind: 'person', id } });
    await noticePerson(context, tx, actor, person, 'changed');
    return { person, invitation };
  });
}

/** What the audit log says about what a person may do. */
export function accessOf({ role, scope, disabledAt }: Pick<Person, 'role' | 'scope' | 'disabledAt'>): {
  readonly role: Role;
  readonly scope: string;
  readonly enabled: boolean;
} {
  return { role, scope: scopeText(scope), enabled: disabledAt === null };
}

/** @throws PeopleError if the person does not exist. */
async function lockPerson(tx: PeopleTransaction, id: PersonId): Promise<StoredPerson> {
  // Owners are locked first and in one order, so that two who demote each other do not both succeed.
  await tx.people.lockOwners(MAX_OWNERS_LOCKED);
  const person = await tx.people.lock(id);
  if (person === undefined) throw new PeopleError('unknown', `no person with id ${id}`);
  return person;
}

/** Enough to find another owner: while these exist, others make no difference. */
const MAX_OWNERS_LOCKED = 50;

async function refuseLastOwner(tx: PeopleTransaction, id: PersonId): Promise<void> {
  const owners = await tx.people.lockOwners(MAX_OWNERS_LOCKED);
  if (!owners.some((owner) => owner.id !== id))
    throw new PeopleError('last_owner', 'this is the last owner who may log in: make somebody else an owner first');
}

function isOwner({ role, disabledAt }: Pick<Person, 'role' | 'disabledAt'>): boolean {
  return role === 'owner' && disabledAt === null;
}

function actionOf(before: Person, after: Person): string {
  if (before.disabledAt === null && after.disabledAt !== null) return 'person.disable';
  if (before.disabledAt !== null && after.disabledAt === null) return 'person.enable';
  return 'person.change';
}
