/** Reads the amount of a refund as people enter it. */
import { sats } from '../kernel/sats.ts';
import type { CurrencyCode } from '../orders/currency.ts';
import { parseFiatAmount } from '../orders/fiat.ts';
import type { AmountAsked } from './price-refund.ts';

/**
 * @param text Empty for the suggested amount; whole satoshi; or, with `at`, a decimal number in the order's currency.
 * @param at Which rate converts a fiat amount; `satoshi` if the text is in satoshi.
 * @returns Undefined if the text is no such amount.
 */
export function parseRefundAmount(text: string, at: string, currency: CurrencyCode): AmountAsked | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'suggested' };
  if (at === 'order' || at === 'current') {
    try {
      return { kind: 'fiat', fiat: parseFiatAmount(trimmed, currency), at };
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }
  return at === 'satoshi' && /^\d{1,16}$/.test(trimmed) && BigInt(trimmed) > 0n && BigInt(trimmed) < MAX
    ? { kind: 'satoshi', amount: sats(BigInt(trimmed)) }
    : undefined;
}

/** 21 million bitcoin. */
const MAX = 2_100_000_000_000_000n;
