import { expect, it } from 'vitest';
import { onEveryDatabase } from '../../../../test/support/every-database.ts';
import { plusMs, type EpochMs } from '../../../kernel/clock.ts';
import { formatDecimal, parseDecimal } from '../../../kernel/decimal.ts';
import type { FetchedQuotes } from '../../../rates/fetched-quotes.ts';

await onEveryDatabase('shared-rates.test.ts', (database) => {
  const answer = (
    provider: string,
    askedAt: EpochMs,
    prices: Record<string, string>,
    unusable: string[] = [],
  ): FetchedQuotes => ({
    provider,
    askedAt,
    quotes: Object.entries(prices).map(([currency, text]) => ({ provider, currency, price: parseDecimal(text)!, at: askedAt })),
    unusable,
  });
  const put = (given: FetchedQuotes): Promise<void> => database.store.transaction(({ rates }) => rates.put(given));
  const stored = async (): Promise<string[]> =>
    (await database.store.rates.quotes())
      .map(({ provider, currency, price }) => `${provider} ${currency} ${formatDecimal(price)}`)
      .sort();
  const ago = async (durationMs: number): Promise<EpochMs> => plusMs(await database.store.time(), -durationMs);

  it('are read as they were stored, with the time of the provider', async () => {
    const askedAt = await ago(1_000);
    const price = parseDecimal('60000.12345678')!;
    await put({
      provider: 'kraken',
      askedAt,
      quotes: [{ provider: 'kraken', currency: 'EUR', price, at: plusMs(askedAt, -30_000) }],
      unusable: [],
    });
    expect(await database.store.rates.quotes()).toEqual([{ provider: 'kraken', currency: 'EUR', price, at: askedAt - 30_000 }]);
  });

  it('are replaced by a later answer of the provider, without those of others', async () => {
    await put(answer('kraken', await ago(2_000), { EUR: '1', USD: '2' }));
    await put(answer('coinbase', await ago(2_000), { EUR: '3' }));
    await put(answer('kraken', await ago(1_000), { EUR: '4', USD: '5' }));
    expect(await stored()).toEqual(['coinbase EUR 3', 'kraken EUR 4', 'kraken USD 5']);
  });

  it('go with the answer that has them no more, but stay where it only has no usable price', async () => {
    await put(answer('kraken', await ago(2_000), { EUR: '1', USD: '2', CHF: '3' }));
    await put(answer('kraken', await ago(1_000), { EUR: '4' }, ['USD']));
    expect(await stored()).toEqual(['kraken EUR 4', 'kraken USD 2']);
    await put(answer('kraken', await ago(500), {}));
    expect(await stored()).toEqual([]);
  });

  it('stay when a suspended process stores its answer to an earlier request', async () => {
    const before = await ago(2_000);
    await put(answer('kraken', await ago(1_000), { EUR: '4', USD: '5' }));
    await put(answer('kraken', before, { EUR: '1' }));
    await put(answer('kraken', before, {}));
    expect(await stored()).toEqual(['kraken EUR 4', 'kraken USD 5']);
  });

  it('are never from the future, and give way to newer ones after the clock of the database was set back', async () => {
    await put(answer('kraken', plusMs(await database.store.time(), 600_000), { EUR: '1' }));
    const [quote] = await database.store.rates.quotes();
    expect(quote?.at).toBeLessThanOrEqual(await database.store.time());
    // As it was stored before the clock was set back.
    const future = (await database.store.time()) + 600_000;
    await database.db.updateTable('shared_rates').set({ asked_at: future, priced_at: future }).execute();
    await put(answer('kraken', await database.store.time(), { EUR: '2' }));
    expect(await stored()).toEqual(['kraken EUR 2']);
  });
});
