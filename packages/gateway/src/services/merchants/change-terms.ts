/** Changes the terms that new orders get from their POS, and its look. Existing orders keep their terms. */
import type { Network } from '../../kernel/chain.ts';
import type { AccountId, PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Pos, PosCheckout, PosDefaults, PosRates } from '../../merchants/pos.ts';
import type { ToleranceSetting } from '../../merchants/tolerance.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import type { StoreContext } from '../context.ts';
import { changedLook, type LookChange } from './change-look.ts';
import { changePos } from './change-pos.ts';

/** Fields that are left out do not change. */
export interface TermsChange extends Partial<Pick<Pos, 'name' | 'type' | 'accountId' | 'currency' | 'transactionChanged'>> {
  readonly defaults?: Partial<PosDefaults>;
  readonly rates?: Partial<PosRates>;
  readonly tolerance?: Partial<ToleranceSetting>;
  readonly checkout?: Partial<PosCheckout>;
}

class AccountUnusableError extends OperatorError {
  override readonly name = 'AccountUnusableError';
}

/**
 * Changes only the given fields of the stored POS, so that neither of two concurrent changes is lost.
 *
 * @throws PosMissingError; AccountUnusableError if the account does not exist or is on another network.
 */
export async function changeTerms(
  { store, network }: Pick<StoreContext, 'store'> & { readonly network: Network },
  id: PosId,
  { defaults, rates, tolerance, checkout, ...plain }: TermsChange,
  look: LookChange = {},
): Promise<Pos> {
  const changed = await changePos(store, id, async (pos, tx) => {
    if (plain.accountId !== undefined) await requireAccount(tx, plain.accountId, network);
    return {
      ...pos,
      ...plain,
      defaults: { ...pos.defaults, ...defaults },
      rates: { ...pos.rates, ...rates },
      tolerance: { ...pos.tolerance, ...tolerance },
      checkout: { ...pos.checkout, ...checkout },
      look: await changedLook(tx, pos.look, look),
    };
  });
  // The previous logo, unless another POS uses it.
  if (look.logo !== undefined) await store.logos.deleteUnused();
  return changed;
}

async function requireAccount(tx: StoreTransaction, id: AccountId, network: Network): Promise<void> {
  const account = await tx.accounts.get(id);
  if (account === undefined) throw new AccountUnusableError(`no account with id ${id}`);
  if (account.network !== network)
    throw new AccountUnusableError(`account: expected one on the network ${network}, got ${id}, which is on ${account.network}`);
}
