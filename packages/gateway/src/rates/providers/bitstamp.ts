import type { RateProvider } from '../provider.ts';
import { arrayOf, middleOf, objectOf, secondsOf, UnexpectedAnswerError } from './answer.ts';

/** All markets in one list: `[{"pair": "BTC/EUR", "bid": "57200", "ask": "57208", "timestamp": "1763920800", ...}, ...]`. */
export const bitstamp: RateProvider = {
  name: 'bitstamp',
  docs: 'https://www.bitstamp.net/api/#tag/Tickers/operation/GetCurrencyPairTickers',
  currencies: ['EUR', 'GBP', 'USD'],
  urls: () => ['https://www.bitstamp.net/api/v2/ticker/'],
  read: (answer) => {
    const prices = arrayOf(answer, 'answer').flatMap((each) => {
      const { pair, bid, ask, timestamp } = objectOf(each, 'ticker');
      const [, currency] = /^BTC\/([A-Z]{3})$/.exec(String(pair)) ?? [];
      if (currency === undefined) return [];
      return [{ currency, price: middleOf(bid, ask, currency), atS: secondsOf(timestamp, `${currency}.timestamp`) }];
    });
    if (prices.length === 0) throw new UnexpectedAnswerError('answer: expected pairs such as BTC/EUR, got none');
    return prices;
  },
};
