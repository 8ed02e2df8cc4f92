import type { Quote } from './quote.ts';

/** What one rate source returned: a price, nothing, or an error. */
export interface AnsweredRate {
  readonly name: string;
  readonly quote?: Quote | undefined;
  readonly trouble?: string | undefined;
}
