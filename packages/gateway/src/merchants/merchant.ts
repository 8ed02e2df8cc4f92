/** A merchant: the business to which POS belong, as receipts and reports name it. */
import type { EpochMs } from '../kernel/clock.ts';
import type { MerchantId } from '../kernel/ids.ts';

export interface Merchant extends MerchantDetails {
  readonly id: MerchantId;
  readonly createdAt: EpochMs;
}

/** What may change of a merchant. */
export interface MerchantDetails {
  readonly name: string;
  /** The lines of the address on receipts, without the name. */
  readonly address: readonly string[];
  /** The number by which the tax office knows the merchant, such as a VAT number. */
  readonly taxId: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly website: string | null;
  /** The IANA name of the time zone, such as `Europe/Berlin`, in which the days of reports begin and end. */
  readonly timeZone: string;
}

/** The time zone of a POS without a merchant. */
export const DEFAULT_TIME_ZONE = 'UTC';

export const EMPTY_DETAILS: Omit<MerchantDetails, 'name'> = {
  address: [],
  taxId: null,
  email: null,
  phone: null,
  website: null,
  timeZone: DEFAULT_TIME_ZONE,
};
