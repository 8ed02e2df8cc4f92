import type { AnswerHeaders } from './fetch.ts';

/** The answer that the data came with. */
export interface Answer {
  /** The HTTP status. */
  status: number;
  /** The headers; with a standard `fetch`, a `Headers` object. */
  headers: AnswerHeaders;
  /** The request's id in the gateway's log. */
  requestId: string | undefined;
}

/** The data of an answer, and the answer itself. */
export interface WithAnswer<T> {
  data: T;
  answer: Answer;
}
