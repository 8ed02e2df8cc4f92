/** Stores notices about people: of sign-ins from a new device, and of changes of what somebody may do. */
import { createHash } from 'node:crypto';
import type { EpochMs } from '../../kernel/clock.ts';
import type { NewUuid, PersonId } from '../../kernel/ids.ts';
import { actorName, type Actor } from '../../people/actor.ts';
import type { Person } from '../../people/person.ts';
import type { StoreReads } from '../../store/ports/store.ts';

/** A device counts as new if its browser has not been reported for the person within the last weeks: as long as notices are kept. */
export async function noticeDevice(
  tx: Pick<StoreReads, 'notices' | 'people'>,
  { personId, userAgent, createdAt }: { readonly personId: PersonId; readonly userAgent: string; readonly createdAt: EpochMs },
): Promise<void> {
  if (!tx.notices.wants('sign_in.new_device')) return;
  const person = await tx.people.get(personId);
  if (person === undefined) return;
  const browser = createHash('sha256').update(userAgent).digest('base64url').slice(0, 22);
  const notice = { id: `sign-in ${personId} ${browser}`, at: createdAt, posId: null, personId };
  await tx.notices.add([{ ...notice, facts: { kind: 'sign_in.new_device', name: person.name, device: userAgent } }]);
}

export async function noticePerson(
  { clock, newUuid }: { readonly clock: { now(): EpochMs }; readonly newUuid: NewUuid },
  tx: Pick<StoreReads, 'notices'>,
  actor: Actor,
  { id, name }: Pick<Person, 'id' | 'name'>,
  change: 'added' | 'changed' | 'removed',
): Promise<void> {
  const notice = { id: newUuid(), at: clock.now(), posId: null, personId: id };
  await tx.notices.add([{ ...notice, facts: { kind: 'people.changed', change, name, by: actorName(actor) } }]);
}
