/** People as commands and the panel's API show them. */
import { isoDate } from '../../kernel/clock.ts';
import type { Person } from '../../people/person.ts';
import type { Role } from '../../people/role.ts';
import type { StoredPerson } from '../../store/ports/people/person-store.ts';
import type { StoredSession } from '../../store/ports/people/session-store.ts';
import { isAuthentic } from './authentic.ts';
import { invitationUrl } from './invitations.ts';
import type { InvitedPerson } from './manage-people.ts';
import type { PeopleContext } from './people-context.ts';

export interface PersonJson {
  readonly uuid: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  /** Null for all. */
  readonly pos: readonly string[] | null;
  readonly merchants: readonly string[] | null;
  readonly created_at: string;
  readonly disabled_at: string | null;
}

export interface ListedPersonJson extends PersonJson {
  /** Whether the row was changed outside of the gateway: the person may not log in then. */
  readonly changed_outside: boolean;
}

export function personJson({ id, login, name, email, role, scope, createdAt, disabledAt }: Person): PersonJson {
  return {
    uuid: id,
    login,
    name,
    email,
    role,
    pos: scope.kind === 'all' ? null : scope.pos,
    merchants: scope.kind === 'all' ? null : scope.merchants,
    created_at: isoDate(createdAt),
    disabled_at: disabledAt === null ? null : isoDate(disabledAt),
  };
}

export interface InvitedPersonJson extends PersonJson {
  /** Sets the login up, once. */
  readonly link: string;
  readonly link_expires_at: string;
}

export function invitedPersonJson(publicUrl: string, { person, invitation }: InvitedPerson): InvitedPersonJson {
  const link = invitationUrl(publicUrl, invitation);
  return { ...personJson(person), link, link_expires_at: isoDate(invitation.expiresAt) };
}

export function listedPersonJson({ keys }: Pick<PeopleContext, 'keys'>, person: StoredPerson): ListedPersonJson {
  return { ...personJson(person), changed_outside: !isAuthentic('person', person, keys.people) };
}

export interface SessionJson {
  readonly uuid: string;
  readonly user_agent: string;
  readonly address: string;
  readonly created_at: string;
  readonly last_used_at: string;
}

export function sessionJson({ id, userAgent, address, createdAt, lastUsedAt }: StoredSession): SessionJson {
  return { uuid: id, user_agent: userAgent, address, created_at: isoDate(createdAt), last_used_at: isoDate(lastUsedAt) };
}
