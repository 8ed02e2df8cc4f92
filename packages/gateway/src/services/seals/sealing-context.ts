import type { SealGuard } from './seal-guard.ts';

/** Seals rows, and verifies all that have a seal. What only shows addresses takes a `GuardedContext`. */
export interface SealingContext {
  readonly guard: SealGuard;
}
