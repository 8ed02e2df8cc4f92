import type { Quote } from './quote.ts';

/** What one source of rates says when it is asked: a price, that it has none, or what went wrong. */
export interface AnsweredRate {
  readonly name: string;
  readonly quote?: Quote | undefined;
  readonly trouble?: string | undefined;
}
