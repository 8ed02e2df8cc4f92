import { isoDate } from '../../../kernel/clock.ts';
import type { Merchant } from '../../../merchants/merchant.ts';
import { MERCHANT_SETTINGS } from './merchant-settings.ts';
import { settingsJson } from './setting.ts';

/** Returns a merchant as commands and the panel's API show it. */
export function merchantJson(merchant: Merchant): Readonly<Record<string, unknown>> {
  return { uuid: merchant.id, ...settingsJson(MERCHANT_SETTINGS, merchant), created_at: isoDate(merchant.createdAt) };
}
