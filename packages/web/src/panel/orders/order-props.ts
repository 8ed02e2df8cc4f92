import type { OrderWords } from './order-words.ts';
import type { OrderView } from './view.ts';

/** What the sections of the page of an order are made from. */
export interface OrderProps {
  view: OrderView;
  words: OrderWords;
}
