import type { RateProvider } from '../provider.ts';
import { arrayOf, middleOf, objectOf, UnexpectedAnswerError } from './answer.ts';

/** `{"error": [], "result": {"XXBTZEUR": {"a": [ask, ...], "b": [bid, ...], ...}}}`; the names of pairs are Kraken's own. */
export const kraken: RateProvider = {
  name: 'kraken',
  docs: 'https://docs.kraken.com/api/docs/rest-api/get-ticker-information',
  currencies: ['AUD', 'CAD', 'CHF', 'EUR', 'GBP', 'JPY', 'USD'],
  urls: (currencies) => [`https://api.kraken.com/0/public/Ticker?pair=${currencies.map((each) => `XBT${each}`).join(',')}`],
  read: (answer) => {
    const { error, result } = objectOf(answer, 'answer');
    if (Array.isArray(error) && error.length > 0) throw new UnexpectedAnswerError(String(error[0]).slice(0, 80));
    return Object.entries(objectOf(result, 'result')).map(([pair, ticker]) => {
      const { a, b } = objectOf(ticker, pair);
      return { currency: pair.slice(-3), price: middleOf(arrayOf(b, `${pair}.b`)[0], arrayOf(a, `${pair}.a`)[0], pair) };
    });
  },
};
