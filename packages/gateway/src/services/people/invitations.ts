/**
 * Invitations: links with which people set up how they log in. A link works once, until it expires or the next one replaces it. It is
 * shown once, to the person who invites. Only its hash is stored.
 */
import { randomBytes } from 'node:crypto';
import { plusMs, type EpochMs } from '../../kernel/clock.ts';
import { HOUR_MS } from '../../kernel/durations.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { secretHash } from '../../security/row-mac.ts';
import type { StoredInvitation, StoredPerson } from '../../store/ports/people/person-store.ts';
import { isAuthentic, signed } from './authentic.ts';
import type { PeopleContext, PeopleTransaction } from './people-context.ts';

/** Three days: over a weekend. */
const INVITATION_MS = 72 * HOUR_MS;

export interface Invitation {
  readonly secret: string;
  readonly expiresAt: EpochMs;
}

/** Replaces the invitation of a person. */
export async function putInvitation(
  { clock, keys }: PeopleContext,
  tx: PeopleTransaction,
  personId: PersonId,
): Promise<Invitation> {
  const secret = randomBytes(24).toString('base64url');
  const expiresAt = plusMs(clock.now(), INVITATION_MS);
  const hash = secretHash(keys.people, 'invitation', secret);
  await tx.invitations.put(signed('invitation', { hash, personId, expiresAt }, keys.people));
  return { secret, expiresAt };
}

/** Somebody with a valid invitation. */
export interface Invited {
  readonly person: StoredPerson;
  readonly invitation: StoredInvitation;
}

/** Returns who is invited; undefined if the invitation is wrong, used, expired or replaced, or the person is disabled. */
export async function findInvited(
  { clock, keys }: PeopleContext,
  { invitations, people }: Pick<PeopleTransaction, 'invitations' | 'people'>,
  secret: string,
): Promise<Invited | undefined> {
  const invitation = await invitations.byHash(secretHash(keys.people, 'invitation', secret));
  if (invitation === undefined || invitation.expiresAt <= clock.now()) return undefined;
  if (!isAuthentic('invitation', invitation, keys.people)) return undefined;
  const person = await people.get(invitation.personId);
  if (person === undefined || person.disabledAt !== null || !isAuthentic('person', person, keys.people)) return undefined;
  return { person, invitation };
}

/** Returns the link of an invitation. */
export function invitationUrl(publicUrl: string, { secret }: Pick<Invitation, 'secret'>): string {
  return `${publicUrl}/panel/welcome?code=${secret}`;
}
