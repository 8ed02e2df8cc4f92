/** Logs people in, and lets those who are logged in prove again who they are. */
import type { PersonId } from '../../kernel/ids.ts';
import type { Person } from '../../people/person.ts';
import { normalLogin } from '../../people/login-name.ts';
import type { StoredSession } from '../../store/ports/people/session-store.ts';
import { recordAction } from '../audit/audit-log.ts';
import { isAuthentic } from './authentic.ts';
import { useCode } from './panel-access.ts';
import type { PeopleContext, PeopleTransaction } from './people-context.ts';
import type { Proof } from './prove.ts';
import { confirmSession, loginBy, openSession, type OpenedSession, type SessionPlace } from './sessions.ts';

/** Returns the person with a login who may log in; undefined without one. */
export async function personOfLogin({ store, keys }: PeopleContext, login: string): Promise<Person | undefined> {
  const person = await store.people.byLogin(normalLogin(login));
  return person !== undefined && person.disabledAt === null && isAuthentic('person', person, keys.people) ? person : undefined;
}

/** Opens a session for a proof. Returns undefined if it was used before, or the person may not log in. */
export async function logIn(
  context: PeopleContext,
  proof: Proof,
  place: SessionPlace,
): Promise<(OpenedSession & { readonly person: Person }) | undefined> {
  return context.store.transaction(async (tx) => {
    const person = await enabledPerson(context, tx, proof.personId);
    const means = await proof.take(tx);
    if (person === undefined || means === undefined) return undefined;
    const opened = await openSession(context, tx, person.id, place);
    const { id, name } = person;
    await recordAction(context, tx, { kind: 'person', id, name }, loginBy(means, opened, place));
    return { ...opened, person };
  });
}

/** Confirms a session with a proof of the same person. Returns undefined if it is not one. */
export async function confirmByProof(
  context: PeopleContext,
  session: StoredSession,
  proof: Proof,
): Promise<OpenedSession | undefined> {
  if (proof.personId !== session.personId) return undefined;
  return context.store.transaction(async (tx) => {
    const person = await enabledPerson(context, tx, proof.personId);
    const means = person === undefined ? undefined : await proof.take(tx);
    if (person === undefined || means === undefined) return undefined;
    return confirmSession(context, tx, session, { kind: 'person', id: person.id, name: person.name }, means);
  });
}

/** Confirms an operator's session with a new code of `webpos panel login`. */
export async function confirmByCode(
  context: PeopleContext,
  session: StoredSession,
  code: string,
): Promise<OpenedSession | undefined> {
  if (session.personId !== null) return undefined;
  return context.store.transaction(async (tx) =>
    (await useCode(context, tx, code)) ? confirmSession(context, tx, session, { kind: 'operator' }, 'code') : undefined,
  );
}

async function enabledPerson({ keys }: PeopleContext, tx: PeopleTransaction, id: PersonId): Promise<Person | undefined> {
  const person = await tx.people.get(id);
  return person !== undefined && person.disabledAt === null && isAuthentic('person', person, keys.people) ? person : undefined;
}
