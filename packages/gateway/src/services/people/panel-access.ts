/**
 * Grants access to the panel. At first nobody has access. Anyone who can run commands on the gateway's machine can issue a code, which
 * opens one session in a browser within ten minutes, or a token for a program. So there is no password to choose, guess or lose, no first
 * visitor becomes the administrator, and one command revokes all access. Only the SHA-256 of each secret is stored, with its expiration.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { MINUTE_MS } from '../../kernel/durations.ts';
import type { PanelGrant } from '../../store/ports/panel-store.ts';
import type { StoreContext } from '../context.ts';

type Context = StoreContext;

const CODE_MS = 10 * MINUTE_MS;
/** A working day. */
export const SESSION_S: number = 12 * 3_600;
/** Crockford's base 32, without letters that look like other letters or digits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 60 bits are enough for a code that a person types and that is valid once within ten minutes. */
const CODE_LENGTH = 12;

export interface Issued {
  readonly secret: string;
  readonly expiresAt: EpochMs;
}

/** Issues a code such as `7K2Q-9XFM-2TRC`. */
export async function issueCode(context: Context): Promise<Issued> {
  const letters = Array.from({ length: CODE_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  const expiresAt = await grant(context, 'code', letters, CODE_MS);
  return { secret: letters.replace(/(.{4})(?=.)/g, '$1-'), expiresAt };
}

/** Issues a token for a program. */
export async function issueToken(context: Context, lifeMs: number): Promise<Issued> {
  const secret = `panel_${randomBytes(32).toString('base64url')}`;
  return { secret, expiresAt: await grant(context, 'token', secret, lifeMs) };
}

/** Opens a session with a code, which cannot be used again. Returns undefined if the code is wrong, used or expired. */
export async function openSession(context: Context, code: string): Promise<Issued | undefined> {
  const letters = code.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (letters.length !== CODE_LENGTH || !(await context.store.panel.revoke(hashOf(letters), 'code', context.clock.now())))
    return undefined;
  const secret = randomBytes(32).toString('base64url');
  return { secret, expiresAt: await grant(context, 'session', secret, SESSION_S * 1000) };
}

/** Whether a session or a token is valid now. */
export function mayEnter({ store, clock }: Context, kind: 'session' | 'token', secret: string): Promise<boolean> {
  return store.panel.holds(hashOf(secret), kind, clock.now());
}

export async function closeSession({ store, clock }: Context, secret: string): Promise<void> {
  await store.panel.revoke(hashOf(secret), 'session', clock.now());
}

async function grant({ store, clock }: Context, kind: PanelGrant['kind'], secret: string, lifeMs: number): Promise<EpochMs> {
  const now = clock.now();
  const expiresAt = plusMs(now, lifeMs);
  await store.panel.prune(now);
  await store.panel.grant({ kind, hash: hashOf(secret), expiresAt });
  return expiresAt;
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
