import type { MerchantDetails } from '../../../merchants/merchant.ts';
import { parseName } from '../../../merchants/name.ts';
import {
  parseAddress,
  parseEmail,
  parsePhone,
  parseTaxId,
  parseTimeZone,
  parseWebsite,
} from '../../../merchants/parse-merchant.ts';
import type { Fields } from '../panel-router.ts';
import { FormReader } from './form-reader.ts';

/** Reads the form of a business; the faulty fields by name. */
export function readMerchantForm(fields: Fields): { readonly details: MerchantDetails; readonly faults: readonly string[] } {
  const form = new FormReader(fields);
  const details = {
    name: form.parsed('name', parseName) ?? '',
    address: form.parsed('address', (text) => parseAddress(text.split(/\r?\n/))) ?? [],
    taxId: form.optional('tax_id', parseTaxId),
    email: form.optional('email', parseEmail),
    phone: form.optional('phone', parsePhone),
    website: form.optional('website', parseWebsite),
    timeZone: form.parsed('time_zone', parseTimeZone) ?? '',
  };
  return { details, faults: form.faults };
}
