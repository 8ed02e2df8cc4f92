import type { EpochMs } from '../../kernel/clock.ts';

/** Who may use the panel: by what, and until when. Secrets are known by their hash alone. */
export interface PanelStore {
  grant(grant: PanelGrant): Promise<void>;
  /** Whether there is such a grant that has not run out. */
  holds(hash: string, kind: PanelGrant['kind'], now: EpochMs): Promise<boolean>;
  /** Takes a grant away; answers false when there was none that had not run out. Of several who take one, one is answered true. */
  take(hash: string, kind: PanelGrant['kind'], now: EpochMs): Promise<boolean>;
  /** Takes all away; answers how many. */
  takeAll(): Promise<number>;
  /** Forgets those that have run out. */
  forget(now: EpochMs): Promise<void>;
}

export interface PanelGrant {
  /** A code opens one session; a session is a browser's; a token is a program's. */
  readonly kind: 'code' | 'session' | 'token';
  readonly hash: string;
  readonly expiresAt: EpochMs;
}
