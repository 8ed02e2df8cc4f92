/**
 * Keeps a second gateway from serving the same database: each has an index of addresses in memory and follows the chain for itself,
 * so that two would each miss what is paid to the orders of the other. The operating system holds the lock, or PostgreSQL does,
 * so a process that was killed leaves none behind.
 */
import { OperatorError } from '../kernel/operator-error.ts';

export interface ServingLock {
  /** Why the lock may not be ours just now; undefined while it is. No order may be created meanwhile. */
  readonly trouble: string | undefined;
  /** Settles with a message when another process has the lock: this one has to stop. */
  readonly lost: Promise<string>;
  release(): Promise<void>;
}

/** Who holds the lock, as far as is known. */
export interface ServingHolder {
  readonly pid: number;
  readonly host: string;
}

/** Another process serves the database, or changes it as a whole. */
export class DatabaseServedError extends OperatorError {
  override readonly name = 'DatabaseServedError';
}

/** The message for anyone who is refused. */
export function servedBy(shown: string, holder: string | undefined): string {
  return `another gateway serves ${shown}: ${holder ?? 'which one is not known'}. Two would miss payments; stop that one first`;
}
