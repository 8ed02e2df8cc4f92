import type { MerchantId } from '../../../kernel/ids.ts';
import type { Merchant } from '../../../merchants/merchant.ts';

export interface MerchantStore {
  insert(merchant: Merchant): Promise<void>;
  /** Stores the details of a merchant. */
  update(merchant: Merchant): Promise<void>;
  get(id: MerchantId): Promise<Merchant | undefined>;
  /** Reads a merchant and locks it until the transaction ends. */
  lock(id: MerchantId): Promise<Merchant | undefined>;
  /** Returns all merchants, the oldest first. */
  list(): Promise<Merchant[]>;
}
