/** The contract's arithmetic, implemented independently to check that of the gateway. */

/** Converts an amount of fiat to satoshi at a rate, rounded up. */
export function priceInSatoshi(amount: string, rate: string): number {
  const [a, b] = [fraction(amount), fraction(rate)];
  const over = a.digits * 100_000_000n * 10n ** b.scale;
  const under = b.digits * 10n ** a.scale;
  return Number(over / under + (over % under === 0n ? 0n : 1n));
}

/** Returns `amount` x `satoshi` / `whole` with the decimals of `amount`. */
export function partInFiat(
  satoshi: number,
  whole: number,
  amount: string,
  rounding: 'half even' | 'up' | 'down' = 'half even',
): string {
  const { digits, scale } = fraction(amount);
  const [over, under] = [digits * BigInt(satoshi), BigInt(whole)];
  const [floor, rest] = [over / under, over % under];
  const nearestIsUp = rest * 2n > under || (rest * 2n === under && floor % 2n === 1n);
  const up = rounding === 'half even' ? nearestIsUp : rounding === 'up' && rest > 0n;
  const text = String(floor + (up ? 1n : 0n)).padStart(Number(scale) + 1, '0');
  return scale === 0n ? text : `${text.slice(0, -Number(scale))}.${text.slice(-Number(scale))}`;
}

/** Reads the amount of a payment URI, in satoshi. */
export function satoshiOfUri(uri: string): number {
  const { digits, scale } = fraction(new URLSearchParams(uri.split('?')[1]).get('amount') ?? '0');
  return Number(digits * 10n ** (8n - scale));
}

function fraction(text: string): { digits: bigint; scale: bigint } {
  const [whole = '', part = ''] = text.split('.');
  return { digits: BigInt(whole + part), scale: BigInt(part.length) };
}
