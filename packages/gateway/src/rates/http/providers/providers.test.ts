import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatDecimal } from '../../../kernel/decimal.ts';
import { parseJsonNumbersAsText } from '../json-numbers.ts';
import { PROVIDER_NAMES, type ProviderName } from '../../provider-names.ts';
import { UnexpectedAnswerError } from '../unexpected-answer.ts';
import { PROVIDERS } from './index.ts';

interface Fixture {
  readonly body: string;
  readonly prices: Readonly<Record<string, string>>;
  readonly atS?: number;
}

function fixtureOf(name: ProviderName): Fixture {
  return JSON.parse(readFileSync(new URL(`../../../../test/rates/${name}.json`, import.meta.url), 'utf8')) as Fixture;
}

describe.each(PROVIDER_NAMES)('%s', (name) => {
  const provider = PROVIDERS[name];
  const { body, prices, atS } = fixtureOf(name);

  it('has its own name', () => expect(provider.name).toBe(name));

  it('is read to the last digit, and nothing is invented', () => {
    const read = provider.read(parseJsonNumbersAsText(body)).flatMap((each) => ('price' in each ? [each] : []));
    expect(Object.fromEntries(read.map(({ currency, price }) => [currency, formatDecimal(price)]))).toEqual(prices);
    for (const price of read) expect(price.atS).toBe(atS);
  });

  it('is queried over https, once for all currencies', () => {
    const currencies = provider.currencies ?? ['EUR', 'KES'];
    const urls = provider.urls(currencies).map((url) => new URL(url));
    expect(urls).toHaveLength(1);
    expect(urls[0]!.protocol).toBe('https:');
    expect(urls[0]!.href.length).toBeLessThan(500);
  });

  it('supports only three-letter currencies, each once', () => {
    for (const currency of provider.currencies ?? []) expect(currency).toMatch(/^[A-Z]{3}$/);
    expect(new Set(provider.currencies).size).toBe((provider.currencies ?? []).length);
  });

  it.each(['null', '[]', '{}', '"x"', '3', '{"error":["EQuery:Unknown asset pair"]}', '["error",10020,"symbol: invalid"]'])(
    'returns no price for the answer %s',
    (text) => {
      let prices: readonly unknown[] = [];
      try {
        prices = provider.read(parseJsonNumbersAsText(text));
      } catch (error) {
        expect(error).toBeInstanceOf(UnexpectedAnswerError);
      }
      expect(prices).toEqual([]);
    },
  );

  it.each(['0', '-1', null, 'abc', '1e400', { price: '60000' }])('rejects a price of %j', (wrong) => {
    const spoilt = JSON.parse(JSON.stringify(parseJsonNumbersAsText(body)), (_, value: unknown) =>
      typeof value === 'string' && /^\d{3,8}(?:\.\d+)?$/.test(value) ? wrong : value,
    ) as unknown;
    let prices: readonly { currency: string }[] = [];
    try {
      prices = provider.read(spoilt).filter((each) => 'price' in each);
    } catch (error) {
      expect(error).toBeInstanceOf(UnexpectedAnswerError);
    }
    expect(prices.filter(({ currency }) => ['EUR', 'USD', 'JPY'].includes(currency))).toEqual([]);
  });
});
