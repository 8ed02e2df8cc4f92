import type { EpochMs } from '../../../kernel/clock.ts';

/** Since when every row that decides where money goes must have a seal. */
export interface SealStartStore {
  get(): Promise<SealStart | undefined>;
  put(start: SealStart): Promise<void>;
}

export interface SealStart {
  readonly since: EpochMs;
  /** Authenticates `since`. */
  readonly seal: string;
}
