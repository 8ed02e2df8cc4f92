/**
 * Grants access to the panel to those who run commands on the gateway's machine, and to programs. A code opens one session in a browser
 * within ten minutes, and is also the way in when nobody can log in otherwise. A token is for a program, and has a role and a scope. Only
 * the hashes of secrets are stored, made with the key file, so that a row in the database alone opens nothing.
 */
import { randomBytes } from 'node:crypto';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { MINUTE_MS } from '../../kernel/durations.ts';
import type { Actor } from '../../people/actor.ts';
import type { PersonScope } from '../../people/person.ts';
import type { Role } from '../../people/role.ts';
import { scopeText, WHOLE_SCOPE } from '../../people/scope.ts';
import { secretHash } from '../../security/row-mac.ts';
import { recordAction } from '../audit/audit-log.ts';
import { signed } from './authentic.ts';
import type { PeopleContext, PeopleTransaction } from './people-context.ts';
import { newTypedCode, shownCode, typedCode } from './typed-code.ts';

const CODE_MS = 10 * MINUTE_MS;
/** 60 bits are enough for a code that a person types and that is valid once within ten minutes. */
const CODE_LENGTH = 12;

export interface Issued {
  readonly secret: string;
  readonly expiresAt: EpochMs;
}

/** Issues a code such as `7K2Q-9XFM-2TRC`. */
export async function issueCode(context: PeopleContext, actor: Actor = { kind: 'command' }): Promise<Issued> {
  const { store, clock, keys } = context;
  const code = newTypedCode(CODE_LENGTH);
  const now = clock.now();
  const expiresAt = plusMs(now, CODE_MS);
  await store.transaction(async (tx) => {
    await tx.panel.prune(now);
    await tx.panel.grant({ kind: 'code', hash: secretHash(keys.people, 'code', code), expiresAt });
    await recordAction(context, tx, actor, { action: 'code.create', subject: { kind: 'session', id: null } });
  });
  return { secret: shownCode(code), expiresAt };
}

/** Uses a code up. Returns false if it is wrong, used or expired. */
export async function useCode({ clock, keys }: PeopleContext, tx: PeopleTransaction, typed: string): Promise<boolean> {
  const code = typedCode(typed);
  return code.length === CODE_LENGTH && tx.panel.revoke(secretHash(keys.people, 'code', code), 'code', clock.now());
}

export interface TokenTerms {
  readonly name: string;
  readonly role: Role;
  readonly scope: PersonScope;
  /** Whether the token may do what people have to confirm. */
  readonly allowsDangerous: boolean;
}

const OWNERS_TOKEN: TokenTerms = { name: 'panel token', role: 'owner', scope: WHOLE_SCOPE, allowsDangerous: false };

/** Issues a token for a program; by default one that may do what an owner may without confirming it. */
export async function issueToken(
  context: PeopleContext,
  lifeMs: number,
  terms: Partial<TokenTerms> = {},
  actor: Actor = { kind: 'command' },
): Promise<Issued & { readonly id: string }> {
  const { store, clock, keys, newUuid } = context;
  const { name, role, scope, allowsDangerous } = { ...OWNERS_TOKEN, ...terms };
  const secret = `panel_${randomBytes(32).toString('base64url')}`;
  const now = clock.now();
  const expiresAt = plusMs(now, lifeMs);
  const token = signed(
    'token',
    {
      id: newUuid(),
      hash: secretHash(keys.people, 'token', secret),
      name,
      role,
      scope,
      allowsDangerous,
      createdAt: now,
      expiresAt,
    },
    keys.people,
  );
  await store.transaction(async (tx) => {
    await tx.panelTokens.prune(now);
    await tx.panelTokens.insert(token);
    await recordAction(context, tx, actor, {
      action: 'token.create',
      subject: { kind: 'token', id: token.id },
      after: { name, role, scope: scopeText(scope), allows_dangerous: allowsDangerous, expires_at: expiresAt },
    });
  });
  return { id: token.id, secret, expiresAt };
}

/** Revokes a token. Returns false if it does not exist. */
export async function revokeToken(context: PeopleContext, actor: Actor, id: string): Promise<boolean> {
  return context.store.transaction(async (tx) => {
    const token = await tx.panelTokens.get(id);
    if (token === undefined || !(await tx.panelTokens.remove(id))) return false;
    await recordAction(context, tx, actor, {
      action: 'token.revoke',
      subject: { kind: 'token', id },
      before: { name: token.name, role: token.role },
    });
    return true;
  });
}

/** Revokes every session, token, code and invitation, and returns how many there were. */
export async function closePanel(context: PeopleContext, actor: Actor): Promise<number> {
  return context.store.transaction(async (tx) => {
    const counts = [
      await tx.panel.revokeAll(),
      await tx.sessions.removeAll(),
      await tx.panelTokens.removeAll(),
      await tx.invitations.removeAll(),
    ];
    const revoked = counts.reduce((sum, count) => sum + count, 0);
    await recordAction(context, tx, actor, {
      action: 'panel.close',
      subject: { kind: 'gateway', id: null },
      note: `${revoked} sessions, tokens, codes and invitations`,
    });
    return revoked;
  });
}
