import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { parseDecimal } from '../kernel/decimal.ts';
import { ExchangeRates } from './exchange-rates.ts';
import { StatusError } from './get-text.ts';
import type { RateProvider } from './provider.ts';
import type { ProviderName } from './provider-names.ts';

const NOW = epochMs(1_795_455_600_000);

/** Answers `CURRENCY=PRICE[@SECONDS]`, one a line. */
function provider(name: ProviderName, currencies?: readonly string[]): RateProvider {
  return {
    name,
    docs: '',
    currencies,
    urls: (asked) => [`https://${name}/?${asked.join()}`],
    read: (answer) =>
      Object.entries(answer as Record<string, string>).map(([currency, text]) => {
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
  /** What each provider answers; an Error fails, undefined never answers. */
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
  it('are the median of those that answer, and say who they are', async () => {
    const { rates } = start({ kraken: { EUR: '60000' }, coinbase: { EUR: '60010' }, bitstamp: { EUR: '60020.5' } });
    await vi.waitFor(() => expect(rates.rate('EUR')?.source).toBe('median:bitstamp,coinbase,kraken'));
    expect(rates.rate('EUR')).toMatchObject({ value: '60010', at: NOW });
  });

  it('go on when sources are dead, slow or wrong', async () => {
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

  it('are none at first, none for a currency that nobody has, and none when too old', async () => {
    const world = start({ kraken: { EUR: '60000' } });
    expect(world.rates.rate('EUR')).toBeUndefined();
    await vi.waitFor(() => expect(world.rates.rate('EUR')).toBeDefined());
    expect(world.rates.rate('XAF')).toBeUndefined();
    world.now = epochMs(NOW + 600_000);
    expect(world.rates.rate('EUR')).toBeDefined();
    world.now = epochMs(NOW + 600_001);
    expect(world.rates.rate('EUR')).toBeUndefined();
  });

  it('are as old as their source says, but never of the future', async () => {
    const { rates } = start({ kraken: { EUR: `60000@${NOW / 1000 - 60}`, USD: `65000@${NOW / 1000 + 3600}` } });
    await vi.waitFor(() => expect(rates.rate('EUR')?.at).toBe(NOW - 60_000));
    rates.rate('USD');
    await vi.waitFor(() => expect(rates.rate('USD')?.at).toBe(NOW));
  });

  it('of one exchange are given to who picked it, with its spread; of the others while it has none', async () => {
    const world = start({ kraken: { EUR: '60000' }, coinbase: { EUR: '60100' }, bitstamp: { EUR: '60200' } }, { refreshMs: 20 });
    const pick = (): unknown => world.rates.rate('EUR', { provider: 'kraken', spreadBps: 100 });
    await vi.waitFor(() => expect(world.rates.status().every(({ answeredAt }) => answeredAt !== undefined)).toBe(true));
    expect(pick()).toEqual({ source: 'kraken', value: '59400', at: NOW });
    world.answers.kraken = {};
    await vi.waitFor(() => expect(pick()).toEqual({ source: 'median:bitstamp,coinbase', value: '59548.5', at: NOW }));
  });

  it('are asked for in the background, only in currencies that are needed, of sources that have them', async () => {
    const asked = [provider('kraken', ['EUR', 'USD']), provider('bitstamp', ['USD'])];
    const world = start({ kraken: { EUR: '60000' }, bitstamp: { USD: '1' } }, { providers: asked });
    world.currencies = ['EUR', 'KES'];
    await vi.waitFor(() => expect(world.rates.rate('EUR')).toBeDefined());
    for (let i = 0; i < 50; i += 1) world.rates.rate('EUR');
    expect(world.asked).toEqual(['https://kraken/?EUR']);
  });

  it('of a new currency are asked for out of turn, once', async () => {
    const world = start({ kraken: { EUR: '60000', USD: '65000' } });
    await vi.waitFor(() => expect(world.rates.rate('EUR')).toBeDefined());
    for (let i = 0; i < 50; i += 1) world.rates.rate('USD');
    await vi.waitFor(() => expect(world.rates.rate('USD')?.value).toBe('65000'));
    expect(world.asked).toEqual(['https://kraken/?EUR', 'https://kraken/?EUR,USD']);
  });

  it('leave a source alone for as long as it wants', async () => {
    const world = start({ kraken: new StatusError(429, 120_000) }, { refreshMs: 20 });
    await vi.waitFor(() => expect(world.rates.status()[0]?.trouble).toBe('answered 429'));
    for (let i = 0; i < 5; i += 1) world.rates.rate('EUR');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(world.asked).toHaveLength(1);
  });

  it('tell of a failure in the log, and end while a source hangs', async () => {
    const world = start({ kraken: new Error('gone'), coinbase: undefined as never });
    await vi.waitFor(() => expect(world.warnings).toEqual(['rates of kraken: failed']));
    await world.rates.stop();
  });
});
