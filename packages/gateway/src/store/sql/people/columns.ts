/** The columns of people, of what they log in with, and of their access. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { PersonId } from '../../../kernel/ids.ts';
import type { PersonScope } from '../../../people/person.ts';
import { isRole, type Role } from '../../../people/role.ts';
import { parseScopeText, scopeText } from '../../../people/scope.ts';
import type { StoredPasskey, StoredPassword, StoredTotp } from '../../ports/people/credential-store.ts';
import type { StoredToken } from '../../ports/people/panel-token-store.ts';
import type { StoredInvitation, StoredPerson } from '../../ports/people/person-store.ts';
import type { StoredSession } from '../../ports/people/session-store.ts';
import { entityReader, readersOf, type TableOf } from '../columns.ts';
import { CorruptRowError } from '../corrupt-row-error.ts';

export const personColumns = {
  id: { kind: 'text', of: ({ id }: StoredPerson): PersonId => id },
  login: { kind: 'text', of: ({ login }: StoredPerson): string => login },
  name: { kind: 'text', of: ({ name }: StoredPerson): string => name },
  email: { kind: 'textOrNull', of: ({ email }: StoredPerson): string | null => email },
  role: { kind: 'text', of: ({ role }: StoredPerson): string => role },
  scope: { kind: 'text', of: ({ scope }: StoredPerson): string => scopeText(scope) },
  language: { kind: 'textOrNull', of: ({ language }: StoredPerson): string | null => language },
  created_at: { kind: 'time', of: ({ createdAt }: StoredPerson): EpochMs => createdAt },
  disabled_at: { kind: 'timeOrNull', of: ({ disabledAt }: StoredPerson): EpochMs | null => disabledAt },
  mac: { kind: 'text', of: ({ mac }: StoredPerson): string => mac },
} as const;
export type PeopleTable = TableOf<typeof personColumns>;

const readPerson = readersOf(personColumns);

export function personFrom(row: Selectable<PeopleTable>): StoredPerson {
  return {
    id: row.id as PersonId,
    login: row.login,
    name: row.name,
    email: row.email,
    role: roleFrom('people', row),
    scope: scopeFrom('people', row),
    language: row.language,
    createdAt: readPerson.created_at(row.created_at),
    disabledAt: readPerson.disabled_at(row.disabled_at),
    mac: row.mac,
  };
}

export const invitationColumns = {
  hash: { kind: 'text', property: 'hash' },
  person_id: { kind: 'text', property: 'personId' },
  expires_at: { kind: 'time', property: 'expiresAt' },
  mac: { kind: 'text', property: 'mac' },
} as const;
export type InvitationsTable = TableOf<typeof invitationColumns>;
export const invitationFrom: (row: Selectable<InvitationsTable>) => StoredInvitation = entityReader(invitationColumns);

export const passwordColumns = {
  person_id: { kind: 'text', property: 'personId' },
  hash: { kind: 'text', property: 'hash' },
  changed_at: { kind: 'time', property: 'changedAt' },
  mac: { kind: 'text', property: 'mac' },
} as const;
export type PasswordsTable = TableOf<typeof passwordColumns>;
export const passwordFrom: (row: Selectable<PasswordsTable>) => StoredPassword = entityReader(passwordColumns);

export const totpColumns = {
  person_id: { kind: 'text', property: 'personId' },
  sealed: { kind: 'text', property: 'sealed' },
  last_step: { kind: 'integer', property: 'lastStep' },
} as const;
export type TotpSecretsTable = TableOf<typeof totpColumns>;
export const totpFrom: (row: Selectable<TotpSecretsTable>) => StoredTotp = entityReader(totpColumns);

export const passkeyColumns = {
  id: { kind: 'text', property: 'id' },
  person_id: { kind: 'text', property: 'personId' },
  name: { kind: 'text', property: 'name' },
  public_key: { kind: 'text', property: 'publicKey' },
  counter: { kind: 'integer', property: 'counter' },
  transports: { kind: 'text', property: 'transports' },
  created_at: { kind: 'time', property: 'createdAt' },
  last_used_at: { kind: 'timeOrNull', property: 'lastUsedAt' },
  mac: { kind: 'text', property: 'mac' },
} as const;
export type PasskeysTable = TableOf<typeof passkeyColumns>;
export const passkeyFrom: (row: Selectable<PasskeysTable>) => StoredPasskey = entityReader(passkeyColumns);

export const sessionColumns = {
  id: { kind: 'text', property: 'id' },
  hash: { kind: 'text', property: 'hash' },
  person_id: { kind: 'textOrNull', property: 'personId' },
  created_at: { kind: 'time', property: 'createdAt' },
  last_used_at: { kind: 'time', property: 'lastUsedAt' },
  expires_at: { kind: 'time', property: 'expiresAt' },
  confirmed_at: { kind: 'time', property: 'confirmedAt' },
  user_agent: { kind: 'text', property: 'userAgent' },
  address: { kind: 'text', property: 'address' },
  mac: { kind: 'text', property: 'mac' },
} as const;
export type PanelSessionsTable = TableOf<typeof sessionColumns>;
export const sessionFrom: (row: Selectable<PanelSessionsTable>) => StoredSession = entityReader(sessionColumns);

export const tokenColumns = {
  id: { kind: 'text', of: ({ id }: StoredToken): string => id },
  hash: { kind: 'text', of: ({ hash }: StoredToken): string => hash },
  name: { kind: 'text', of: ({ name }: StoredToken): string => name },
  role: { kind: 'text', of: ({ role }: StoredToken): string => role },
  scope: { kind: 'text', of: ({ scope }: StoredToken): string => scopeText(scope) },
  allows_dangerous: { kind: 'flag', of: ({ allowsDangerous }: StoredToken): boolean => allowsDangerous },
  created_at: { kind: 'time', of: ({ createdAt }: StoredToken): EpochMs => createdAt },
  expires_at: { kind: 'time', of: ({ expiresAt }: StoredToken): EpochMs => expiresAt },
  mac: { kind: 'text', of: ({ mac }: StoredToken): string => mac },
} as const;
export type PanelTokensTable = TableOf<typeof tokenColumns>;

const readToken = readersOf(tokenColumns);

export function tokenFrom(row: Selectable<PanelTokensTable>): StoredToken {
  return {
    id: row.id,
    hash: row.hash,
    name: row.name,
    role: roleFrom('panel_tokens', row),
    scope: scopeFrom('panel_tokens', row),
    allowsDangerous: readToken.allows_dangerous(row.allows_dangerous),
    createdAt: readToken.created_at(row.created_at),
    expiresAt: readToken.expires_at(row.expires_at),
    mac: row.mac,
  };
}

function roleFrom(table: string, { id, role }: { readonly id: string; readonly role: string }): Role {
  if (isRole(role)) return role;
  throw new CorruptRowError(`${table} ${id}: expected a role, got ${JSON.stringify(role.slice(0, 64))}`);
}

function scopeFrom(table: string, { id, scope }: { readonly id: string; readonly scope: string }): PersonScope {
  try {
    return parseScopeText(scope);
  } catch (cause) {
    throw new CorruptRowError(`${table} ${id}: the scope cannot be read`, { cause });
  }
}
