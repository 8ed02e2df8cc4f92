/** Registers a merchant's wallet by its public key or descriptor. */
import { OperatorError } from '../kernel/operator-error.ts';
import type { AccountId } from '../kernel/ids.ts';
import { parseId } from '../kernel/ids.ts';
import type { Account } from '../orders/account.ts';
import { parseAccount, type AccountInput } from '../wallet/parse-account.ts';
import type { ReceiveAddress, ScriptType } from '../wallet/account-wallet.ts';
import type { ServiceContext } from './context.ts';

export interface NewAccount {
  readonly name: string;
  readonly wallet: AccountInput;
}

export interface CreatedAccount {
  readonly account: Account;
  readonly scriptType: ScriptType;
  /** To compare with what the merchant's own wallet shows. */
  readonly firstAddresses: readonly ReceiveAddress[];
}

/** A wallet is registered already: two accounts on one wallet would give out the same addresses. */
class AccountExistsError extends OperatorError {
  override readonly name = 'AccountExistsError';
}

type Context = Pick<ServiceContext, 'store' | 'clock' | 'newUuid' | 'network'>;

/**
 * @throws WalletError when the key or descriptor is none that we can use, or holds a private key; AccountExistsError.
 */
export async function createAccount(
  { store, clock, newUuid, network }: Context,
  { name, wallet }: NewAccount,
): Promise<CreatedAccount> {
  const parsed = parseAccount(wallet, network);
  const account: Account = {
    id: parseId<AccountId>(newUuid()),
    name,
    network,
    descriptor: parsed.descriptor,
    nextIndex: 0,
    createdAt: clock.now(),
  };
  await store.transaction(async (tx) => {
    const first = parsed.receive(0).address;
    const twin = (await tx.accounts.list()).find(
      (other) => parseAccount({ descriptor: other.descriptor }, other.network).receive(0).address === first,
    );
    if (twin !== undefined)
      throw new AccountExistsError(`wallet: expected one that is new, got that of account ${twin.id} (${twin.name})`);
    await tx.accounts.insert(account);
  });
  return { account, scriptType: parsed.scriptType, firstAddresses: [0, 1, 2].map((index) => parsed.receive(index)) };
}
