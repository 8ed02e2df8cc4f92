/** The part of the standard `fetch` that this library uses. */
export interface Fetch {
  (url: string, init: FetchInit): Promise<FetchAnswer>;
  /** Of one that takes `onOver` in the place of `signal`, which costs more. */
  takesOnOver?: true;
  /** Closes the connections that no request uses; called by `client.close()`. */
  close?(): Promise<unknown>;
}

/** What {@link Fetch} is called with. */
export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** Ends the request. Not there where `onOver` is. */
  signal: AbortSignal;
  /** Takes who is to hear of the end of the call; given to a {@link Fetch} with `takesOnOver`. */
  onOver?: (listener: (error: Error) => void) => void;
  redirect: 'manual';
  /** Not for a cache: an answer may hold the access token, and an order changes. Not there where the runtime throws on it. */
  cache?: 'no-store';
}

/** What {@link Fetch} answers; every `Response` is one. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** A stream of bytes of any kind, of which no more than 1 MiB is read; without one, `text` is asked for it all. */
  readonly body?: unknown;
  text(): Promise<string>;
}

/** The part of a `Headers` object that this library uses. */
export interface AnswerHeaders {
  /** The value of a header, in any letter case; null when it is missing. */
  get(name: string): string | null;
}
