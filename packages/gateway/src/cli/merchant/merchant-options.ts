/** The options of a merchant's details. `none` removes an optional one. */
import type { OptionTable } from '@webpos/listen/help';
import type { MerchantDetails } from '../../merchants/merchant.ts';
import { MERCHANT_SETTINGS } from '../../services/merchants/settings/merchant-settings.ts';
import type { Options } from '../support/options.ts';
import { readSettingOptions, settingOptions } from '../support/setting-options.ts';

export const MERCHANT_OPTIONS: OptionTable = settingOptions(MERCHANT_SETTINGS);

/** Returns only the given details. @throws UsageError that names the option. */
export function readMerchant(options: Options): Partial<MerchantDetails> {
  return readSettingOptions(MERCHANT_SETTINGS, undefined, options);
}
