import { epochMs } from '../../kernel/clock.ts';
import { formatDecimal } from '../../kernel/decimal.ts';
import { parseCurrency } from '../../orders/currency.ts';
import { agree, OUTLIER_BPS } from '../../rates/agree.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../support/usage-error.ts';

/** `webpos rates`: asks every rate source of the settings once, and shows the answers and the resulting rate. */
export const rates: Command = defineCommand({
  name: 'rates',
  summary: 'Ask every rate source once, and show their prices and the resulting rate',
  usage: '',
  options: {
    currency: { value: 'CODE', text: 'currency of the rate', allowed: 'an ISO 4217 code such as EUR', default: 'EUR' },
  },
  example: '--currency CHF',
  run: async (world, config, options) => {
    const currency = readCurrency(options.optional('currency') ?? 'EUR');
    const answers = await world.askRates(config, currency);
    const quotes = answers.flatMap(({ quote }) => quote ?? []);
    const now = epochMs(Date.now());
    const maxAgeMs = config.rates.kind === 'fixed' ? Infinity : config.rates.maxAgeMs;
    const agreement = agree(quotes, { now, maxAgeMs, outlierBps: OUTLIER_BPS });
    const rate = agreement === undefined ? null : formatDecimal(agreement.price);
    const used = agreement?.providers ?? [];
    if (options.json) {
      const sources = answers.map(({ name, quote, trouble = null }) => ({
        name,
        rate: quote === undefined ? null : formatDecimal(quote.price),
        trouble,
      }));
      return world.out(JSON.stringify({ currency, rate, used, sources }));
    }
    for (const { name, quote, trouble } of answers) {
      const price = quote === undefined ? (trouble ?? `has no price in ${currency}`) : formatDecimal(quote.price);
      const isUnused = quote !== undefined && !used.includes(name);
      world.out(`${name.padEnd(14)} ${price}${isUnused ? '  (too old or too far from the others)' : ''}`);
    }
    world.out(rate === null ? `no rate for ${currency}: orders would get 4003` : `one bitcoin is ${rate} ${currency}`);
  },
});

function readCurrency(text: string): string {
  try {
    return parseCurrency(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--${error.message}`);
    throw error;
  }
}
