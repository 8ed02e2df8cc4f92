/**
 * Proves who somebody is: with a passkey, or with a password and a code. What is used up (a challenge, a TOTP step, a recovery code) is used
 * up in the transaction of what it is a proof for.
 */
import type { Person } from '../../people/person.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { challengeExpiry, newChallenge } from '../../security/challenge.ts';
import { answeringPasskey, verifyAnswer, type PasskeySite, type TakeChallenge } from '../../security/passkey.ts';
import { isPassword, NO_PASSWORD } from '../../security/password-hash.ts';
import { secretHash } from '../../security/row-mac.ts';
import { unseal } from '../../security/seal.ts';
import { matchingStep } from '../../security/totp.ts';
import { isAuthentic } from './authentic.ts';
import type { PeopleContext, PeopleTransaction } from './people-context.ts';
import { typedCode } from './typed-code.ts';

export type Means = 'passkey' | 'password' | 'recovery code';

/** What is left to do in a transaction for a proof to count. */
export interface Proof {
  readonly personId: PersonId;
  /** Uses up what can be used once. Returns the means; undefined if it was used before. */
  readonly take: (tx: PeopleTransaction) => Promise<Means | undefined>;
}

export interface TypedProof {
  readonly password: string;
  /** Of the app, or a recovery code. */
  readonly code: string;
}

const NOBODY = '' as PersonId;

/**
 * Checks a password and a code; somebody without a password needs a recovery code alone. Takes as long for a person who does not exist.
 *
 * @param person Undefined if nobody has the login.
 */
export async function proveByPassword(
  context: PeopleContext,
  person: Person | undefined,
  { password, code }: TypedProof,
): Promise<Proof> {
  const { store, keys, clock } = context;
  const id = person?.id ?? NOBODY;
  const stored = await store.credentials.password(id);
  const totp = await store.credentials.totp(id);
  const isGenuine = stored !== undefined && isAuthentic('password', stored, keys.people);
  const isRight = await isPassword(password, isGenuine ? stored.hash : NO_PASSWORD);
  if (person === undefined || (stored !== undefined && !(isGenuine && isRight))) return noProof(keys.people, code);
  const secret = totp === undefined ? undefined : openTotp(totp.sealed, id, keys.seal);
  const step = secret === undefined || stored === undefined ? undefined : matchingStep(secret, code, clock.now());
  if (step !== undefined)
    return {
      personId: id,
      take: async (tx) => ((await tx.credentials.useTotpStep(id, step)) ? 'password' : undefined),
    };
  const hash = recoveryHash(keys.people, id, code);
  return {
    personId: id,
    take: async (tx) => ((await tx.credentials.useRecoveryCode(id, hash)) ? 'recovery code' : undefined),
  };
}

/** A proof that never counts, but takes as long as one that does not count because of its code. */
function noProof(key: Uint8Array, code: string): Proof {
  const hash = recoveryHash(key, NOBODY, code);
  return {
    personId: NOBODY,
    take: async (tx) => ((await tx.credentials.useRecoveryCode(NOBODY, hash)) ? 'recovery code' : undefined),
  };
}

export function recoveryHash(key: Uint8Array, personId: PersonId, code: string): string {
  return secretHash(key, `recovery code of ${personId}`, typedCode(code));
}

/** Returns the secret of a person's app; undefined if it was sealed with another key file. */
function openTotp(sealed: string, personId: PersonId, key: Uint8Array): string | undefined {
  try {
    return unseal(sealed, `totp ${personId}`, key);
  } catch {
    return undefined;
  }
}

/** Checks the answer of a passkey. @param purpose What its challenge was made for. */
export async function proveByPasskey(
  context: PeopleContext,
  site: PasskeySite,
  answer: string,
  purpose: string,
): Promise<Proof | undefined> {
  const { store, keys, clock } = context;
  const passkey = await store.passkeys.get(answeringPasskey(answer) ?? '');
  if (passkey === undefined || !isAuthentic('passkey', passkey, keys.people)) return undefined;
  const counter = await verifyAnswer(site, answer, passkey, challengeTaker(context, purpose));
  if (counter === undefined) return undefined;
  return {
    personId: passkey.personId,
    take: async (tx) => ((await tx.passkeys.noteUse(passkey.id, counter, clock.now())) ? 'passkey' : undefined),
  };
}

export function challengeFor({ keys, clock }: PeopleContext, purpose: string): string {
  return newChallenge(keys.people, purpose, clock.now());
}

/** Accepts each challenge of a purpose once. */
export function challengeTaker({ store, keys, clock }: PeopleContext, purpose: string): TakeChallenge {
  return async (challenge) => {
    const now = clock.now();
    const expiresAt = challengeExpiry(keys.people, purpose, challenge, now);
    if (expiresAt === undefined) return false;
    await store.challenges.prune(now);
    return store.challenges.use(secretHash(keys.people, 'challenge', challenge), expiresAt);
  };
}
