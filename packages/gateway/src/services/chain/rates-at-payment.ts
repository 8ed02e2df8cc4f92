/** The rates of orders' currencies at this moment, to store with payments that are seen for the first time. */
import type { OrderId } from '../../kernel/ids.ts';
import type { Rate, RateSource } from '../../rates/source.ts';
import type { StoreTransaction } from '../../store/ports/store.ts';

/** Returns the rate of an order's currency, without a spread; undefined if none is known. No rate keeps a payment from being stored. */
export type RateAtPayment = (id: OrderId) => Rate | undefined;

export async function ratesAtPayment(
  tx: Pick<StoreTransaction, 'orders'>,
  ids: readonly OrderId[],
  rates: RateSource | undefined,
): Promise<RateAtPayment> {
  if (rates === undefined || ids.length === 0) return () => undefined;
  const currencies = await tx.orders.currenciesOf(ids);
  return (id) => {
    const currency = currencies.get(id);
    return currency === undefined ? undefined : rates.rate(currency);
  };
}
