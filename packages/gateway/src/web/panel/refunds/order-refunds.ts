/** The section about refunds on the page of an order. */
import type { OrderRefundsView } from '@webpos/web';
import type { NewUuid } from '../../../kernel/ids.ts';
import { satsToBtc, ZERO_SATS } from '../../../kernel/sats.ts';
import { refundable } from '../../../refunds/refundable.ts';
import type { ShownOrder } from '../../../services/orders/show-order.ts';
import { MAX_PER_ORDER } from '../../../services/refunds/request-refund.ts';
import type { PageRequest } from '../panel-router.ts';
import { noteOf, panelRefund } from './refund-views.ts';

/** Returns null for a viewer who may not read refunds. */
export function orderRefundsView(
  { newUuid }: { readonly newUuid: NewUuid },
  { order, pos, tipHeight, refunds }: ShownOrder,
  { viewer, query }: Pick<PageRequest, 'viewer' | 'query'>,
): OrderRefundsView | null {
  if (!viewer.permissions.has('refunds.read')) return null;
  const { left } = refundable(order, tipHeight, refunds);
  return {
    refunds: refunds.map((refund) => panelRefund(refund, [pos])),
    leftBtc: satsToBtc(left),
    mayStart: viewer.permissions.has('refunds.manage') && left > ZERO_SATS && refunds.length < MAX_PER_ORDER,
    newId: newUuid(),
    note: noteOf(query['refund']),
  };
}
