import type { EpochMs } from '../../../kernel/clock.ts';
import type { PersonId } from '../../../kernel/ids.ts';
import type { Person } from '../../../people/person.ts';

/** A person as stored: what the person may do is authenticated with the key file, so that a changed row grants nothing. */
export interface StoredPerson extends Person {
  readonly mac: string;
}

/** The people who use the panel. */
export interface PersonStore {
  /** Returns false if the login is taken. */
  insert(person: StoredPerson): Promise<boolean>;
  update(person: StoredPerson): Promise<void>;
  get(id: PersonId): Promise<StoredPerson | undefined>;
  byLogin(login: string): Promise<StoredPerson | undefined>;
  /** Reads a person, and locks the row until the transaction ends. */
  lock(id: PersonId): Promise<StoredPerson | undefined>;
  /** Reads the owners who may log in, and locks their rows until the transaction ends. */
  lockOwners(limit: number): Promise<StoredPerson[]>;
  /** Returns at most `limit` people by login, those after a login. */
  list(after: string, limit: number): Promise<StoredPerson[]>;
}

/** A link with which a person sets up how to log in. */
export interface StoredInvitation {
  readonly hash: string;
  readonly personId: PersonId;
  readonly expiresAt: EpochMs;
  readonly mac: string;
}

/** The invitations: at most one for each person. */
export interface InvitationStore {
  /** Replaces the invitation of the person. */
  put(invitation: StoredInvitation): Promise<void>;
  byHash(hash: string): Promise<StoredInvitation | undefined>;
  /** Removes an invitation. Of several concurrent calls, only one returns true. */
  take(hash: string): Promise<boolean>;
  removeOf(personId: PersonId): Promise<void>;
  removeAll(): Promise<number>;
}
