/** Changes the terms that new orders get from their POS, and its look. Existing orders keep their terms. */
import { createHash } from 'node:crypto';
import { posTermsJson } from '../../contract/pos-json.ts';
import type { Network } from '../../kernel/chain.ts';
import type { AccountId, MerchantId, PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Pos, PosCheckout, PosDefaults, PosRates } from '../../merchants/pos.ts';
import type { ToleranceSetting } from '../../merchants/tolerance.ts';
import type { Actor } from '../../people/actor.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import { changedFields } from '../audit/changed-fields.ts';
import type { StoreContext } from '../context.ts';
import { changedLook, type LookChange } from './change-look.ts';
import { changePos } from './change-pos.ts';

/** Fields that are left out do not change. */
export interface TermsChange extends Partial<
  Pick<Pos, 'name' | 'type' | 'merchantId' | 'accountId' | 'currency' | 'transactionChanged' | 'refundEvents'>
> {
  readonly defaults?: Partial<PosDefaults>;
  readonly rates?: Partial<PosRates>;
  readonly tolerance?: Partial<ToleranceSetting>;
  readonly checkout?: Partial<PosCheckout>;
}

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
    const fields = changedFields(audited(pos), audited(next));
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

/** Returns the settings as the audit log keeps them: the queries of URLs may hold secrets. */
function audited(pos: Pos): Readonly<Record<string, unknown>> {
  const settings = Object.entries(posTermsJson(pos));
  return Object.fromEntries(
    settings.map(([name, value]) => [
      name,
      name.endsWith('_url') && typeof value === 'string' ? value.replace(/\?.*$/s, (query) => `?[${digestOf(query)}]`) : value,
    ]),
  );
}

/** Shows that a query changed without showing it. */
function digestOf(query: string): string {
  return createHash('sha256').update(query).digest('hex').slice(0, 8);
}
