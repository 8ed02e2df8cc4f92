/** Caches accounts, which never change apart from their next index. */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { FixedAccount } from '../../merchants/account.ts';
import type { AccountStore } from '../../store/ports/account-store.ts';

const MAX_ENTRIES = 10_000;
/** A cache for each store. */
const caches = new WeakMap<object, BoundedCache<AccountId, FixedAccount>>();

/** Returns an account if it is cached. */
export function cachedAccount(store: object, id: AccountId): FixedAccount | undefined {
  return caches.get(store)?.get(id);
}

/** Empties the cache, after an account was sealed. */
export function dropCachedAccounts(store: object): void {
  caches.delete(store);
}

/**
 * Returns an account from the cache, or reads and caches it.
 *
 * @param store Identifies the cache.
 * @param accounts The store or transaction to read from.
 */
export async function loadAccount(
  store: object,
  accounts: Pick<AccountStore, 'get'>,
  id: AccountId,
): Promise<FixedAccount | undefined> {
  const cache = caches.get(store) ?? new BoundedCache<AccountId, FixedAccount>({ maxEntries: MAX_ENTRIES, evict: 'all' });
  caches.set(store, cache);
  const account = cache.get(id) ?? (await accounts.get(id));
  if (account === undefined) return undefined;
  cache.set(id, account);
  return account;
}
