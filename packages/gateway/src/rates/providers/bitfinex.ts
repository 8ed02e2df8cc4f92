import type { RateProvider } from '../provider.ts';
import { arrayOf, middleOf, UnexpectedAnswerError } from './answer.ts';

/** `[["tBTCEUR", BID, BID_SIZE, ASK, ...], ...]`. */
export const bitfinex: RateProvider = {
  name: 'bitfinex',
  docs: 'https://docs.bitfinex.com/reference/rest-public-tickers',
  currencies: ['EUR', 'GBP', 'JPY', 'USD'],
  urls: (currencies) => [`https://api-pub.bitfinex.com/v2/tickers?symbols=${currencies.map((each) => `tBTC${each}`).join(',')}`],
  read: (answer) => {
    const tickers = arrayOf(answer, 'answer');
    // What went wrong comes in the same shape: ["error", 10020, "..."].
    if (tickers[0] === 'error') throw new UnexpectedAnswerError(tickers.join(' ').slice(0, 80));
    return tickers.flatMap((each) => {
      const [symbol, bid, , ask] = arrayOf(each, 'ticker');
      const [, currency] = /^tBTC([A-Z]{3})$/.exec(String(symbol)) ?? [];
      return currency === undefined ? [] : [{ currency, price: middleOf(bid, ask, currency) }];
    });
  },
};
