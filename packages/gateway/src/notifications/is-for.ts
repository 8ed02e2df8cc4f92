/** Decides who is notified. It is decided again when a message is sent: a person may have lost a role, a POS or the access since. */
import type { PersonId } from '../kernel/ids.ts';
import type { Viewer } from '../people/viewer.ts';
import { seesPos } from '../people/viewer.ts';
import type { Notice } from './notice.ts';
import { ruleOf } from './notice-kind.ts';
import type { Wishes } from './subscription.ts';

export interface Recipient extends Pick<Viewer, 'permissions' | 'posIds'> {
  readonly personId: PersonId;
}

/** Whether a person may know of it. */
export function mayKnow(recipient: Recipient, { facts, posId, personId }: Omit<Notice, 'id' | 'at'>): boolean {
  const { permissions, posIds } = recipient;
  const { permission, concerns } = ruleOf(facts.kind);
  if (!permissions.has(permission)) return false;
  switch (concerns) {
    case 'pos':
      return posId !== null && seesPos(recipient, posId);
    case 'all_pos':
      return posIds === undefined;
    case 'gateway':
      return true;
    case 'person':
      return personId === recipient.personId || permissions.has('people.manage');
  }
}

/** Whether a subscription is for it. */
export function isWanted({ kinds, posIds }: Wishes, { facts, posId }: Pick<Notice, 'facts' | 'posId'>): boolean {
  return kinds.includes(facts.kind) && (posId === null || posIds === null || posIds.includes(posId));
}
