import { merchantJson } from './settings/merchant-json.ts';
import { parseId, type MerchantId } from '../../kernel/ids.ts';
import { EMPTY_DETAILS, type Merchant, type MerchantDetails } from '../../merchants/merchant.ts';
import type { Actor } from '../../people/actor.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import type { CreationContext } from '../context.ts';

export type NewMerchant = Pick<MerchantDetails, 'name'> & Partial<MerchantDetails>;

/** Creates a merchant, to whom POS can then belong. */
export async function createMerchant(
  context: CreationContext & AuditContext,
  actor: Actor,
  details: NewMerchant,
): Promise<Merchant> {
  const { store, clock, newUuid } = context;
  const merchant: Merchant = {
    ...EMPTY_DETAILS,
    ...details,
    id: parseId<MerchantId>(newUuid()),
    createdAt: clock.now(),
  };
  await store.transaction(async (tx) => {
    await tx.merchants.insert(merchant);
    const subject = { kind: 'merchant', id: merchant.id } as const;
    await recordAction(context, tx, actor, { action: 'merchant.create', subject, after: merchantJson(merchant) });
  });
  return merchant;
}
