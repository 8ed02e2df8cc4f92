import type { EpochMs } from '../../../kernel/clock.ts';
import type { PersonScope } from '../../../people/person.ts';
import type { Role } from '../../../people/role.ts';

/** A token with which a program uses the panel's API. Only the hash of its secret is stored. */
export interface StoredToken {
  readonly id: string;
  readonly hash: string;
  readonly name: string;
  readonly role: Role;
  readonly scope: PersonScope;
  /** Whether it may do what people have to confirm. */
  readonly allowsDangerous: boolean;
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly mac: string;
}

export interface PanelTokenStore {
  insert(token: StoredToken): Promise<void>;
  byHash(hash: string): Promise<StoredToken | undefined>;
  get(id: string): Promise<StoredToken | undefined>;
  /** Returns at most `limit` tokens, the newest first. */
  list(limit: number): Promise<StoredToken[]>;
  remove(id: string): Promise<boolean>;
  removeAll(): Promise<number>;
  prune(now: EpochMs): Promise<void>;
}
