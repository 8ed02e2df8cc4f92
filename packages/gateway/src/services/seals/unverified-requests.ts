/**
 * Lists what buyers have requested of which no refund has come: a process of a version that has no refunds stored it, so that nothing
 * proves whose address it is, and it is in no list of refunds. That happens while such a version serves beside this one, so only the
 * requests of the newest orders are read.
 */
import type { OrderId, PosId } from '../../kernel/ids.ts';
import { unsealedRequest, type RefundRequest } from '../../refunds/request-of-buyer.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import { checkedRefund } from './checked-refund.ts';
import type { SealGuard } from './seal-guard.ts';

const PAGE = 500;
const MAX_READ = 10_000;

export interface UnverifiedRequest extends RefundRequest {
  readonly posId: PosId;
}

export interface UnverifiedContext {
  readonly store: Pick<StoreReads, 'refunds' | 'refundRequests' | 'orders'>;
  /** Opened only if there are refunds. */
  readonly guard: () => Promise<Pick<SealGuard, 'isSoundRefund'>>;
}

/** Returns them, those of the newest orders first. @param posId The POS that may be seen; undefined for all. */
export async function unverifiedRequests(
  { store, guard }: UnverifiedContext,
  posId?: PosId,
): Promise<readonly UnverifiedRequest[]> {
  const found: UnverifiedRequest[] = [];
  let before: OrderId | undefined;
  for (let read = 0; read < MAX_READ; read += PAGE) {
    const page = await store.refundRequests.page(before, PAGE);
    const refunds = await store.refunds.ofOrders(page.map(({ orderId }) => orderId));
    const seals = refunds.length === 0 ? undefined : await guard();
    const checked = seals === undefined ? [] : refunds.map((refund) => checkedRefund(seals, refund));
    const open = page.filter((request) => {
      const ofOrder = checked.filter(({ orderId }) => orderId === request.orderId);
      return unsealedRequest(ofOrder, request) !== undefined;
    });
    const orders = new Map(
      (await store.orders.getMany(open.map(({ orderId }) => orderId))).map(({ terms }) => [terms.id, terms]),
    );
    for (const request of open) {
      const terms = orders.get(request.orderId);
      if (terms !== undefined && (posId === undefined || terms.posId === posId)) found.push({ ...request, posId: terms.posId });
    }
    before = page.at(-1)?.orderId;
    if (page.length < PAGE) break;
  }
  return found;
}
