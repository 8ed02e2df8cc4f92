import { expect, it, onTestFinished, vi } from 'vitest';
import { epochMs } from '../../kernel/clock.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import type { FetchedQuotes } from '../../rates/fetched-quotes.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { RateSharing, type QuoteFetcher } from './rate-sharing.ts';

function answer(provider: string, askedAt: number, price: string): FetchedQuotes {
  const quote = { provider, currency: 'EUR', price: parseDecimal(price)!, at: epochMs(askedAt) };
  return { provider, askedAt: epochMs(askedAt), quotes: [quote], unusable: [] };
}

function start() {
  const world = {
    stored: [] as FetchedQuotes[],
    failures: 0,
    attempts: 0,
    version: 1 as number | undefined,
    currencies: ['EUR'],
    wanted: [] as string[],
    running: 0,
    /** Called by the fetcher of the last start. */
    fetched: undefined as ((answer: FetchedQuotes) => void) | undefined,
  };
  const fetcher = (fetched: (answer: FetchedQuotes) => void): QuoteFetcher => {
    world.fetched = fetched;
    return {
      start: () => void (world.running += 1),
      stop: async () => void (world.running -= 1),
      want: (currency) => void world.wanted.push(currency),
    };
  };
  const rates = { quotes: async () => [], put: async (given: FetchedQuotes) => void world.stored.push(given) };
  const sharing = new RateSharing({
    store: {
      transaction: async (work) => {
        world.attempts += 1;
        if (world.attempts <= world.failures) throw new Error('the database is away');
        return work({ rates } as unknown as StoreTransaction);
      },
    },
    fetcher,
    currencies: async () => world.currencies,
    posWatch: { version: () => world.version },
    log: { info: () => {}, warn: () => {} },
    retryMs: 5,
  });
  onTestFinished(() => sharing.stop());
  return { world, sharing };
}

it('quotes that cannot be stored are stored later, unchanged', async () => {
  const { world, sharing } = start();
  world.failures = 3;
  sharing.start();
  const fetched = answer('kraken', 1_000, '60000');
  world.fetched?.(fetched);
  await vi.waitFor(() => expect(world.stored).toEqual([fetched]));
  expect(world.attempts).toBe(4);
});

it('of quotes that cannot be stored, only the last of each provider are stored', async () => {
  const { world, sharing } = start();
  world.failures = Number.POSITIVE_INFINITY;
  sharing.start();
  const [old, other, latest] = [answer('kraken', 1, '1'), answer('coinbase', 2, '2'), answer('kraken', 3, '3')];
  world.fetched?.(old);
  await vi.waitFor(() => expect(world.attempts).toBeGreaterThan(1));
  world.fetched?.(other);
  world.fetched?.(latest);
  world.failures = 0;
  await vi.waitFor(() => expect(world.stored).toHaveLength(2));
  expect(new Set(world.stored)).toEqual(new Set([latest, other]));
});

it('fetching begins with each start, and ends with each stop', async () => {
  const { world, sharing } = start();
  for (let time = 0; time < 3; time += 1) {
    sharing.start();
    sharing.start();
    expect(world.running).toBe(1);
    await sharing.stop();
    await sharing.stop();
    expect(world.running).toBe(0);
  }
});

it('the currency of a new POS is asked for as soon as the POS is noticed', async () => {
  const { world, sharing } = start();
  sharing.start();
  await vi.waitFor(() => expect(world.wanted).toEqual(['EUR']));
  world.currencies = ['EUR', 'USD'];
  world.version = 2;
  await vi.waitFor(() => expect(world.wanted).toEqual(['EUR', 'EUR', 'USD']));
});
