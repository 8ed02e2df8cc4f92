/**
 * The MACs of the rows that grant access. Each covers everything in its row that decides what somebody may do, so that a row that was
 * changed or added by somebody without the key file is worth nothing (docs/adr/0070).
 */
import { scopeText } from '../../people/scope.ts';
import { hasRowMac, rowMac, type RowValue } from '../../security/row-mac.ts';
import type { StoredPasskey, StoredPassword } from '../../store/ports/people/credential-store.ts';
import type { StoredToken } from '../../store/ports/people/panel-token-store.ts';
import type { StoredInvitation, StoredPerson } from '../../store/ports/people/person-store.ts';
import type { StoredSession } from '../../store/ports/people/session-store.ts';

/** The entities with a MAC. */
interface Authentic {
  person: StoredPerson;
  password: StoredPassword;
  passkey: StoredPasskey;
  invitation: StoredInvitation;
  session: StoredSession;
  token: StoredToken;
}

type Unsigned<Kind extends keyof Authentic> = Omit<Authentic[Kind], 'mac'>;

const VALUES: { readonly [Kind in keyof Authentic]: (entity: Unsigned<Kind>) => readonly RowValue[] } = {
  person: ({ id, login, role, scope, disabledAt }) => [id, login, role, scopeText(scope), disabledAt],
  password: ({ personId, hash }) => [personId, hash],
  passkey: ({ id, personId, publicKey }) => [id, personId, publicKey],
  invitation: ({ hash, personId, expiresAt }) => [hash, personId, expiresAt],
  session: ({ id, hash, personId, createdAt, expiresAt, confirmedAt }) => [id, hash, personId, createdAt, expiresAt, confirmedAt],
  token: ({ id, hash, name, role, scope, allowsDangerous, expiresAt }) => [
    id,
    hash,
    name,
    role,
    scopeText(scope),
    allowsDangerous,
    expiresAt,
  ],
};

/** Returns the entity with its MAC. */
export function signed<Kind extends keyof Authentic>(
  kind: Kind,
  entity: Unsigned<Kind>,
  key: Uint8Array,
): Unsigned<Kind> & { readonly mac: string } {
  return { ...entity, mac: rowMac(key, kind, VALUES[kind](entity)) };
}

/** Whether the row was written with this key, and says what it said then. */
export function isAuthentic<Kind extends keyof Authentic>(
  kind: Kind,
  entity: Unsigned<Kind> & { readonly mac: string },
  key: Uint8Array,
): boolean {
  return hasRowMac(entity.mac, key, kind, VALUES[kind](entity));
}
