import type { WebposError } from '../errors/webpos-error.ts';
import type { AnswerHeaders } from '../http/fetch.ts';

/** Receives the progress of one call's attempts. */
export interface Watch {
  /** Called when an attempt begins. */
  attempt(): void;
  /**
   * Called when an attempt has ended.
   *
   * @param answer undefined if there was no complete answer.
   * @param error undefined if the attempt succeeded.
   * @param delayMs the delay before the next attempt, if there is one.
   */
  outcome(answer: { status: number; headers: AnswerHeaders } | undefined, error?: WebposError, delayMs?: number): void;
}

/** Runs a call, and watches it if anyone observes. */
export type Observe = <T>(
  call: { readonly method: string; readonly path: string },
  work: (watch: Watch | undefined) => Promise<T>,
) => Promise<T>;
