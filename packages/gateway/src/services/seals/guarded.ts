import type { SealGuard } from './seal-guard.ts';

/** Shows or hands out addresses, each of which is verified first. */
export interface Guarded {
  readonly guard: SealGuard;
}
