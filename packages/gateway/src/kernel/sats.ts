/** Amounts of bitcoin: whole satoshi in a bigint. They are created here only, so no amount is ever a float. */
declare const brand: unique symbol;

/** An amount in satoshi, 0 to 21 million bitcoin. */
export type Sats = bigint & { readonly [brand]: 'Sats' };

/** 21 million bitcoin, the largest amount on the chain (`MAX_MONEY` in Bitcoin Core). */
export const MAX_SATS: bigint = 2_100_000_000_000_000n;

/** Satoshi in one bitcoin. */
export const SATS_PER_BTC: bigint = 100_000_000n;

/**
 * Creates an amount of satoshi.
 *
 * @throws RangeError if the value is negative or above {@link MAX_SATS}.
 * @example sats(1000n)
 */
export function sats(value: bigint): Sats {
  if (value < 0n || value > MAX_SATS) throw new RangeError(`satoshi: expected 0 to ${MAX_SATS}, got ${value}`);
  return value as Sats;
}

export const ZERO_SATS: Sats = sats(0n);

/** @throws RangeError if the sum is above {@link MAX_SATS}. */
export function sumSats(amounts: Iterable<Sats>): Sats {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sats(sum);
}

/** Returns `a - b`, or zero if `b` is larger. */
export function satsBeyond(a: Sats, b: Sats): Sats {
  return sats(a > b ? a - b : 0n);
}

/**
 * Parses an amount in bitcoin that has exactly eight decimals.
 *
 * @throws RangeError if the text has another form, or the amount is above {@link MAX_SATS}.
 * @example btcToSats('1.50000000') // 150_000_000n
 */
export function btcToSats(text: string): Sats {
  if (!/^\d{1,8}\.\d{8}$/.test(text))
    throw new RangeError(`bitcoin: expected eight decimals, got ${JSON.stringify(text.slice(0, 40))}`);
  return sats(BigInt(text.replace('.', '')));
}

/**
 * Formats an amount in bitcoin as a decimal string without trailing zeros, as payment URIs require it (BIP 321).
 *
 * @example satsToBtc(sats(150_000_000n)) // '1.5'
 */
export function satsToBtc(amount: Sats): string {
  const fraction = (amount % SATS_PER_BTC).toString().padStart(8, '0').replace(/0+$/, '');
  return `${amount / SATS_PER_BTC}${fraction === '' ? '' : `.${fraction}`}`;
}
