import type { RateProvider } from '../provider.ts';
import { UnexpectedAnswerError } from '../unexpected-answer.ts';
import { objectOf, priceIn, priceOf } from './answer.ts';

/** `{"data": {"currency": "BTC", "rates": {"EUR": "57204.1", ...}}}`: one bitcoin in every currency, and in many coins. */
export const coinbase: RateProvider = {
  name: 'coinbase',
  docs: 'https://docs.cdp.coinbase.com/coinbase-app/track-apis/exchange-rates',
  currencies: undefined,
  urls: () => ['https://api.coinbase.com/v2/exchange-rates?currency=BTC'],
  read: (answer) => {
    const { currency: base, rates } = objectOf(objectOf(answer, 'answer')['data'], 'data');
    if (base !== 'BTC') throw new UnexpectedAnswerError('data.currency: expected BTC, got another currency');
    return Object.entries(objectOf(rates, 'data.rates'))
      .filter(([currency]) => /^[A-Z]{3}$/.test(currency))
      .map(([currency, text]) => priceIn(currency, () => ({ price: priceOf(text, currency) })));
  },
};
