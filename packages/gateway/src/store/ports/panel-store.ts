import type { EpochMs } from '../../kernel/clock.ts';

/** The codes that open a session of the panel. Only the hashes of their secrets are stored. */
export interface PanelStore {
  grant(grant: PanelGrant): Promise<void>;
  /** Revokes a grant. Returns false if it does not exist or has expired. Of several concurrent calls, only one returns true. */
  revoke(hash: string, kind: PanelGrant['kind'], now: EpochMs): Promise<boolean>;
  /** Revokes all grants, and returns how many. */
  revokeAll(): Promise<number>;
  /** Deletes expired grants. */
  prune(now: EpochMs): Promise<void>;
}

export interface PanelGrant {
  /** A `code` is exchanged for one session, a `session` belongs to a browser, and a `token` to a program. */
  readonly kind: 'code' | 'session' | 'token';
  readonly hash: string;
  readonly expiresAt: EpochMs;
}
