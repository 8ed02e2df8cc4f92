/** Sets up what people log in with: from an invitation, and later by themselves. */
import { randomBytes } from 'node:crypto';
import { parseName } from '../../merchants/name.ts';
import type { Person } from '../../people/person.ts';
import { passwordFault, type PasswordFault } from '../../people/password-rules.ts';
import { verifyCreation, type NewPasskey, type PasskeySite } from '../../security/passkey.ts';
import { hashPassword } from '../../security/password-hash.ts';
import { seal, unseal } from '../../security/seal.ts';
import { matchingStep, newTotpSecret, totpUri } from '../../security/totp.ts';
import { recordAction } from '../audit/audit-log.ts';
import { signed } from './authentic.ts';
import { findInvited } from './invitations.ts';
import type { PeopleContext, PeopleTransaction } from './people-context.ts';
import { challengeTaker, recoveryHash } from './prove.ts';
import { openSession, type OpenedSession, type SessionPlace } from './sessions.ts';
import { newTypedCode, shownCode } from './typed-code.ts';

const RECOVERY_CODES = 10;
/** 80 bits: a recovery code may be all that somebody needs. */
const RECOVERY_LENGTH = 16;
export const MAX_PASSKEYS = 20;

/** What a person will log in with, checked but not stored. */
export interface NewCredential {
  readonly means: 'passkey' | 'password';
  readonly store: (tx: PeopleTransaction, person: Person) => Promise<void>;
}

/** A new secret for an app, which the page carries sealed until a code proves that the app has it. */
export interface TotpOffer {
  readonly sealed: string;
  readonly secret: string;
  /** For a QR code. */
  readonly uri: string;
}

/** @param sealed The secret of an earlier page, to show it again; a new one if it is invalid. */
export function offerTotp({ keys }: PeopleContext, { id, login }: Person, issuer: string, sealed = ''): TotpOffer {
  const secret = openOffer(keys.seal, id, sealed) ?? newTotpSecret(randomBytes);
  return { sealed: seal(secret, `totp ${id}`, keys.seal), secret, uri: totpUri(secret, login, issuer) };
}

function openOffer(key: Uint8Array, personId: string, sealed: string): string | undefined {
  try {
    return sealed === '' ? undefined : unseal(sealed, `totp ${personId}`, key);
  } catch {
    return undefined;
  }
}

export interface TypedPassword {
  readonly password: string;
  readonly repeated: string;
  readonly sealedTotp: string;
  readonly code: string;
}

export type SetUpFault = PasswordFault | 'repeated' | 'code' | 'passkey';

/** Checks a new password with the app's code, and returns what is wrong with it, or how to store it. */
export async function newPassword(
  context: PeopleContext,
  person: Person,
  { password, repeated, sealedTotp, code }: TypedPassword,
): Promise<SetUpFault | NewCredential> {
  const { keys, clock } = context;
  const fault = passwordFault(password, person.login);
  if (fault !== undefined) return fault;
  if (password !== repeated) return 'repeated';
  const secret = openOffer(keys.seal, person.id, sealedTotp);
  const step = secret === undefined ? undefined : matchingStep(secret, code, clock.now());
  if (secret === undefined || step === undefined) return 'code';
  const hash = await hashPassword(password);
  return {
    means: 'password',
    store: async (tx, { id: personId }) => {
      await tx.credentials.putPassword(signed('password', { personId, hash, changedAt: clock.now() }, keys.people));
      await tx.credentials.putTotp({ personId, sealed: seal(secret, `totp ${personId}`, keys.seal), lastStep: step });
    },
  };
}

/** Checks a new passkey, and returns how to store it. @param purpose What its challenge was made for. */
export async function newPasskey(
  context: PeopleContext,
  site: PasskeySite,
  { answer, name, purpose }: { readonly answer: string; readonly name: string; readonly purpose: string },
): Promise<SetUpFault | NewCredential> {
  const passkey = await verifyCreation(site, answer, challengeTaker(context, purpose));
  if (passkey === undefined) return 'passkey';
  return { means: 'passkey', store: (tx, person) => storePasskey(context, tx, person, passkey, name) };
}

async function storePasskey(
  { keys, clock }: PeopleContext,
  tx: PeopleTransaction,
  { id: personId }: Person,
  passkey: NewPasskey,
  name: string,
): Promise<void> {
  const row = { ...passkey, personId, name: nameOf(name), createdAt: clock.now(), lastUsedAt: null };
  await tx.passkeys.insert(signed('passkey', row, keys.people));
}

function nameOf(text: string): string {
  try {
    return parseName(text);
  } catch {
    return 'Passkey';
  }
}

export interface SetUp extends OpenedSession {
  /** To be shown once. */
  readonly recoveryCodes: readonly string[];
}

/** Uses an invitation up: stores the credential, makes recovery codes, and logs the person in. Undefined if the invitation has ended. */
export async function acceptInvitation(
  context: PeopleContext,
  secret: string,
  credential: NewCredential,
  place: SessionPlace,
): Promise<SetUp | undefined> {
  return context.store.transaction(async (tx) => {
    const invited = await findInvited(context, tx, secret);
    if (invited === undefined || !(await tx.invitations.take(invited.invitation.hash))) return undefined;
    const { person } = invited;
    await credential.store(tx, person);
    const recoveryCodes = await putRecoveryCodes(context, tx, person);
    const opened = await openSession(context, tx, person.id, place);
    await recordAction(
      context,
      tx,
      { kind: 'person', id: person.id, name: person.name },
      {
        action: 'person.set_up',
        subject: { kind: 'person', id: person.id },
        after: { means: credential.means, address: place.address },
      },
    );
    return { ...opened, recoveryCodes };
  });
}

/** Stores a credential of somebody who is logged in. A new password ends the other sessions. */
export async function addCredential(
  context: PeopleContext,
  person: Person,
  credential: NewCredential,
  sessionId: string,
): Promise<void> {
  await context.store.transaction(async (tx) => {
    await credential.store(tx, person);
    if (credential.means === 'password') await tx.sessions.removeOf(person.id, sessionId);
    await recordAction(
      context,
      tx,
      { kind: 'person', id: person.id, name: person.name },
      {
        action: `person.add_${credential.means}`,
        subject: { kind: 'person', id: person.id },
      },
    );
  });
}

/** Removes a passkey. Returns false if it does not exist, or the person could not log in any more. */
export async function removePasskey(context: PeopleContext, person: Person, id: string): Promise<boolean> {
  return context.store.transaction(async (tx) => {
    await tx.people.lock(person.id);
    const others = (await tx.passkeys.ofPerson(person.id, MAX_PASSKEYS)).filter((one) => one.id !== id);
    if (others.length === 0 && (await tx.credentials.password(person.id)) === undefined) return false;
    if (!(await tx.passkeys.remove(person.id, id))) return false;
    await recordAction(
      context,
      tx,
      { kind: 'person', id: person.id, name: person.name },
      {
        action: 'person.remove_passkey',
        subject: { kind: 'person', id: person.id },
      },
    );
    return true;
  });
}

/** Replaces the recovery codes of a person, and returns the new ones, to be shown once. */
export async function newRecoveryCodes(context: PeopleContext, person: Person): Promise<readonly string[]> {
  return context.store.transaction(async (tx) => {
    const codes = await putRecoveryCodes(context, tx, person);
    await recordAction(
      context,
      tx,
      { kind: 'person', id: person.id, name: person.name },
      {
        action: 'person.new_recovery_codes',
        subject: { kind: 'person', id: person.id },
      },
    );
    return codes;
  });
}

async function putRecoveryCodes({ keys }: PeopleContext, tx: PeopleTransaction, { id }: Person): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => newTypedCode(RECOVERY_LENGTH));
  await tx.credentials.putRecoveryCodes(
    id,
    codes.map((code) => recoveryHash(keys.people, id, code)),
  );
  return codes.map(shownCode);
}
