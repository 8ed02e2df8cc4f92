/** Reads parts of an answer and checks their types. */
import type { Decimal } from '../../../kernel/decimal.ts';
import { mean } from '../../agree.ts';
import type { OddPrice, Price } from '../provider.ts';
import { parsePrice } from '../../quote.ts';
import { UnexpectedAnswerError } from '../unexpected-answer.ts';

/** Reads one price of an answer. A malformed one is reported as odd, and the rest of the answer remains usable. */
export function priceIn(currency: string, read: () => Omit<Price, 'currency'>): Price | OddPrice {
  try {
    return { currency, ...read() };
  } catch (error) {
    if (error instanceof UnexpectedAnswerError) return { currency, odd: error.message };
    throw error;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (isObject(value)) return value;
  throw new UnexpectedAnswerError(`${what}: expected an object, got ${shown(value)}`);
}

export function arrayOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new UnexpectedAnswerError(`${what}: expected an array, got ${shown(value)}`);
}

export function priceOf(value: unknown, what: string): Decimal {
  const price = parsePrice(value);
  if (price !== undefined) return price;
  throw new UnexpectedAnswerError(`${what}: expected a price above 0, got ${shown(value)}`);
}

/**
 * Returns the mean of bid and ask, which exists even if nobody has traded for a while. If one is more than twice the other, there
 * is no market to take a price from.
 */
export function middleOf(bidText: unknown, askText: unknown, what: string): Decimal {
  const [bid, ask] = [priceOf(bidText, `${what}.bid`), priceOf(askText, `${what}.ask`)];
  const [a, b] = [bid.digits * 10n ** BigInt(ask.scale), ask.digits * 10n ** BigInt(bid.scale)];
  if (a <= 2n * b && b <= 2n * a) return mean(bid, ask);
  throw new UnexpectedAnswerError(
    `${what}: expected bid and ask close to each other, got ${shown(bidText)} and ${shown(askText)}`,
  );
}

export function secondsOf(value: unknown, what: string): number {
  if (typeof value === 'string' && /^\d{9,11}$/.test(value)) return Number(value);
  throw new UnexpectedAnswerError(`${what}: expected seconds since 1970, got ${shown(value)}`);
}

/** Does not descend into the value, which may be nested deeper than the stack allows. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(value) ?? 'nothing';
}
