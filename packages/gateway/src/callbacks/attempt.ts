/** An attempt to deliver a callback: its result, and the port that makes it. */
import type { StoredCallback } from './callback.ts';
import type { CallbackKeys } from './sign.ts';

/** The result of an attempt. */
export type Attempt = AttemptKind & {
  /** Undefined if the endpoint did not answer. */
  readonly answer?: Answer | undefined;
};

type AttemptKind =
  | { readonly kind: 'acknowledged' }
  | {
      readonly kind: 'refused';
      readonly error: string;
      readonly retryAfterMs: number | undefined;
      /** Whether the endpoint accepts nothing at the moment, rather than refusing this one callback. */
      readonly unavailable: boolean;
    }
  /** The endpoint answered 410: it is gone for good. */
  | { readonly kind: 'gone'; readonly error: string };

interface Answer {
  readonly status: number;
  /** The beginning of its body, on one line. */
  readonly excerpt: string;
}

/** Returns the excerpt to log with an attempt: the beginning of the answer, or the error. For a redirect, the error names its target. */
export function responseExcerpt(attempt: Attempt): string {
  const error = attempt.kind === 'acknowledged' ? '' : attempt.error;
  const { answer } = attempt;
  return answer === undefined || (answer.status >= 300 && answer.status < 400) ? error : answer.excerpt;
}

/** Sends callbacks over connections that it keeps open. */
export interface CallbackSender {
  send(
    callback: { readonly id: string; readonly url: string } & Pick<StoredCallback, 'body'>,
    keys: CallbackKeys,
    signal?: AbortSignal,
  ): Promise<Attempt>;
  close(): Promise<void>;
}
