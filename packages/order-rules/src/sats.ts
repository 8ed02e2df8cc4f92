/** 21 million bitcoin in satoshi: no amount on the chain is larger (`MAX_MONEY` in Bitcoin Core). */
export const MAX_SATS: bigint = 2_100_000_000_000_000n;

/** The smallest order, in satoshi: above the dust limit of every kind of output that an order is paid to. */
export const MIN_ORDER_SATS: bigint = 600n;

/**
 * Sums amounts.
 *
 * @throws RangeError if the sum is more than the total supply of bitcoin.
 */
export function sumOf<Amount extends bigint>(amounts: readonly Amount[]): Amount {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  if (sum > MAX_SATS) throw new RangeError(`satoshi: expected 0 to ${MAX_SATS}, got ${sum}`);
  return sum as Amount;
}

/** Returns 0 with the brand of an amount. */
export function zero<Amount extends bigint>(): Amount {
  return 0n as Amount;
}

/** Returns `a - b`, or 0 if b is larger. */
export function beyond<Amount extends bigint>(a: Amount, b: Amount): Amount {
  // The compiler types the difference of two type parameters as a number.
  const difference = (a as bigint) - (b as bigint);
  return difference > 0n ? (difference as Amount) : zero();
}
