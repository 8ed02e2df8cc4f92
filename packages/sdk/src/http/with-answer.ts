import type { AnswerHeaders } from './fetch.ts';

/** What came with the data of an answer. */
export interface Answer {
  /** The HTTP status. */
  status: number;
  /** The headers; with a standard `fetch`, a `Headers` object. */
  headers: AnswerHeaders;
  /** The id by which the gateway's log knows the request. */
  requestId: string | undefined;
}

/** The data of an answer, and the answer that brought it. */
export interface WithAnswer<T> {
  data: T;
  answer: Answer;
}
