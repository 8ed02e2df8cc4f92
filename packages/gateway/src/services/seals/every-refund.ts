import type { RefundId } from '../../kernel/ids.ts';
import type { Refund, RefundStatus } from '../../refunds/refund.ts';
import type { RefundStore } from '../../store/ports/refunds/refund-store.ts';

const PAGE = 500;

/** Reads all refunds, or those with a status, in pages, the newest first. */
export async function* everyRefund(refunds: Pick<RefundStore, 'list'>, status?: RefundStatus): AsyncGenerator<Refund> {
  let before: RefundId | undefined;
  for (;;) {
    const page = await refunds.list({ posId: undefined, status, before, limit: PAGE });
    yield* page;
    before = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}
