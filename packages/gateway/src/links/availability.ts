/** Whether a link can be paid now. */
import type { EpochMs } from '../kernel/clock.ts';
import type { Pos } from '../merchants/pos.ts';
import type { PaymentLink } from './payment-link.ts';

/** How the places of a link are taken. An order that expires or is cancelled gives its place back. */
export interface LinkPlaces {
  /** By orders that were paid, whatever happened to them afterwards. */
  readonly paid: number;
  /** By orders that wait for their payment or for its confirmations. */
  readonly open: number;
}

export type Availability = 'available' | 'disabled' | 'expired' | 'sold_out';

export function availability(
  { active, currency, expiresAt, quantity }: Pick<PaymentLink, 'active' | 'currency' | 'expiresAt' | 'quantity'>,
  pos: Pick<Pos, 'active' | 'currency'>,
  { paid, open }: LinkPlaces,
  now: EpochMs,
): Availability {
  // After a change of the POS's currency, the amounts have to be entered anew: ten dollars are not ten yen.
  if (!active || !pos.active || pos.currency !== currency) return 'disabled';
  if (expiresAt !== null && expiresAt <= now) return 'expired';
  return quantity !== null && paid + open >= quantity ? 'sold_out' : 'available';
}
