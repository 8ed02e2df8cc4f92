/** The options of a merchant's details. `none` removes an optional one. */
import type { OptionHelp } from '@webpos/listen/help';
import type { MerchantDetails } from '../../merchants/merchant.ts';
import {
  MAX_ADDRESS_LINES,
  parseAddress,
  parseEmail,
  parsePhone,
  parseTaxId,
  parseTimeZone,
  parseWebsite,
} from '../../merchants/parse-merchant.ts';
import type { Options } from '../support/options.ts';
import { namingOption } from '../support/naming-option.ts';
import { readName } from '../support/read-name.ts';

export type MerchantOption = 'name' | 'address' | 'tax-id' | 'email' | 'phone' | 'website' | 'time-zone';

export const MERCHANT_OPTIONS: Readonly<Record<MerchantOption, OptionHelp>> = {
  name: { value: 'NAME', text: 'name on receipts and reports', allowed: '1 to 64 characters' },
  address: {
    value: 'LINE',
    text: 'line of the address on receipts',
    allowed: `up to ${MAX_ADDRESS_LINES} lines of at most 80 characters, or none`,
    default: 'none',
    isRepeatable: true,
  },
  'tax-id': { value: 'NUMBER', text: 'tax or VAT number', allowed: 'at most 40 characters, or none', default: 'none' },
  email: { value: 'ADDRESS', text: 'e-mail address on receipts', allowed: 'an e-mail address, or none', default: 'none' },
  phone: { value: 'NUMBER', text: 'telephone number on receipts', allowed: 'a telephone number, or none', default: 'none' },
  website: { value: 'URL', text: 'website on receipts', allowed: 'an https URL, or none', default: 'none' },
  'time-zone': {
    value: 'ZONE',
    text: 'time zone in which the days of reports begin and end',
    allowed: 'a name of the time zone database such as Europe/Berlin',
    default: 'UTC',
  },
};

/** Returns only the given details. @throws UsageError that names the option. */
export function readMerchant(options: Options<MerchantOption>): Partial<MerchantDetails> {
  const line = (name: MerchantOption, parse: (text: string) => string): string | null | undefined => {
    if (options.optional(name) === undefined) return undefined;
    const text = options.required(name);
    return text === 'none' ? null : namingOption(name, () => parse(text));
  };
  const lines = options.list('address');
  const details = {
    name: options.optional('name') === undefined ? undefined : readName(options),
    address:
      lines.length === 0
        ? undefined
        : namingOption('address', () => parseAddress(lines.length === 1 && lines[0] === 'none' ? [] : lines)),
    taxId: line('tax-id', parseTaxId),
    email: line('email', parseEmail),
    phone: line('phone', parsePhone),
    website: line('website', parseWebsite),
    timeZone:
      options.optional('time-zone') === undefined
        ? undefined
        : namingOption('time-zone', () => parseTimeZone(options.required('time-zone'))),
  };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}
