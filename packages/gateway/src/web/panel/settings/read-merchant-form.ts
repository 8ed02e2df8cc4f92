import type { MerchantDetails } from '../../../merchants/merchant.ts';
import { MERCHANT_SETTINGS } from '../../../services/merchants/settings/merchant-settings.ts';
import { readSettings } from '../../../services/merchants/settings/setting.ts';
import type { Fields } from '../panel-router.ts';
import { typedText } from './typed-text.ts';

/** Reads the form of a business; the faulty fields by name. */
export function readMerchantForm(fields: Fields): {
  readonly details: Partial<MerchantDetails>;
  readonly faults: readonly string[];
} {
  const faults: string[] = [];
  const details = readSettings(
    MERCHANT_SETTINGS,
    undefined,
    (name, { reset }) => {
      const text = typedText(fields, name);
      return text === '' && reset !== undefined ? null : text;
    },
    (name) => faults.push(name),
  );
  return { details, faults };
}
