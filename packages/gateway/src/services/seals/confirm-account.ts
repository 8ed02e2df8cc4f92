/** Seals rows on the word of the operator, who compares them with his own wallet. Only commands on the gateway's machine do this. */
import type { Clock } from '../../kernel/clock.ts';
import type { AccountId, PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Account } from '../../merchants/account.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Actor } from '../../people/actor.ts';
import type { GatewayKeys } from '../../security/key-file.ts';
import { isSeal, WalletSeals } from '../../security/wallet-seals.ts';
import type { Store } from '../../store/ports/store.ts';
import { recordAction } from '../audit/audit-log.ts';
import { accountWallet } from '../merchants/account-wallet.ts';
import { sealOrders, type SealOrdersContext } from './seal-orders.ts';

class ConfirmationError extends OperatorError {
  override readonly name = 'ConfirmationError';
}

interface Context {
  readonly store: Pick<Store, 'transaction' | 'accounts' | 'addresses'>;
  readonly clock: Clock;
  readonly keys: Pick<GatewayKeys, 'wallet' | 'audit'>;
  readonly actor: Actor;
}

/** How many derived addresses are looked at in one query. */
const PAGE = 500;

/**
 * Seals an account, and deletes its derived addresses that are not authentic.
 *
 * @param firstAddress Its first receiving address, as the merchant's own wallet shows it.
 * @throws OperatorError if the account does not exist, or its first address is another. Nothing has changed then.
 */
export async function confirmAccount(context: Context, id: AccountId, firstAddress: string): Promise<Account> {
  const seals = new WalletSeals(context.keys.wallet);
  const account = await context.store.transaction(async (tx) => {
    const stored = await tx.accounts.get(id);
    if (stored === undefined) throw new ConfirmationError(`--account: no account with id ${id}`);
    const { address } = accountWallet(stored).receive(0);
    if (address !== firstAddress)
      throw new ConfirmationError(
        `--first-address: expected ${address}, the first address of account ${id} in the database, got ${firstAddress}. ` +
          'If yours is right, somebody has changed the account: see docs/security.md',
      );
    const sealed = { ...stored, seal: seals.ofAccount(stored) };
    await tx.accounts.setSeal(id, sealed.seal);
    const subject = { kind: 'account', id } as const;
    await recordAction(context, tx, context.actor, { action: 'account.seal', subject, after: { firstAddress } });
    return sealed;
  });
  await deleteBroken(context, seals, id);
  return account;
}

async function deleteBroken({ store }: Context, seals: WalletSeals, accountId: AccountId): Promise<void> {
  for (let from = 0; ;) {
    const page = await store.addresses.from(accountId, from, PAGE);
    for (const { seal, ...address } of page)
      if (!isSeal(seal, seals.ofAddress({ accountId, ...address }))) await store.addresses.delete(accountId, address.index);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    from = last.index + 1;
  }
}

/**
 * Binds a POS to an account. New orders get addresses of it; earlier ones keep theirs.
 *
 * @throws OperatorError if the POS or the account does not exist, or the account is not sealed.
 */
export async function bindPos(context: Context & SealOrdersContext, posId: PosId, accountId: AccountId): Promise<Pos> {
  const seals = new WalletSeals(context.keys.wallet);
  await sealOrders(context, posId, accountId);
  return context.store.transaction(async (tx) => {
    const pos = await tx.pos.lock(posId);
    if (pos === undefined) throw new ConfirmationError(`--pos: no POS with id ${posId}`);
    const account = await tx.accounts.get(accountId);
    if (account === undefined) throw new ConfirmationError(`--account: no account with id ${accountId}`);
    if (!isSeal(account.seal, seals.ofAccount(account)))
      throw new ConfirmationError(
        `--account: expected a sealed one, got ${accountId}: confirm it first with webpos account seal`,
      );
    const bound = { ...pos, accountId, accountSeal: seals.ofBinding(posId, accountId) };
    await tx.pos.update(bound);
    const [before, after] = [{ account: pos.accountId }, { account: accountId }];
    await recordAction(context, tx, context.actor, { action: 'pos.bind', subject: { kind: 'pos', id: posId }, before, after });
    return bound;
  });
}
