import type { OrderRecord } from '../../reports/records.ts';
import { checkedAddress, type AddressContext } from '../orders/shown-address.ts';
import { orderPages, type Reading } from './report-rows.ts';
import type { Report } from './report.ts';

/** Reads the orders of a report, without the addresses that are not authentic. */
export async function* checkedOrderPages(
  context: Reading & AddressContext,
  report: Report,
  signal: AbortSignal,
): AsyncGenerator<readonly OrderRecord[]> {
  const { guard } = context;
  for await (const page of orderPages(context, report, signal)) {
    const checked: OrderRecord[] = [];
    for (const { stored, order, payments, received } of page) {
      // Without a turn for each of many rows.
      const address = guard.isSealedOrder(stored) ? stored.address : await checkedAddress(context, stored);
      checked.push({ order, address, payments, received });
    }
    yield checked;
  }
}
