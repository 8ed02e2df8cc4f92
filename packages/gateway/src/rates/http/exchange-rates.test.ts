import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import { ExchangeRates } from './exchange-rates.ts';
import { StatusError } from './get-text.ts';
import type { RateProvider } from './provider.ts';
import type { ProviderName } from '../provider-names.ts';

const NOW = epochMs(1_795_455_600_000);

/** Parses `CURRENCY=PRICE[@SECONDS]`, one per line. */
function provider(name: ProviderName, currencies?: readonly string[]): RateProvider {
  return {
    name,
    docs: '',
    currencies,
    urls: (asked) => [`https://${name}/?${asked.join()}`],
    read: (answer) =>
      Object.entries(answer as Record<string, string>).map(([currency, text]) => {
        if (text === 'odd') return { currency, odd: `${currency}: expected a price, got null` };
        const [price, atS] = text.split('@');
        return { currency, price: parseDecimal(price!)!, ...(atS === undefined ? {} : { atS: Number(atS) }) };
      }),
  };
}

interface World {
  readonly rates: ExchangeRates;
  readonly asked: string[];
  readonly warnings: string[];
  now: EpochMs;
  /** The answer of each provider; an Error fails, undefined never answers. */
  answers: Partial<Record<ProviderName, Record<string, string> | Error>>;
  currencies: string[];
}

function start(answers: World['answers'], changes: { refreshMs?: number; providers?: RateProvider[] } = {}): World {
  const providers = changes.providers ?? (Object.keys(answers) as ProviderName[]).map((name) => provider(name));
  const world: World = {
    asked: [],
    warnings: [],
    now: NOW,
    answers,
    currencies: ['EUR'],
    rates: new ExchangeRates({
      providers,
      getText: async (url, signal) => {
        world.asked.push(url);
        const answer = world.answers[new URL(url).host as ProviderName];
        if (answer instanceof Error) throw answer;
        if (answer !== undefined) return JSON.stringify(answer);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
      },
      currencies: async () => world.currencies,
      clock: { now: () => world.now },
      random: () => 0.5,
      log: { warn: (_, message) => world.warnings.push(message), info: () => undefined },
      refreshMs: changes.refreshMs ?? 60_000,
      maxAgeMs: 600_000,
    }),
  };
  onTestFinished(() => world.rates.stop());
  world.rates.start();
  return world;
}

describe('rates of exchanges', () => {
  it('are the median of the providers that answer, and name them', async () => {
    const { rates } = start({ kraken: { EUR: '60000' }, coinbase: { EUR: '60010' }, bitstamp: { EUR: '60020.5' } });
    await vi.waitFor(() => expect(rates.rate('EUR')?.source).toBe('median:bitstamp,coinbase,kraken'));
    expect(rates.rate('EUR')).toMatchObject({ value: '60010', at: NOW });
  });

  it('survive sources that are dead, slow or wrong', async () => {
    const { rates } = start({
      kraken: new Error('gone'),
      coinbase: undefined as never,
      bitstamp: { EUR: '60000' },
      bitfinex: { EUR: '60001' },
      coingecko: { EUR: '6' },
    });
    await vi.waitFor(() => expect(rates.rate('EUR')?.source).toBe('median:bitfinex,bitstamp'));
    expect(rates.status()).toContainEqual({ name: 'kraken', answeredAt: undefined, trouble: 'gone' });
  });

  it('are undefined at first, for an unsupported currency, and when too old', async () => {
    const world = start({ kraken: { EUR: '60000' } });
    expect(world.rates.rate('EUR')).toBeUndefined();
    await vi.waitFor(() => expect(world.rates.rate('EUR')).toBeDefined());
    expect(world.rates.rate('XAF')).toBeUndefined();
    world.now = epochMs(NOW + 600_000);
    expect(world.rates.rate('EUR')).toBeDefined();
    world.now = epochMs(NOW + 600_001);
    expect(world.rates.rate('EUR')).toBeUndefined();
  });

  it('are as old as their source says, but never from the future', async () => {
    const { rates } = start({ kraken: { EUR: `60000@${NOW / 1000 - 60}`, USD: `65000@${NOW / 1000 + 3600}` } });
    await vi.waitFor(() => expect(rates.rate('EUR')?.at).toBe(NOW - 60_000));
    rates.rate('USD');
    await vi.waitFor(() => expect(rates.rate('USD')?.at).toBe(NOW));
  });

  it('of a chosen exchange are used with the spread, and those of the others while it has none', async () => {
    const world = start({ kraken: { EUR: '60000' }, coinbase: { EUR: '60100' }, bitstamp: { EUR: '60200' } }, { refreshMs: 20 });
    const pick = (): unknown => world.rates.rate('EUR', { provider: 'kraken', spreadBps: 100 });
    await vi.waitFor(() => expect(world.rates.status().every(({ answeredAt }) => answeredAt !== undefined)).toBe(true));
    expect(pick()).toEqual({ source: 'kraken', value: '59400', at: NOW });
    world.answers.kraken = {};
    await vi.waitFor(() => expect(pick()).toEqual({ source: 'median:bitstamp,coinbase', value: '59548.5', at: NOW }));
  });

  it('are fetched in the background, only for needed currencies, from sources that have them', async () => {
    const asked = [provider('kraken', ['EUR', 'USD']), provider('bitstamp', ['USD'])];
    const world = start({ kraken: { EUR: '60000' }, bitstamp: { USD: '1' } }, { providers: asked });
    world.currencies = ['EUR', 'KES'];
    await vi.waitFor(() => expect(world.rates.rate('EUR')).toBeDefined());
    for (let i = 0; i < 50; i += 1) world.rates.rate('EUR');
    expect(world.asked).toEqual(['https://kraken/?EUR']);
  });

  it('with an unusable price leave the others fresh, and the last price valid until it is too old', async () => {
    const world = start({ kraken: { EUR: '60000', LKR: '21000000' } }, { refreshMs: 20 });
    world.currencies = ['EUR', 'LKR'];
    world.rates.rate('LKR');
    await vi.waitFor(() => expect(world.rates.rate('LKR')).toBeDefined());
    world.answers.kraken = { EUR: '60001', LKR: 'odd' };
    await vi.waitFor(() => expect(world.rates.rate('EUR')?.value).toBe('60001'));
    expect(world.rates.rate('LKR')?.value).toBe('21000000');
    expect(world.rates.status()).toMatchObject([{ trouble: 'LKR: expected a price, got null' }]);
    expect(world.warnings).toEqual(['rates of kraken: unusable price: LKR: expected a price, got null']);
    world.now = epochMs(NOW + 600_001);
    await vi.waitFor(() => expect(world.rates.rate('EUR')).toBeDefined());
    expect(world.rates.rate('LKR')).toBeUndefined();
  });

  it('of a new currency are fetched at once, a single time', async () => {
    const world = start({ kraken: { EUR: '60000', USD: '65000' } });
    await vi.waitFor(() => expect(world.rates.rate('EUR')).toBeDefined());
    for (let i = 0; i < 50; i += 1) world.rates.rate('USD');
    await vi.waitFor(() => expect(world.rates.rate('USD')?.value).toBe('65000'));
    expect(world.asked).toEqual(['https://kraken/?EUR', 'https://kraken/?EUR,USD']);
  });

  it('respect the delay that a source asks for', async () => {
    const world = start({ kraken: new StatusError(429, 120_000) }, { refreshMs: 20 });
    await vi.waitFor(() => expect(world.rates.status()[0]?.trouble).toBe('answered 429'));
    for (let i = 0; i < 5; i += 1) world.rates.rate('EUR');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(world.asked).toHaveLength(1);
  });

  it('log a failure, and stop while a source hangs', async () => {
    const world = start({ kraken: new Error('gone'), coinbase: undefined as never });
    await vi.waitFor(() => expect(world.warnings).toEqual(['rates of kraken: failed']));
    await world.rates.stop();
  });
});
