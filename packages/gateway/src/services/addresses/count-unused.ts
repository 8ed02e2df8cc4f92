/** Counts the last addresses of an account that were handed out and never paid. */
import { nextTurn } from '../../kernel/thread/turns.ts';
import type { Account } from '../../merchants/account.ts';
import type { Store } from '../../store/ports/store.ts';
import { unusedInARow } from '../../wallet/gap.ts';

/** Bounds the search. A longer run is reported as this number. */
export const MAX_UNUSED_COUNTED = 10_000;
/** How many addresses one step looks up: a few milliseconds. */
const STEP = 1_000;

export async function countUnused(
  { accounts }: Pick<Store, 'accounts'>,
  { id, nextIndex }: Pick<Account, 'id' | 'nextIndex'>,
): Promise<number> {
  const end = Math.max(0, nextIndex - MAX_UNUSED_COUNTED);
  for (let below = nextIndex; below > end; below -= STEP) {
    const lastPaid = await accounts.lastPaidIndex(id, Math.max(end, below - STEP), below);
    if (lastPaid !== undefined) return unusedInARow(nextIndex, lastPaid);
    await nextTurn();
  }
  return unusedInARow(nextIndex, end - 1);
}
