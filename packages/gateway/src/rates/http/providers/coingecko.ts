import type { RateProvider } from '../provider.ts';
import { objectOf, priceIn, priceOf, secondsOf } from './answer.ts';

/** `{"bitcoin": {"eur": 57204.1, "last_updated_at": 1763920800}}`, an average over many exchanges, at most a minute old. */
export const coingecko: RateProvider = {
  name: 'coingecko',
  docs: 'https://docs.coingecko.com/v3.0.1/reference/simple-price',
  currencies: (
    'AED ARS AUD BDT BHD BMD BRL CAD CHF CLP CNY CZK DKK EUR GBP GEL HKD HUF IDR ILS INR JPY KRW KWD LKR MMK MXN MYR NGN NOK NZD PHP PKR ' +
    'PLN RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR'
  ).split(' '),
  urls: (currencies) => [
    `https://api.coingecko.com/api/v3/simple/price?ids=bitcoin&vs_currencies=${currencies.join(',').toLowerCase()}&include_last_updated_at=true&precision=full`,
  ],
  read: (answer) => {
    const { last_updated_at: updated, ...prices } = objectOf(objectOf(answer, 'answer')['bitcoin'], 'bitcoin');
    const atS = secondsOf(updated, 'bitcoin.last_updated_at');
    return Object.entries(prices)
      .filter(([name]) => /^[a-z]{3}$/.test(name))
      .map(([name, text]) => priceIn(name.toUpperCase(), () => ({ price: priceOf(text, name), atS })));
  },
};
