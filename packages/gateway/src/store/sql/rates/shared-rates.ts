import type { FetchedQuotes } from '../../../rates/fetched-quotes.ts';
import type { Quote } from '../../../rates/quote.ts';
import { formatDecimal } from '../../../kernel/decimal.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { SharedRates } from '../../ports/shared/shared-rates.ts';
import { hotQuery } from '../hot-query.ts';
import { readTime } from '../read-time.ts';
import type { SqlContext } from '../sql-context.ts';
import { quoteFrom } from './columns.ts';

const allQuotes = hotQuery<object>()((db) => db.selectFrom('shared_rates').selectAll());

export class SqlSharedRates implements SharedRates {
  readonly #sql: SqlContext;

  constructor(context: SqlContext) {
    this.#sql = context;
  }

  async quotes(): Promise<Quote[]> {
    const { rows } = await allQuotes(this.#sql, {});
    return rows.flatMap((row) => quoteFrom(row) ?? []);
  }

  async put({ provider, askedAt, quotes, unusable }: FetchedQuotes): Promise<void> {
    const { db } = this.#sql;
    const now = await readTime(this.#sql);
    // The clock of the database may have been set back meanwhile, or that of a new primary is behind: a time from the future would make a
    // price last longer, and keep newer ones out.
    const notAfterNow = (time: EpochMs): EpochMs => (time > now ? now : time);
    // Always in the same order, so that two processes cannot deadlock.
    const sorted = [...quotes].sort((a, b) => (a.currency < b.currency ? -1 : 1));
    const rows = sorted.map(({ currency, price, at }) => ({
      provider,
      currency,
      price: formatDecimal(price),
      priced_at: notAfterNow(at),
      asked_at: notAfterNow(askedAt),
    }));
    if (rows.length > 0)
      await db
        .insertInto('shared_rates')
        .values(rows)
        .onConflict((conflict) =>
          conflict
            .columns(['provider', 'currency'])
            .doUpdateSet((eb) => ({
              price: eb.ref('excluded.price'),
              priced_at: eb.ref('excluded.priced_at'),
              asked_at: eb.ref('excluded.asked_at'),
            }))
            .where((eb) =>
              eb.or([eb('shared_rates.asked_at', '<=', eb.ref('excluded.asked_at')), eb('shared_rates.asked_at', '>', now)]),
            ),
        )
        .execute();
    const answered = [...unusable, ...quotes.map(({ currency }) => currency)];
    await db
      .deleteFrom('shared_rates')
      .where('provider', '=', provider)
      .where((eb) => eb.or([eb('asked_at', '<', notAfterNow(askedAt)), eb('asked_at', '>', now)]))
      .$if(answered.length > 0, (query) => query.where('currency', 'not in', answered))
      .execute();
  }
}
