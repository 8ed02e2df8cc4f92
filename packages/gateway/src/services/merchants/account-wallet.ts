/** Wallets of accounts are parsed once: an account's descriptor never changes. */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import type { Account } from '../../merchants/account.ts';
import type { AccountWallet } from '../../wallet/account-wallet.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';

const wallets = new BoundedCache<string, AccountWallet>({ maxEntries: 1_000, evict: 'all' });

export function accountWallet(account: Pick<Account, 'descriptor' | 'network'>): AccountWallet {
  const known = wallets.get(account.descriptor);
  if (known !== undefined && known.network === account.network) return known;
  const wallet = parseAccount({ descriptor: account.descriptor }, account.network);
  wallets.set(account.descriptor, wallet);
  return wallet;
}
