import type { EpochMs } from '../../../kernel/clock.ts';
import type { PersonId } from '../../../kernel/ids.ts';

/** The session of a browser. Only the hash of its secret is stored. */
export interface StoredSession {
  /** Names the session where it is shown. It stays the same when the secret is replaced. */
  readonly id: string;
  readonly hash: string;
  /** Null for somebody with a code of `webpos panel login`. */
  readonly personId: PersonId | null;
  readonly createdAt: EpochMs;
  readonly lastUsedAt: EpochMs;
  readonly expiresAt: EpochMs;
  /** When the person last proved who they are. */
  readonly confirmedAt: EpochMs;
  readonly userAgent: string;
  readonly address: string;
  readonly mac: string;
}

export interface SessionStore {
  insert(session: StoredSession): Promise<void>;
  byHash(hash: string): Promise<StoredSession | undefined>;
  noteUse(id: string, at: EpochMs, address: string): Promise<void>;
  /** Replaces the secret of a session and what it grants. Returns false if the secret has been replaced already. */
  replace(oldHash: string, session: StoredSession): Promise<boolean>;
  /** Returns at most `limit` sessions of a person, or of operators, the last used first. */
  ofPerson(personId: PersonId | null, limit: number): Promise<StoredSession[]>;
  get(id: string): Promise<StoredSession | undefined>;
  remove(id: string): Promise<boolean>;
  /** Removes the sessions of a person, except one. */
  removeOf(personId: PersonId, exceptId?: string): Promise<number>;
  removeAll(): Promise<number>;
  /** Removes those that have expired, and those last used before a time. */
  prune(now: EpochMs, idleSince: EpochMs): Promise<void>;
}

/** The challenges that were answered, so that none is answered twice. */
export interface ChallengeStore {
  /** Of several calls with a challenge, only one returns true. */
  use(hash: string, expiresAt: EpochMs): Promise<boolean>;
  prune(now: EpochMs): Promise<void>;
}
