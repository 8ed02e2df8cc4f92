/** Wallets of accounts are parsed once: an account's descriptor never changes. */
import type { Account } from '../../merchants/account.ts';
import type { AccountWallet } from '../../wallet/account-wallet.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';

const MAX_KEPT = 1000;
const wallets = new Map<string, AccountWallet>();

export function accountWallet(account: Pick<Account, 'descriptor' | 'network'>): AccountWallet {
  const known = wallets.get(account.descriptor);
  if (known !== undefined && known.network === account.network) return known;
  const wallet = parseAccount({ descriptor: account.descriptor }, account.network);
  if (wallets.size >= MAX_KEPT) wallets.clear();
  wallets.set(account.descriptor, wallet);
  return wallet;
}
