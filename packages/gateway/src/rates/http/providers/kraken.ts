import type { Price, RateProvider } from '../provider.ts';
import { UnexpectedAnswerError, UnknownMarketError } from '../unexpected-answer.ts';
import { arrayOf, middleOf, objectOf, priceIn } from './answer.ts';

/** `{"error": [], "result": {"XXBTZEUR": {"a": [ask, ...], "b": [bid, ...], ...}}}`; the pair names are Kraken's own. */
export const kraken: RateProvider = {
  name: 'kraken',
  docs: 'https://docs.kraken.com/api/docs/rest-api/get-ticker-information',
  currencies: ['AUD', 'CAD', 'CHF', 'EUR', 'GBP', 'JPY', 'USD'],
  urls: (currencies) => [`https://api.kraken.com/0/public/Ticker?pair=${currencies.map((each) => `XBT${each}`).join(',')}`],
  read: (answer) => {
    const { error, result } = objectOf(answer, 'answer');
    // Those that begin with W are warnings.
    const faults: readonly unknown[] = Array.isArray(error) ? error : [];
    const fault = faults.find((each) => typeof each === 'string' && each.startsWith('E'));
    if (typeof fault === 'string') {
      const message = fault.slice(0, 80);
      throw /pair/.test(message) ? new UnknownMarketError(message) : new UnexpectedAnswerError(message);
    }
    return Object.entries(objectOf(result, 'result')).flatMap(([pair, ticker]) => {
      const [, currency] = /^X?XBTZ?([A-Z]{3})$/.exec(pair) ?? [];
      if (currency === undefined) return [];
      const read = (): Omit<Price, 'currency'> => {
        const { a, b } = objectOf(ticker, pair);
        return { price: middleOf(arrayOf(b, `${pair}.b`)[0], arrayOf(a, `${pair}.a`)[0], pair) };
      };
      return [priceIn(currency, read)];
    });
  },
};
