/** Addresses given out that nobody has paid. Wallets that are restored from their seed stop looking after so many in a row. */

/** From here on a restored wallet may miss what lies behind (BIP 44, "Address gap limit"). */
export const GAP_LIMIT = 20;

/**
 * How many addresses in a row, up to the last one given out, were never paid.
 *
 * @param nextIndex the index that the next order will get.
 * @param lastPaid the largest index that was ever paid; undefined where none was.
 * @example unusedInARow(22, 1) // 20
 */
export function unusedInARow(nextIndex: number, lastPaid: number | undefined): number {
  return nextIndex - 1 - (lastPaid ?? -1);
}
