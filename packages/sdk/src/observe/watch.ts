import type { WebposError } from '../errors/webpos-error.ts';
import type { AnswerHeaders } from '../http/fetch.ts';

/** What a transport reports of the attempts of one call. */
export interface Watch {
  /** An attempt begins. */
  attempt(): void;
  /**
   * It has ended.
   *
   * @param answer undefined when no whole answer came.
   * @param error undefined when the attempt succeeded.
   * @param delayMs where another attempt follows, the wait before it.
   */
  outcome(answer: { status: number; headers: AnswerHeaders } | undefined, error?: WebposError, delayMs?: number): void;
}

/** Does the work of a call, and watches it where somebody wants to know of it. */
export type Observe = <T>(
  call: { readonly method: string; readonly path: string },
  work: (watch: Watch | undefined) => Promise<T>,
) => Promise<T>;
