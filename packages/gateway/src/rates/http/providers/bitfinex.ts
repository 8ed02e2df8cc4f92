import type { RateProvider } from '../provider.ts';
import { UnexpectedAnswerError, UnknownMarketError } from '../unexpected-answer.ts';
import { arrayOf, middleOf, priceIn } from './answer.ts';

/** `[["tBTCEUR", BID, BID_SIZE, ASK, ...], ...]`. */
export const bitfinex: RateProvider = {
  name: 'bitfinex',
  docs: 'https://docs.bitfinex.com/reference/rest-public-tickers',
  currencies: ['EUR', 'GBP', 'JPY', 'USD'],
  urls: (currencies) => [`https://api-pub.bitfinex.com/v2/tickers?symbols=${currencies.map((each) => `tBTC${each}`).join(',')}`],
  read: (answer) => {
    const tickers = arrayOf(answer, 'answer');
    // Errors have the same shape: ["error", 10020, "..."].
    if (tickers[0] === 'error') {
      const [, code, words] = tickers.map((part) => (typeof part === 'string' ? part.slice(0, 60) : ''));
      const message = `error ${code} ${words}`;
      throw /symbol/.test(message) ? new UnknownMarketError(message) : new UnexpectedAnswerError(message);
    }
    return tickers.flatMap((each) => {
      if (!Array.isArray(each)) return [];
      const [symbol, bid, , ask] = each as readonly unknown[];
      const [, currency] = (typeof symbol === 'string' && /^tBTC([A-Z]{3})$/.exec(symbol)) || [];
      return currency === undefined ? [] : [priceIn(currency, () => ({ price: middleOf(bid, ask, currency) }))];
    });
  },
};
