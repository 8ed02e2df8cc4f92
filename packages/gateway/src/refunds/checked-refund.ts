/** A refund as it may be shown: the merchant pays to the address that is shown, so it is that of the row only if the row is authentic. */
import type { Refund } from './refund.ts';

export interface CheckedRefund extends Omit<Refund, 'address' | 'seal'> {
  readonly destination: ShownDestination;
}

export type ShownDestination =
  | { readonly kind: 'address'; readonly address: string }
  /** It was erased, because somebody asked for it. */
  | { readonly kind: 'erased' }
  /** The row was changed outside WebPOS. */
  | { readonly kind: 'unverified' };

/** Returns the address of a refund; undefined if none may be shown. */
export function shownAddressOf({ destination }: Pick<CheckedRefund, 'destination'>): string | undefined {
  return destination.kind === 'address' ? destination.address : undefined;
}
