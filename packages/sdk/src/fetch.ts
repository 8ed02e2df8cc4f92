/** The part of the standard `fetch` that this library uses. */
export interface Fetch {
  (url: string, init: FetchInit): Promise<FetchAnswer>;
  /** Of one that takes `onOver` in the place of `signal`, which costs more. */
  takesOnOver?: true;
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
  /** That of the `http` options, where it was given. */
  dispatcher?: unknown;
}

/** What {@link Fetch} answers; every `Response` is one. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Where it is there, no more than 1 MiB of it is read. */
  readonly body?: AnswerBody | null;
  text(): Promise<string>;
}

/** The part of a `Headers` object that this library uses. */
export interface AnswerHeaders {
  /** The value of a header, in any letter case; null when it is missing. */
  get(name: string): string | null;
}

/** The part of a `ReadableStream` that this library uses. */
export interface AnswerBody {
  /** Takes the stream, so that this library alone reads it. */
  getReader(): AnswerReader;
}

/** The part of a stream's reader that this library uses. */
export interface AnswerReader {
  /** The next bytes; without a value at the end. */
  read(): Promise<{ value?: Uint8Array | undefined }>;
  /** Ends the reading early. */
  cancel(): Promise<void>;
}
