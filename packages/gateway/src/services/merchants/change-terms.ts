/** Changes the terms that new orders get from their POS, and its look. Existing orders keep their terms. */
import type { Network } from '../../kernel/chain.ts';
import type { AccountId, MerchantId, PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { Actor } from '../../people/actor.ts';
import { isSeal, type WalletSeals } from '../../security/wallet-seals.ts';
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

export interface TermsContext extends Pick<StoreContext, 'store'>, AuditContext {
  readonly network: Network;
  /** Seals the POS's account (`security/wallet-seals.ts`). Only commands on the gateway's machine have it: pages cannot redirect payments. */
  readonly seals?: WalletSeals;
}

/**
 * Changes only the given fields of the stored POS, so that neither of two concurrent changes is lost.
 *
 * @throws PosMissingError; AccountUnusableError if the account does not exist or is on another network; MerchantUnknownError.
 */
export async function changeTerms(
  context: TermsContext,
  actor: Actor,
  id: PosId,
  { defaults, rates, tolerance, checkout, ...plain }: TermsChange,
  look: LookChange = {},
): Promise<Pos> {
  const { store } = context;
  const changed = await changePos(store, id, async (pos, tx) => {
    const accountSeal = plain.accountId === undefined ? pos.accountSeal : await bound(context, tx, pos, plain.accountId);
    if (plain.merchantId != null) await requireMerchant(tx, plain.merchantId);
    const next: Pos = {
      ...pos,
      ...plain,
      accountSeal,
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

/** Returns the seal of a POS with this account. */
async function bound(
  { network, seals }: TermsContext,
  tx: StoreTransaction,
  pos: Pos,
  accountId: AccountId,
): Promise<string | null> {
  const account = await tx.accounts.get(accountId);
  if (account === undefined) throw new AccountUnusableError(`no account with id ${accountId}`);
  if (account.network !== network)
    throw new AccountUnusableError(
      `account: expected one on the network ${network}, got ${accountId}, which is on ${account.network}`,
    );
  if (accountId === pos.accountId) return pos.accountSeal;
  if (seals === undefined) throw new AccountUnusableError('account: expected the present one; webpos pos bind changes it');
  if (!isSeal(account.seal, seals.ofAccount(account)))
    throw new AccountUnusableError(`account: expected a sealed one, got ${accountId}: confirm it first with webpos account seal`);
  return seals.ofBinding(pos.id, accountId);
}

async function requireMerchant(tx: StoreTransaction, id: MerchantId): Promise<void> {
  if ((await tx.merchants.get(id)) === undefined) throw new MerchantUnknownError(`no merchant with id ${id}`);
}
