import type { Price, RateProvider } from '../provider.ts';
import { UnexpectedAnswerError } from '../unexpected-answer.ts';
import { arrayOf, isObject, middleOf, priceIn, secondsOf } from './answer.ts';

/** All markets in one list: `[{"pair": "BTC/EUR", "bid": "57200", "ask": "57208", "timestamp": "1763920800", ...}, ...]`. */
export const bitstamp: RateProvider = {
  name: 'bitstamp',
  docs: 'https://www.bitstamp.net/api/#tag/Tickers/operation/GetCurrencyPairTickers',
  currencies: ['EUR', 'GBP', 'USD'],
  urls: () => ['https://www.bitstamp.net/api/v2/ticker/'],
  read: (answer) => {
    const prices = arrayOf(answer, 'answer').flatMap((each) => {
      if (!isObject(each)) return [];
      const { pair, bid, ask, timestamp } = each;
      const [, currency] = (typeof pair === 'string' && /^BTC\/([A-Z]{3})$/.exec(pair)) || [];
      if (currency === undefined) return [];
      const read = (): Omit<Price, 'currency'> => ({
        price: middleOf(bid, ask, currency),
        atS: secondsOf(timestamp, `${currency}.timestamp`),
      });
      return [priceIn(currency, read)];
    });
    if (prices.length === 0) throw new UnexpectedAnswerError('answer: expected pairs such as BTC/EUR, got none');
    return prices;
  },
};
