/**
 * The changes that a gateway makes to the mark of a wallet in the marks file. Each one never lowers a mark that another process has
 * raised.
 */
import type { WalletMark } from '../../store/marks.ts';
import type { WalletId } from '../../wallet/wallet-id.ts';

type Draft = Map<WalletId, WalletMark>;

/** The largest next index that an account may have. */
const MAX_NEXT_INDEX = 2 ** 31 - 1;

/** Indexes from `from` up to `to`, exclusive. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/** Reserves `size` indexes at or above `next`, and above everything that another process has reserved. */
export function reserve(draft: Draft, wallet: WalletId, next: number, size: number, session: string): IndexRange {
  const known = draft.get(wallet);
  const reservedByOthers = known === undefined || known.by === session ? 0 : known.mark;
  const from = Math.max(next, reservedByOthers);
  const to = Math.min(from + size, MAX_NEXT_INDEX);
  draft.set(wallet, { from, mark: Math.max(to, known?.mark ?? 0), by: session });
  return { from, to };
}

/** Reserves `size` more indexes above `reserved`. Returns undefined if the mark has moved since `reserved` was written. */
export function extend(
  draft: Draft,
  wallet: WalletId,
  reserved: IndexRange,
  size: number,
  session: string,
): IndexRange | undefined {
  const known = draft.get(wallet);
  if (known?.by !== session || known.mark !== reserved.to) return undefined;
  const to = Math.min(reserved.to + size, MAX_NEXT_INDEX);
  draft.set(wallet, { from: reserved.from, mark: to, by: session });
  return { from: reserved.to, to };
}

/** Raises the mark to `next`, if it is lower. */
export function raise(draft: Draft, wallet: WalletId, next: number, session: string): void {
  if ((draft.get(wallet)?.mark ?? 0) < next) draft.set(wallet, { from: next, mark: next, by: session });
}

/** Moves the mark of this process back to `next`: nothing above it was handed out. */
export function release(draft: Draft, wallet: WalletId, next: number, session: string): void {
  if (draft.get(wallet)?.by === session) draft.set(wallet, { from: next, mark: next, by: session });
}
