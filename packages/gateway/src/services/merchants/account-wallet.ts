/** Caches the parsed wallets of accounts, whose descriptors never change. */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import type { Account } from '../../merchants/account.ts';
import type { AccountWallet } from '../../wallet/account-wallet.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';

const wallets = new BoundedCache<string, AccountWallet>({ maxEntries: 1_000, evict: 'all' });

export function accountWallet(account: Pick<Account, 'descriptor' | 'network'>): AccountWallet {
  const cached = wallets.get(account.descriptor);
  if (cached !== undefined && cached.network === account.network) return cached;
  const wallet = parseAccount({ descriptor: account.descriptor }, account.network);
  wallets.set(account.descriptor, wallet);
  return wallet;
}
