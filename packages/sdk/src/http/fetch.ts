/**
 * The part of the standard `fetch` that this library uses.
 *
 * @example
 * const logged: Fetch = async (url, init) => {
 *   console.log(init.method, url);
 *   return await fetch(url, init);
 * };
 */
export interface Fetch {
  (url: string, init: FetchInit): Promise<FetchAnswer>;
  /** Set by a `fetch` that takes `onOver` instead of the more expensive `signal`. */
  takesOnOver?: true;
  /** Closes idle connections; called by `client.close()`. */
  close?(): Promise<unknown>;
}

/** The second argument of {@link Fetch}. */
export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** Ends the request. Missing if `onOver` is given. */
  signal: AbortSignal;
  /** Registers a listener for the end of the call; given to a {@link Fetch} with `takesOnOver`. */
  onOver?: (listener: (error: Error) => void) => void;
  redirect: 'manual';
  /**
   * Forbids caching: an answer may contain the access token, and an order changes. Missing in runtimes that reject the option.
   */
  cache?: 'no-store';
}

/** The result of {@link Fetch}; every `Response` is one. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** A stream of bytes, of which at most 1 MiB is read; without it, `text` is called. */
  readonly body?: unknown;
  text(): Promise<string>;
}

/** The part of a `Headers` object that this library uses. */
export interface AnswerHeaders {
  /** Returns the value of a header, by its name in any letter case; null if it is missing. */
  get(name: string): string | null;
}
