/** Processes that share a database: one of them fetches rates, and all sell by them. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { IN_FILE, ON_POSTGRES, onEveryPlace } from '../../test/support/every-database.ts';
import { samplePos, storedPos } from '../../test/support/samples.ts';
import { plusMs, type Clock } from '../kernel/clock.ts';
import { FollowedClock } from '../kernel/time/followed-clock.ts';
import { parseCurrency } from '../orders/currency.ts';
import type { Pos } from '../merchants/pos.ts';
import { openSqlStore, type SqlStore } from '../store/sql/sql-store.ts';
import { openSharedRates, type OpenedSharedRates } from './open-rates.ts';

const MAX_AGE_MS = 600_000;

/** An exchange that all processes ask. */
class Exchange {
  readonly askedBy: string[] = [];
  prices: Record<string, string> = { EUR: '60000', USD: '65000' };

  textFor(process: string): () => Promise<string> {
    return async () => {
      this.askedBy.push(process);
      return JSON.stringify({ data: { currency: 'BTC', rates: this.prices } });
    };
  }
}

interface Process extends OpenedSharedRates {
  readonly store: SqlStore;
  readonly eur: () => string | undefined;
}

await onEveryPlace(
  'shared-rates.test.ts',
  (place) => {
    let shop: Pos;

    /** @param change What the clock of this process does differently. */
    async function open(
      name: string,
      exchange: Exchange,
      change: { readonly clock?: (own: Clock) => Clock } = {},
    ): Promise<Process> {
      const store = await openSqlStore(place().connect());
      onTestFinished(() => store.close());
      if ((await store.pos.list()).length === 0) shop = await storedPos(store);
      const posWatch = await store.watchPos();
      onTestFinished(() => posWatch.close());
      const own = await FollowedClock.open({ read: () => store.time(), nowMs: () => performance.now(), intervalMs: 20 });
      onTestFinished(() => own.close());
      const opened = openSharedRates(
        {
          config: { rates: { kind: 'exchanges', providers: ['coinbase'], refreshMs: 50, maxAgeMs: MAX_AGE_MS } },
          parts: { getText: exchange.textFor(name) },
          random: () => 0.5,
          log: { info: () => {}, warn: () => {} },
        },
        { store, posWatch, clock: change.clock?.(own) ?? own },
      );
      onTestFinished(async () => opened.leading?.stop?.());
      onTestFinished(async () => opened.reading?.stop?.());
      await opened.reading?.start?.();
      return { ...opened, store, eur: () => opened.rates.rate('EUR')?.value };
    }

    describe('rates of several processes', () => {
      it('are fetched by the one that leads, from its start to its stop, and read by all', async () => {
        const exchange = new Exchange();
        const [one, two, three] = [await open('1', exchange), await open('2', exchange), await open('3', exchange)];
        expect(one.eur()).toBeUndefined();
        await one.leading?.start?.();
        for (const { eur } of [one, two, three]) await vi.waitFor(() => expect(eur()).toBe('60000'));
        expect(two.rates.rate('EUR')?.source).toBe('median:coinbase');
        await one.leading?.stop?.();
        expect(new Set(exchange.askedBy)).toEqual(new Set(['1']));

        const asked = exchange.askedBy.length;
        exchange.prices = { EUR: '61000' };
        await two.leading?.start?.();
        for (const { eur } of [one, two, three]) await vi.waitFor(() => expect(eur()).toBe('61000'));
        expect(new Set(exchange.askedBy.slice(asked))).toEqual(new Set(['2']));
        await two.leading?.stop?.();

        exchange.prices = { EUR: '62000' };
        await one.leading?.start?.();
        for (const { eur } of [one, two, three]) await vi.waitFor(() => expect(eur()).toBe('62000'));
      });

      it('are there for a process that starts while no process leads', async () => {
        const exchange = new Exchange();
        const one = await open('1', exchange);
        await one.leading?.start?.();
        await vi.waitFor(() => expect(one.eur()).toBe('60000'));
        await one.leading?.stop?.();
        expect((await open('2', exchange)).eur()).toBe('60000');
      });

      it('age after the leader has died, and are used no more when they are too old', async () => {
        const exchange = new Exchange();
        let laterMs = 0;
        const one = await open('1', exchange);
        const two = await open('2', exchange, { clock: (own) => ({ now: () => plusMs(own.now(), laterMs) }) });
        await one.leading?.start?.();
        await vi.waitFor(() => expect(two.eur()).toBe('60000'));
        await one.leading?.stop?.();
        await vi.waitFor(async () => {
          const [quote] = await one.store.rates.quotes();
          expect(two.rates.rate('EUR')?.at).toBe(quote?.at);
        });
        const at = two.rates.rate('EUR')?.at ?? 0;
        laterMs = at + MAX_AGE_MS - (await one.store.time()) - 60_000;
        expect(two.eur()).toBe('60000');
        laterMs += 60_001;
        await vi.waitFor(() => expect(two.eur()).toBeUndefined());
      });

      it('of a new POS in another currency are fetched soon', async () => {
        const exchange = new Exchange();
        const [one, two] = [await open('1', exchange), await open('2', exchange)];
        await one.leading?.start?.();
        await vi.waitFor(() => expect(two.eur()).toBe('60000'));
        expect(two.rates.rate('USD')).toBeUndefined();
        await two.store.transaction(async ({ pos, accounts }) => {
          const account = await accounts.get(shop.accountId);
          await pos.insert(samplePos(account!, { currency: parseCurrency('USD') }));
        });
        await vi.waitFor(() => expect(two.rates.rate('USD')?.value).toBe('65000'));
      });
    });
  },
  [IN_FILE, ON_POSTGRES],
);
