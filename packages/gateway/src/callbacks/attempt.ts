/** One attempt to deliver a callback: how it ended, and the port that makes it. */
import type { StoredCallback } from './callback.ts';
import type { CallbackKeys } from './sign.ts';

/** How an attempt ended. */
export type Attempt = AttemptKind & {
  /** Undefined when there was none. */
  readonly answer?: Answer | undefined;
};

type AttemptKind =
  | { readonly kind: 'acknowledged' }
  | {
      readonly kind: 'refused';
      readonly error: string;
      readonly retryAfterMs: number | undefined;
      /** Whether the endpoint takes nothing at the moment, rather than not this one callback. */
      readonly unavailable: boolean;
    }
  /** The receiver said that it is gone for good (410). */
  | { readonly kind: 'gone'; readonly error: string };

interface Answer {
  readonly status: number;
  /** Its first letters, on one line. */
  readonly start: string;
}

/** What is logged of an attempt: the start of the answer, or what went wrong. Of a redirection, where it leads: that is what helps. */
export function responseExcerpt(attempt: Attempt): string {
  const error = attempt.kind === 'acknowledged' ? '' : attempt.error;
  const { answer } = attempt;
  return answer === undefined || (answer.status >= 300 && answer.status < 400) ? error : answer.start;
}

/** Sends callbacks; keeps connections open between them. */
export interface CallbackSender {
  send(
    callback: Pick<StoredCallback, 'id' | 'body'> & { readonly url: string },
    keys: CallbackKeys,
    signal?: AbortSignal,
  ): Promise<Attempt>;
  close(): Promise<void>;
}
