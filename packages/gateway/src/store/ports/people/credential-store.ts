import type { EpochMs } from '../../../kernel/clock.ts';
import type { PersonId } from '../../../kernel/ids.ts';

export interface StoredPassword {
  readonly personId: PersonId;
  /** The hash with its parameters; see `security/password-hash.ts`. */
  readonly hash: string;
  readonly changedAt: EpochMs;
  readonly mac: string;
}

export interface StoredTotp {
  readonly personId: PersonId;
  /** The secret, sealed with the key file. */
  readonly sealed: string;
  /** The time step of the last code that was accepted. */
  readonly lastStep: number;
}

export interface StoredPasskey {
  /** The credential's id, in base64url. */
  readonly id: string;
  readonly personId: PersonId;
  readonly name: string;
  /** COSE, in base64url. */
  readonly publicKey: string;
  readonly counter: number;
  /** Such as `internal,hybrid`. */
  readonly transports: string;
  readonly createdAt: EpochMs;
  readonly lastUsedAt: EpochMs | null;
  readonly mac: string;
}

/** What people log in with. Secrets are stored as hashes or sealed. */
export interface CredentialStore {
  password(personId: PersonId): Promise<StoredPassword | undefined>;
  putPassword(password: StoredPassword): Promise<void>;
  totp(personId: PersonId): Promise<StoredTotp | undefined>;
  putTotp(totp: StoredTotp): Promise<void>;
  /** Notes that the code of a step was accepted. Returns false if it, or that of a later step, was accepted before. */
  useTotpStep(personId: PersonId, step: number): Promise<boolean>;
  /** Returns at most `limit` TOTP secrets, of the people after an id. */
  totpAfter(personId: string, limit: number): Promise<StoredTotp[]>;
  /** Replaces the recovery codes of a person. */
  putRecoveryCodes(personId: PersonId, hashes: readonly string[]): Promise<void>;
  /** Removes a recovery code. Of several concurrent calls, only one returns true. */
  useRecoveryCode(personId: PersonId, hash: string): Promise<boolean>;
  countRecoveryCodes(personId: PersonId): Promise<number>;
  removePasswordAndTotp(personId: PersonId): Promise<void>;
  removeTotp(personId: PersonId): Promise<void>;
  /** Removes everything that a person logs in with. */
  removeAll(personId: PersonId): Promise<void>;
}

export interface PasskeyStore {
  /** Returns false if the passkey is registered already. */
  insert(passkey: StoredPasskey): Promise<boolean>;
  get(id: string): Promise<StoredPasskey | undefined>;
  /** Returns at most `limit` passkeys, the oldest first. */
  ofPerson(personId: PersonId, limit: number): Promise<StoredPasskey[]>;
  /** Notes a use. Returns false if its counter is not above the stored one, unless the authenticator does not count. */
  noteUse(id: string, counter: number, at: EpochMs): Promise<boolean>;
  /** Replaces the MAC, when the key file is renewed. */
  putMac(id: string, mac: string): Promise<void>;
  remove(personId: PersonId, id: string): Promise<boolean>;
}
