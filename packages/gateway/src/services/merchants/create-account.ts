/** Registers a merchant's wallet by its public key or descriptor, and finds its first unused address. */
import type { Network } from '../../kernel/chain.ts';
import { parseId, type AccountId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Account } from '../../merchants/account.ts';
import { higherMark, type MarksFile } from '../../store/marks.ts';
import type { StoreReads, StoreTransaction } from '../../store/ports/store.ts';
import type { AccountWallet, ReceiveAddress, ScriptType } from '../../wallet/account-wallet.ts';
import { parseAccount, type AccountInput } from '../../wallet/descriptor/parse-account.ts';
import { unusualPaths } from '../../wallet/unusual-paths.ts';
import { walletId } from '../../wallet/wallet-id.ts';
import { WalletSeals } from '../../security/wallet-seals.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import type { CreationContext } from '../context.ts';
import { refuseOtherNetwork } from './refuse-other-network.ts';

export interface NewAccount {
  readonly name: string;
  readonly wallet: AccountInput;
  /** Accepts a wallet with unusual paths: the operator has checked that its addresses are right. */
  readonly acceptUnusualPath?: boolean;
  /** Called in the transaction that stores the account. */
  readonly stored?: (tx: StoreTransaction, account: Omit<Account, 'nextIndex'>) => Promise<void>;
}

/** What is known about earlier use of the wallet. Orders get addresses after all of it. */
export interface EarlierUse {
  /** The index of the first order's address, as the operator gives it. Default: 0. */
  readonly firstIndex?: number;
  /** The marks file, in which a gateway with the same wallet on this machine has left its mark. */
  readonly marks?: { readonly file: MarksFile; readonly session: string };
  /** Returns the highest paid index at or above `from`; undefined if none is known. */
  readonly lastPaid?: (wallet: AccountWallet, from: number) => Promise<number | undefined>;
}

export interface CreatedAccount {
  readonly account: Account;
  readonly scriptType: ScriptType;
  /** For comparison with the merchant's own wallet. */
  readonly firstAddresses: readonly ReceiveAddress[];
}

/** The wallet is already registered. Two accounts with one wallet would hand out the same addresses. */
export class AccountExistsError extends OperatorError {
  override readonly name = 'AccountExistsError';
}

/** The wallet's paths are unusual, so that the merchant's own wallet may not see its payments. */
class UnusualPathError extends OperatorError {
  override readonly name = 'UnusualPathError';
}

type Context = CreationContext & { readonly network: Network; readonly keys: Pick<GatewayKeys, 'wallet'> };

/**
 * @throws WalletError if the key or descriptor cannot be used or contains a private key; UnusualPathError; OtherNetworkError;
 * AccountExistsError; what reading the marks or `lastPaid` throws. Nothing has been stored then.
 */
export async function createAccount(
  { store, clock, newUuid, network, keys }: Context,
  { name, wallet, acceptUnusualPath = false, stored }: NewAccount,
  { firstIndex = 0, marks, lastPaid }: EarlierUse = {},
): Promise<CreatedAccount> {
  const parsed = parseAccount(wallet, network);
  const oddities = acceptUnusualPath ? [] : unusualPaths(parsed.descriptor, parsed.scriptType, network);
  if (oddities.length > 0)
    throw new UnusualPathError(
      `wallet: expected usual paths, got one that your own wallet may not scan: ${oddities.join('; ')}. If it is right, use --accept-unusual-path`,
    );
  const fixed = { id: parseId<AccountId>(newUuid()), name, network, descriptor: parsed.descriptor };
  const account: Omit<Account, 'nextIndex'> = {
    ...fixed,
    createdAt: clock.now(),
    seal: new WalletSeals(keys.wallet).ofAccount(fixed),
  };
  // Before `lastPaid`, which may take minutes.
  refuseOtherNetwork(await store.accounts.list(), network);
  await refuseTwin(store, parsed);
  const id = walletId(parsed);
  const mark = (await marks?.file.read())?.get(id)?.mark ?? 0;
  const paid = await lastPaid?.(parsed, Math.max(firstIndex, mark));
  const nextIndex = Math.max(firstIndex, mark, paid === undefined ? 0 : paid + 1);
  if (marks !== undefined && nextIndex > mark)
    await marks.file.update((draft) => {
      draft.set(id, higherMark(draft.get(id), { from: nextIndex, mark: nextIndex, by: marks.session }));
    });
  await store.transaction(async (tx) => {
    await refuseTwin(tx, parsed);
    await tx.accounts.insert({ ...account, nextIndex: Math.max(0, nextIndex - WATCHED_BACK) });
    await tx.accounts.raiseIndex(account.id, mark, 'mark', account.createdAt);
    await tx.accounts.raiseIndex(account.id, firstIndex, 'operator', account.createdAt);
    await tx.accounts.raiseIndex(account.id, nextIndex, 'scan', account.createdAt);
    await stored?.(tx, account);
  });
  return {
    account: { ...account, nextIndex },
    scriptType: parsed.scriptType,
    firstAddresses: [0, 1, 2].map((index) => parsed.receive(index)),
  };
}

/** How many addresses before the first order's are watched. Every start derives them, some thousands a second. */
const WATCHED_BACK = 20_000;

async function refuseTwin({ accounts }: Pick<StoreReads, 'accounts'>, parsed: AccountWallet): Promise<void> {
  const first = parsed.receive(0).address;
  const twin = (await accounts.list()).find(
    (other) => parseAccount({ descriptor: other.descriptor }, other.network).receive(0).address === first,
  );
  if (twin !== undefined)
    throw new AccountExistsError(`wallet: expected one without an account, got that of account ${twin.id} (${twin.name})`);
}
