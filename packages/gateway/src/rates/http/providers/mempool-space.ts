import type { RateProvider } from '../provider.ts';
import { objectOf, priceIn, priceOf, secondsOf } from './answer.ts';

/** `{"time": 1763920800, "USD": 65871, "EUR": 57204, ...}`, an average over some exchanges. */
export const mempoolSpace: RateProvider = {
  name: 'mempool.space',
  docs: 'https://mempool.space/docs/api/rest#get-price',
  currencies: ['AUD', 'CAD', 'CHF', 'EUR', 'GBP', 'JPY', 'USD'],
  urls: () => ['https://mempool.space/api/v1/prices'],
  read: (answer) => {
    const { time, ...prices } = objectOf(answer, 'answer');
    const atS = secondsOf(time, 'time');
    return Object.entries(prices).flatMap(([currency, text]) =>
      // -1 means that it has no price in this currency.
      /^[A-Z]{3}$/.test(currency) && text !== '-1' ? [priceIn(currency, () => ({ price: priceOf(text, currency), atS }))] : [],
    );
  },
};
