/**
 * The sessions of browsers. A session of a person ends after twelve hours without use, and after thirty days in any case; one that a code
 * of `webpos panel login` opened ends after twelve hours. The secret is replaced after every proof of who the person is, so that a secret
 * that somebody planted or saw before is worth nothing afterwards.
 */
import { randomBytes } from 'node:crypto';
import { plusMs } from '../../kernel/clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/durations.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { Actor } from '../../people/actor.ts';
import { secretHash } from '../../security/row-mac.ts';
import type { StoredSession } from '../../store/ports/people/session-store.ts';
import { recordAction } from '../audit/audit-log.ts';
import { isAuthentic, signed } from './authentic.ts';
import { useCode } from './panel-access.ts';
import { noticeDevice } from './people-notices.ts';
import type { PeopleContext, PeopleTransaction } from './people-context.ts';

const IDLE_MS = 12 * HOUR_MS;
const LIFE_MS = 30 * DAY_MS;
const OPERATOR_LIFE_MS = 12 * HOUR_MS;
/** How long a proof of who somebody is allows dangerous actions. */
const PROOF_MS = 5 * MINUTE_MS;
/** A use is noted at most this often. */
const NOTE_MS = MINUTE_MS;
/** More are not shown; the oldest are removed first. */
export const MAX_SESSIONS_SHOWN = 50;
const MAX_USER_AGENT = 200;

/** Where a session is used. */
export interface SessionPlace {
  readonly userAgent: string;
  readonly address: string;
}

export interface OpenedSession {
  readonly secret: string;
  readonly session: StoredSession;
}

/** Opens a session in the transaction that has proved who the person is. @param personId Null for an operator. */
export async function openSession(
  context: PeopleContext,
  tx: PeopleTransaction,
  personId: PersonId | null,
  { userAgent, address }: SessionPlace,
): Promise<OpenedSession> {
  const now = context.clock.now();
  const secret = newSecret();
  const session = signed(
    'session',
    {
      id: context.newUuid(),
      hash: secretHash(context.keys.people, 'session', secret),
      personId,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: plusMs(now, personId === null ? OPERATOR_LIFE_MS : LIFE_MS),
      confirmedAt: now,
      userAgent: userAgent.slice(0, MAX_USER_AGENT),
      address,
    },
    context.keys.people,
  );
  await tx.sessions.prune(now, plusMs(now, -IDLE_MS));
  await tx.sessions.insert(session);
  if (personId !== null) await noticeDevice(tx, { ...session, personId });
  return { secret, session };
}

/** Opens a session with a code of `webpos panel login`. Returns undefined if the code is wrong, used or expired. */
export async function openOperatorSession(
  context: PeopleContext,
  code: string,
  place: SessionPlace,
): Promise<OpenedSession | undefined> {
  return context.store.transaction(async (tx) => {
    if (!(await useCode(context, tx, code))) return undefined;
    const opened = await openSession(context, tx, null, place);
    await recordAction(context, tx, { kind: 'operator' }, loginBy('code', opened, place));
    return opened;
  });
}

/** The entry of the audit log about a login. */
export function loginBy(
  means: string,
  { session }: OpenedSession,
  { userAgent, address }: SessionPlace,
): Parameters<typeof recordAction>[3] {
  return {
    action: 'session.open',
    subject: { kind: 'session', id: session.id },
    after: { means, address, user_agent: userAgent.slice(0, MAX_USER_AGENT) },
  };
}

/**
 * Returns the session of a secret if it is valid now, and notes its use.
 *
 * @param address Undefined if nobody uses it: an open page asks for itself.
 */
export async function findSession(
  { store, clock, keys }: PeopleContext,
  secret: string,
  address: string | undefined,
): Promise<StoredSession | undefined> {
  const session = await store.sessions.byHash(secretHash(keys.people, 'session', secret));
  const now = clock.now();
  if (session === undefined || session.expiresAt <= now || plusMs(session.lastUsedAt, IDLE_MS) <= now) return undefined;
  if (!isAuthentic('session', session, keys.people)) return undefined;
  if (address !== undefined && now - session.lastUsedAt >= NOTE_MS) await store.sessions.noteUse(session.id, now, address);
  return session;
}

/** Whether the person has proved recently who they are. */
export function isConfirmed(
  { clock }: Pick<PeopleContext, 'clock'>,
  { confirmedAt }: Pick<StoredSession, 'confirmedAt'>,
): boolean {
  const age = clock.now() - confirmedAt;
  return age >= 0 && age < PROOF_MS;
}

/** Notes a proof of who the person is, and replaces the secret. Returns undefined if the session has ended meanwhile. */
export async function confirmSession(
  context: PeopleContext,
  tx: PeopleTransaction,
  session: StoredSession,
  actor: Actor,
  means: string,
): Promise<OpenedSession | undefined> {
  const { keys, clock } = context;
  const secret = newSecret();
  const now = clock.now();
  const hash = secretHash(keys.people, 'session', secret);
  const confirmed = signed('session', { ...session, hash, confirmedAt: now, lastUsedAt: now }, keys.people);
  if (!(await tx.sessions.replace(session.hash, confirmed))) return undefined;
  await recordAction(context, tx, actor, {
    action: 'session.confirm',
    subject: { kind: 'session', id: session.id },
    after: { means },
  });
  return { secret, session: confirmed };
}

/** Ends a session. Returns false if it has ended already. */
export async function endSession(context: PeopleContext, actor: Actor, id: string): Promise<boolean> {
  return context.store.transaction(async (tx) => {
    if (!(await tx.sessions.remove(id))) return false;
    await recordAction(context, tx, actor, { action: 'session.end', subject: { kind: 'session', id } });
    return true;
  });
}

/** Ends the sessions of a person, except one, and returns how many there were. */
export async function endSessionsOf(
  context: PeopleContext,
  actor: Actor,
  personId: PersonId,
  exceptId?: string,
): Promise<number> {
  return context.store.transaction(async (tx) => {
    const ended = await tx.sessions.removeOf(personId, exceptId);
    if (ended > 0)
      await recordAction(context, tx, actor, {
        action: 'session.end_all',
        subject: { kind: 'person', id: personId },
        note: `${ended} sessions`,
      });
    return ended;
  });
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
