/** How deep a payment is: 0 in the mempool, 1 in the best block, one more with every block on top; none when gone. */
import type { PaymentPlace } from './order.ts';

/** The confirmations of a payment, or undefined when the chain no longer has it. */
export function depthOf(place: PaymentPlace, tipHeight: number): number | undefined {
  switch (place.kind) {
    case 'mempool':
      return 0;
    case 'block':
      return Math.max(0, tipHeight - place.height + 1);
    case 'gone':
      return undefined;
  }
}
