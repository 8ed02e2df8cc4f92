import type { Pos, PosCheckout, PosDefaults, PosRates } from '../../../merchants/pos.ts';
import type { ToleranceSetting } from '../../../merchants/tolerance.ts';

/** A change of the terms that orders get from their POS. Fields that are left out do not change. */
export interface TermsChange extends Partial<
  Pick<Pos, 'name' | 'type' | 'merchantId' | 'accountId' | 'currency' | 'transactionChanged' | 'refundEvents'>
> {
  readonly defaults?: Partial<PosDefaults>;
  readonly rates?: Partial<PosRates>;
  readonly tolerance?: Partial<ToleranceSetting>;
  readonly checkout?: Partial<PosCheckout>;
}
