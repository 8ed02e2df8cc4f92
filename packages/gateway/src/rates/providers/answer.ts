/** Reads parts of an answer that should have them. */
import type { Decimal } from '../../kernel/decimal.ts';
import { mean } from '../agree.ts';
import { parsePrice } from '../quote.ts';

/** The answer of a provider is not what its description says. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
}

export function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
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

/** Between what is bid and what is asked: a market in which nobody has traded for a while still has it. */
export function middleOf(bid: unknown, ask: unknown, what: string): Decimal {
  return mean(priceOf(bid, `${what}.bid`), priceOf(ask, `${what}.ask`));
}

export function secondsOf(value: unknown, what: string): number {
  if (typeof value === 'string' && /^\d{9,11}$/.test(value)) return Number(value);
  throw new UnexpectedAnswerError(`${what}: expected seconds since 1970, got ${shown(value)}`);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}
