/**
 * Who may use the panel. Nobody at first: anyone who may run commands beside the gateway makes a code, which opens one session in a
 * browser within ten minutes, or a token for a program. So there is no password to choose, to guess or to lose, no first visitor who
 * becomes the administrator, and all access ends with one command. Stored is the SHA-256 of each, and when it ends.
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
/** Crockford's base 32: no letter that looks like another or like a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 60 bits: typed by hand, and good for one use within ten minutes. */
const CODE_LENGTH = 12;

export interface Issued {
  readonly secret: string;
  readonly expiresAt: EpochMs;
}

/** A code such as `7K2Q-9XFM-2TRC`. */
export async function issueCode(context: Context): Promise<Issued> {
  const letters = Array.from({ length: CODE_LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  const expiresAt = await grant(context, 'code', letters, CODE_MS);
  return { secret: letters.replace(/(.{4})(?=.)/g, '$1-'), expiresAt };
}

/** A token for a program. */
export async function issueToken(context: Context, lifeMs: number): Promise<Issued> {
  const secret = `panel_${randomBytes(32).toString('base64url')}`;
  return { secret, expiresAt: await grant(context, 'token', secret, lifeMs) };
}

/** Opens a session for a code, which is spent by it; undefined when the code is wrong, was used, or has run out. */
export async function openSession(context: Context, code: string): Promise<Issued | undefined> {
  const letters = code.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (letters.length !== CODE_LENGTH || !(await context.store.panel.revoke(hashOf(letters), 'code', context.clock.now())))
    return undefined;
  const secret = randomBytes(32).toString('base64url');
  return { secret, expiresAt: await grant(context, 'session', secret, SESSION_S * 1000) };
}

/** Whether a session or a token is good now. */
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
