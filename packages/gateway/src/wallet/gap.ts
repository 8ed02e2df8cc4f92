/**
 * Counts unpaid addresses. A wallet restored from its seed stops searching after a certain number of unused addresses in a row.
 */

/** From this number on, a restored wallet may miss later payments (BIP 44, "Address gap limit"). */
export const GAP_LIMIT = 20;

/**
 * Counts the unpaid addresses in a row up to the last one handed out.
 *
 * @param nextIndex the index that the next order will get.
 * @param lastPaid the largest index that was ever paid; undefined if none was.
 * @example unusedInARow(22, 1) // 20
 */
export function unusedInARow(nextIndex: number, lastPaid: number | undefined): number {
  return nextIndex - 1 - (lastPaid ?? -1);
}
