/** Accounts in memory after their first reading: all of an account but its next index stays as it is for ever. */
import type { AccountId } from '../kernel/ids.ts';
import type { Account } from '../orders/account.ts';
import type { AccountStore } from '../store/ports.ts';

/** An account without what changes. */
export type KnownAccount = Omit<Account, 'nextIndex'>;

const MOST_KEPT = 10_000;
/** By the store that they are in. */
const kept = new WeakMap<object, Map<AccountId, KnownAccount>>();

/** The account, if it has been read before. */
export function accountAtHand(store: object, id: AccountId): KnownAccount | undefined {
  return kept.get(store)?.get(id);
}

/**
 * @param store by which the account is known again.
 * @param accounts where it is read when it is not known yet.
 */
export async function knownAccount(
  store: object,
  accounts: Pick<AccountStore, 'get'>,
  id: AccountId,
): Promise<KnownAccount | undefined> {
  const known = kept.get(store) ?? new Map<AccountId, KnownAccount>();
  kept.set(store, known);
  const account = known.get(id) ?? (await accounts.get(id));
  if (account === undefined) return undefined;
  if (known.size >= MOST_KEPT) known.clear();
  known.set(id, account);
  return account;
}
