import type { Clock } from '../../kernel/clock.ts';
import { epochMs, plusMs } from '../../kernel/clock.ts';
import { DAY_MS } from '../../kernel/durations.ts';
import type { AccountId, PosId } from '../../kernel/ids.ts';
import type { Store } from '../../store/ports/store.ts';
import type { OrderReportPage } from '../../store/ports/reports/report-store.ts';
import type { SealGuard } from './seal-guard.ts';

export interface SealOrdersContext {
  readonly store: Pick<Store, 'pos' | 'accounts' | 'reports' | 'transaction'>;
  readonly clock: Clock;
  readonly guard: Pick<SealGuard, 'isSealedOrder' | 'isSoundOrder' | 'sealOfOrder'>;
}

/** How many orders are read in one query, and sealed in one transaction: each is derived, which takes a millisecond. */
const PAGE = 500;

/**
 * Seals the orders of a POS from before there were seals, or before the key was renewed. They are authentic as long as their addresses
 * can be derived from the account of the POS. Call it before the POS gets another one.
 *
 * @param accountId The account that it gets. If it is the present one, there is nothing to do.
 */
export async function sealOrders({ store, clock, guard }: SealOrdersContext, posId: PosId, accountId: AccountId): Promise<void> {
  const pos = await store.pos.get(posId);
  const account = pos && (await store.accounts.get(pos.accountId));
  if (pos === undefined || account === undefined || account.id === accountId) return;
  const all = { posId, from: epochMs(0), until: plusMs(clock.now(), DAY_MS), limit: PAGE };
  for (let after: OrderReportPage['after']; ;) {
    const page = await store.reports.orders({ ...all, after });
    const unsealed = page
      .map(({ stored }) => stored)
      .filter((stored) => !guard.isSealedOrder(stored) && guard.isSoundOrder(stored, pos, account));
    if (unsealed.length > 0)
      await store.transaction(async ({ orders }) => {
        for (const stored of unsealed) await orders.setAddressSeal(stored.id, guard.sealOfOrder(stored));
      });
    const last = page.at(-1)?.order;
    if (last === undefined || page.length < PAGE) return;
    after = { createdAt: last.createdAt, id: last.id };
  }
}
