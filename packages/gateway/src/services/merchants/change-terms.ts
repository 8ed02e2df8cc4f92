/** Changes the terms that new orders get from their POS, and its look. Existing orders keep their terms. */
import type { Network } from '../../kernel/chain.ts';
import type { AccountId, MerchantId, PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Actor } from '../../people/actor.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import { changedFields } from '../audit/changed-fields.ts';
import type { StoreContext } from '../context.ts';
import { auditedTerms } from './audited-terms.ts';
import { changedLook, type LookChange } from './change-look.ts';
import { changePos } from './change-pos.ts';
import type { TermsChange } from './settings/terms-change.ts';

class AccountUnusableError extends OperatorError {
  override readonly name = 'AccountUnusableError';
}

class MerchantUnknownError extends OperatorError {
  override readonly name = 'MerchantUnknownError';
}

/**
 * Changes only the given fields of the stored POS, so that neither of two concurrent changes is lost.
 *
 * @throws PosMissingError; AccountUnusableError if the account does not exist or is on another network; MerchantUnknownError.
 */
export async function changeTerms(
  context: Pick<StoreContext, 'store'> & AuditContext & { readonly network: Network },
  actor: Actor,
  id: PosId,
  { defaults, rates, tolerance, checkout, ...plain }: TermsChange,
  look: LookChange = {},
): Promise<Pos> {
  const { store, network } = context;
  const changed = await changePos(store, id, async (pos, tx) => {
    if (plain.accountId !== undefined) await requireAccount(tx, plain.accountId, network);
    if (plain.merchantId != null) await requireMerchant(tx, plain.merchantId);
    const next: Pos = {
      ...pos,
      ...plain,
      defaults: { ...pos.defaults, ...defaults },
      rates: { ...pos.rates, ...rates },
      tolerance: { ...pos.tolerance, ...tolerance },
      checkout: { ...pos.checkout, ...checkout },
      look: await changedLook(tx, pos.look, look),
    };
    const fields = changedFields(auditedTerms(pos), auditedTerms(next));
    if (fields !== undefined)
      await recordAction(context, tx, actor, { action: 'pos.update', subject: { kind: 'pos', id }, ...fields });
    return next;
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

async function requireMerchant(tx: StoreTransaction, id: MerchantId): Promise<void> {
  if ((await tx.merchants.get(id)) === undefined) throw new MerchantUnknownError(`no merchant with id ${id}`);
}
