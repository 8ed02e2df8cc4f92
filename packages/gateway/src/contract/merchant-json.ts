import { isoDate } from '../kernel/clock.ts';
import type { Merchant } from '../merchants/merchant.ts';

/** Returns a merchant as commands and the panel's API show it. */
export function merchantJson(merchant: Merchant): Readonly<Record<string, unknown>> {
  return {
    uuid: merchant.id,
    name: merchant.name,
    address: merchant.address,
    tax_id: merchant.taxId,
    email: merchant.email,
    phone: merchant.phone,
    website: merchant.website,
    time_zone: merchant.timeZone,
    created_at: isoDate(merchant.createdAt),
  };
}
