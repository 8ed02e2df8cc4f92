/** What pages ask browsers for passkeys. */
import type { Person } from '../../people/person.ts';
import { creationOptions, passkeySite, requestOptions, type PasskeySite } from '../../security/passkey.ts';
import type { PeopleContext } from './people-context.ts';
import { challengeFor } from './prove.ts';
import { MAX_PASSKEYS } from './set-up.ts';

/** Returns the site of passkeys; undefined where browsers refuse them. */
export function siteOf(publicUrl: string): PasskeySite | undefined {
  return passkeySite(publicUrl);
}

/** Returns what to ask somebody for who has a passkey, as JSON. @param purpose What the answer is for. */
export function askOptions(context: PeopleContext, site: PasskeySite, purpose: string): string {
  return requestOptions(site, challengeFor(context, purpose));
}

/** Returns what to create a passkey with, as JSON. @param purpose What the answer is for. */
export async function createOptions(context: PeopleContext, site: PasskeySite, person: Person, purpose: string): Promise<string> {
  const existing = await context.store.passkeys.ofPerson(person.id, MAX_PASSKEYS);
  return creationOptions(
    site,
    person,
    challengeFor(context, purpose),
    existing.map(({ id }) => id),
  );
}
