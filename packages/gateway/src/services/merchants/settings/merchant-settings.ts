/** The details of a merchant. */
import type { MerchantDetails } from '../../../merchants/merchant.ts';
import { parseName } from '../../../merchants/name.ts';
import {
  MAX_ADDRESS_LINES,
  parseAddress,
  parseEmail,
  parsePhone,
  parseTaxId,
  parseTimeZone,
  parseWebsite,
} from '../../../merchants/parse-merchant.ts';
import { resettable, type Settings } from './setting.ts';

export const MERCHANT_SETTINGS: Settings<MerchantDetails, Partial<MerchantDetails>> = {
  name: {
    help: { value: 'NAME', text: 'name on receipts and reports', allowed: '1 to 64 characters' },
    text: ({ name }) => name,
    parse: (text) => ({ name: parseName(text) }),
  },
  address: {
    kind: 'lines',
    help: {
      value: 'LINE',
      text: 'line of the address on receipts',
      allowed: `up to ${MAX_ADDRESS_LINES} lines of at most 80 characters, or none`,
      default: 'none',
    },
    text: ({ address }) => address.join('\n'),
    parse: (text) => ({ address: parseAddress(text.split(/\r?\n/)) }),
    reset: { address: [] },
  },
  tax_id: {
    help: { value: 'NUMBER', text: 'tax or VAT number', allowed: 'at most 40 characters, or none', default: 'none' },
    text: ({ taxId }) => taxId ?? '',
    ...resettable((taxId) => ({ taxId }), parseTaxId),
  },
  email: {
    help: { value: 'ADDRESS', text: 'e-mail address on receipts', allowed: 'an e-mail address, or none', default: 'none' },
    text: ({ email }) => email ?? '',
    ...resettable((email) => ({ email }), parseEmail),
  },
  phone: {
    help: { value: 'NUMBER', text: 'telephone number on receipts', allowed: 'a telephone number, or none', default: 'none' },
    text: ({ phone }) => phone ?? '',
    ...resettable((phone) => ({ phone }), parsePhone),
  },
  website: {
    help: { value: 'URL', text: 'website on receipts', allowed: 'an https URL, or none', default: 'none' },
    text: ({ website }) => website ?? '',
    ...resettable((website) => ({ website }), parseWebsite),
  },
  time_zone: {
    help: {
      value: 'ZONE',
      text: 'time zone in which the days of reports begin and end',
      allowed: 'a name of the time zone database such as Europe/Berlin',
      default: 'UTC',
    },
    text: ({ timeZone }) => timeZone,
    parse: (text) => ({ timeZone: parseTimeZone(text) }),
  },
};
