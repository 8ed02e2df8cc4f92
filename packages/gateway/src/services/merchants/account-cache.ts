/** Accounts in memory after their first reading: all of an account but its next index stays as it is for ever. */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { FixedAccount } from '../../merchants/account.ts';
import type { AccountStore } from '../../store/ports/account-store.ts';

const MAX_ENTRIES = 10_000;
/** By the store that they are in. */
const kept = new WeakMap<object, BoundedCache<AccountId, FixedAccount>>();

/** The account, if it has been read before. */
export function cachedAccount(store: object, id: AccountId): FixedAccount | undefined {
  return kept.get(store)?.get(id);
}

/**
 * @param store by which the account is known again.
 * @param accounts where it is read when it is not known yet.
 */
export async function loadAccount(
  store: object,
  accounts: Pick<AccountStore, 'get'>,
  id: AccountId,
): Promise<FixedAccount | undefined> {
  const known = kept.get(store) ?? new BoundedCache<AccountId, FixedAccount>({ maxEntries: MAX_ENTRIES, evict: 'all' });
  kept.set(store, known);
  const account = known.get(id) ?? (await accounts.get(id));
  if (account === undefined) return undefined;
  known.set(id, account);
  return account;
}
