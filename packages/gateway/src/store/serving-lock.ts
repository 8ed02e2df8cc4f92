/**
 * A lock that keeps a second gateway from serving the same database, unless both share it. A gateway that does not share has its own index
 * of addresses in memory and follows the chain by itself, so each of two would miss payments to orders of the other. The lock is held by
 * the operating system or by PostgreSQL, so a process that is killed leaves no lock behind.
 */
import { OperatorError } from '../kernel/operator-error.ts';

export interface ServingLock {
  /** Why the lock may currently be lost; undefined while it is certainly held. While it is in doubt, no order may be created. */
  readonly trouble: string | undefined;
  /** Resolves with a message when another process has taken the lock: this process must stop. */
  readonly lost: Promise<string>;
  release(): Promise<void>;
}

/** Whether other processes in the same mode may hold the lock as well. Only PostgreSQL can share it. */
export type ServingMode = 'alone' | 'shared';

/** The process that holds the lock. */
export interface ServingHolder {
  readonly pid: number;
  readonly host: string;
}

/** Another process serves the database, or is restoring or copying it. */
export class DatabaseServedError extends OperatorError {
  override readonly name = 'DatabaseServedError';
}

/** Returns the error message for a process that cannot get the lock. */
export function servedBy(shown: string, holder: string | undefined): string {
  return `another gateway serves ${shown}: ${holder ?? 'an unknown process'}. Two gateways would miss payments; stop that one first`;
}
