import { expect, it, onTestFinished, vi } from 'vitest';
import { testClock } from '../../../test/support/test-clock.ts';
import { plusMs } from '../../kernel/clock.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import type { Quote } from '../../rates/quote.ts';
import { SharedRateSource } from './shared-rate-source.ts';

async function start() {
  const clock = testClock(1_795_455_600_000);
  const world = { clock, quotes: [] as Quote[], fails: false, readings: 0, warnings: [] as string[] };
  const quote = (provider: string, price: string, ageMs = 0): Quote => ({
    provider,
    currency: 'EUR',
    price: parseDecimal(price)!,
    at: plusMs(clock.now(), -ageMs),
  });
  world.quotes = [quote('kraken', '60000'), quote('coinbase', '60010'), quote('bitstamp', '60020')];
  const rates = new SharedRateSource({
    store: {
      rates: {
        quotes: async () => {
          world.readings += 1;
          if (world.fails) throw new Error('the database is away');
          return world.quotes;
        },
        put: () => Promise.reject(new Error('not used here')),
      },
    },
    providers: ['kraken', 'coinbase'],
    clock,
    maxAgeMs: 600_000,
    log: { info: () => {}, warn: (_, message) => void world.warnings.push(message) },
    intervalMs: 5,
  });
  onTestFinished(() => rates.stop());
  const readAgain = async (): Promise<void> => {
    const before = world.readings;
    await vi.waitFor(() => expect(world.readings).toBeGreaterThan(before + 1));
  };
  return { rates, world, quote, readAgain };
}

it('rates come from the providers of the settings, whatever others are stored', async () => {
  const { rates } = await start();
  await rates.start();
  expect(rates.rate('EUR')).toMatchObject({ source: 'median:coinbase,kraken', value: '60005' });
  expect(rates.rate('EUR', { provider: 'kraken', spreadBps: 100 })).toMatchObject({ source: 'kraken', value: '59400' });
  expect(rates.rate('EUR', { provider: 'bitstamp', spreadBps: 0 })).toMatchObject({ source: 'median:coinbase,kraken' });
  expect(rates.rate('USD')).toBeUndefined();
});

it('rates follow what is stored', async () => {
  const { rates, world, quote, readAgain } = await start();
  await rates.start();
  world.quotes = [quote('kraken', '61000')];
  await readAgain();
  expect(rates.rate('EUR')).toMatchObject({ source: 'median:kraken', value: '61000' });
  world.quotes = [];
  await readAgain();
  expect(rates.rate('EUR')).toBeUndefined();
});

it('rates stay while the database is away, until they are too old', async () => {
  const { rates, world, readAgain } = await start();
  await rates.start();
  world.fails = true;
  await readAgain();
  world.clock.advance(600_000);
  expect(rates.rate('EUR')).toBeDefined();
  world.clock.advance(1);
  expect(rates.rate('EUR')).toBeUndefined();
  expect(world.warnings[0]).toBe('rates: failed');
});

it('a price from the future is as old as its reading, so that it lasts no longer', async () => {
  const { rates, world, quote } = await start();
  world.quotes = [quote('kraken', '60000', -3_600_000)];
  await rates.start();
  expect(rates.rate('EUR')?.at).toBe(world.clock.now());
});
