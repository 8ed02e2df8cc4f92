import { merchantJson } from './settings/merchant-json.ts';
import type { MerchantId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Merchant, MerchantDetails } from '../../merchants/merchant.ts';
import type { Actor } from '../../people/actor.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import { changedFields } from '../audit/changed-fields.ts';
import type { StoreContext } from '../context.ts';

class MerchantMissingError extends OperatorError {
  override readonly name = 'MerchantMissingError';
}

/** Changes only the given details, so that neither of two concurrent changes is lost. @throws MerchantMissingError */
export async function changeMerchant(
  context: StoreContext & AuditContext,
  actor: Actor,
  id: MerchantId,
  change: Partial<MerchantDetails>,
): Promise<Merchant> {
  return context.store.transaction(async (tx) => {
    const stored = await tx.merchants.lock(id);
    if (stored === undefined) throw new MerchantMissingError(`no merchant with id ${id}`);
    const changed = { ...stored, ...change };
    const fields = changedFields(merchantJson(stored), merchantJson(changed));
    if (fields === undefined) return stored;
    await tx.merchants.update(changed);
    await recordAction(context, tx, actor, { action: 'merchant.update', subject: { kind: 'merchant', id }, ...fields });
    return changed;
  });
}
