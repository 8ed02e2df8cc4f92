/** Skips addresses that may have been handed out elsewhere. A gateway may be serving meanwhile. */
import type { AccountId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { SkippedRange } from '../../merchants/account.ts';
import { higherMark, type MarksFile } from '../../store/marks.ts';
import { walletId } from '../../wallet/wallet-id.ts';
import type { StoreContext } from '../context.ts';
import { accountWallet } from '../merchants/account-wallet.ts';

type Context = StoreContext & {
  readonly marks: MarksFile;
  /** Identifies this process in the marks file. */
  readonly session: string;
};

/** A skip cannot be undone, and every start derives and watches the skipped addresses, some thousands a second. */
const MAX_SKIPPED = 100_000;

/**
 * Makes `to` the next index of an account.
 *
 * @throws OperatorError if the account does not exist, or its next index is not below `to` or too far below it. Nothing has changed then.
 */
export async function skipAddresses({ store, clock, marks, session }: Context, id: AccountId, to: number): Promise<SkippedRange> {
  return store.transaction(async (tx) => {
    const account = await tx.accounts.get(id);
    if (account === undefined) throw new OperatorError(`--account: no account with id ${id}`);
    const range = await tx.accounts.raiseIndex(id, to, 'operator', clock.now());
    if (range === undefined)
      throw new OperatorError(
        `--to: expected more than ${account.nextIndex}, the next index of account ${id}, got ${to}; an index never goes back`,
      );
    if (range.to - range.from > MAX_SKIPPED)
      throw new OperatorError(
        `--to: expected at most ${range.from + MAX_SKIPPED}, ${MAX_SKIPPED} more than the next index of account ${id}, got ${to}; a skip cannot be undone`,
      );
    const wallet = walletId(accountWallet(account));
    // Before the transaction commits, as for every index: a mark may be too high, but never too low.
    await marks.update((draft) => {
      draft.set(wallet, higherMark(draft.get(wallet), { from: to, mark: to, by: session }));
    });
    return range;
  });
}
