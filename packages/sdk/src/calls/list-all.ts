import { throwIfInvalid } from '../checks/check-fields.ts';
import { unexpectedAnswer } from '../errors/unexpected-answer-error.ts';
import type { PaymentOrderFilter, PaymentOrderQuery } from './list-query.ts';
import type { PaymentOrderList, PaymentOrderRetrieval } from '../wire/index.ts';

/** All orders of a list, read page by page on demand. */
export interface PaymentOrderIterator extends AsyncGenerator<PaymentOrderRetrieval, void, undefined> {
  /**
   * Iterates over the pages instead, from the start, for work that is best done for many orders at once.
   *
   * @returns non-empty pages, each without the orders of earlier pages. `total_items` and `total_pages` are those of the whole
   *   list at the time of the read.
   * @example
   * for await (const { paymentorders } of client.listPaymentOrders().byPage()) await insertInto('orders', paymentorders);
   */
  byPage(): AsyncGenerator<PaymentOrderList, void, undefined>;
}

const LIST_CALL = { method: 'GET', path: '/payment-order' };
// More orders than can be created between two reads, and few enough to stop soon if a server repeats one page forever.
const MAX_REPEATS = 400;

/** Makes the iterator over a list. */
export function listAllOrders(
  readPage: (page: number) => Promise<PaymentOrderList>,
  filter: PaymentOrderFilter,
): PaymentOrderIterator {
  const byPage = (): ReturnType<typeof pagesOfNewOrders> => pagesOfNewOrders(readPage, filter);
  return Object.assign(ordersOf(byPage), { byPage });
}

async function* ordersOf(
  byPage: () => ReturnType<typeof pagesOfNewOrders>,
): AsyncGenerator<PaymentOrderRetrieval, void, undefined> {
  for await (const { paymentorders } of byPage()) yield* paymentorders;
}

/**
 * Yields every order of a list once, page by page. Pages shift while the list is read:
 *
 * - A new order moves others to a later page, where they are read again: each is yielded only the first time.
 * - An order that leaves the list, which only a list of one status allows, moves others to a page that has been read. Such a
 *   list is therefore read again, at most twice, until a pass finds nothing new.
 *
 * @param status if given, orders may leave the list.
 * @param reference if given, orders with another reference are skipped, because the public platform does not filter them.
 * @param page must not be given; checked for JavaScript callers who want one page.
 * @throws UnexpectedAnswerError if page after page has nothing new.
 */
export async function* pagesOfNewOrders(
  readPage: (page: number) => Promise<PaymentOrderList>,
  { status, reference, page }: PaymentOrderQuery,
): AsyncGenerator<PaymentOrderList, void, undefined> {
  throwIfInvalid('GET', '/payment-order', { page: page !== undefined && 'must be left out: use getPaymentOrders' });
  const given = new Set<string>();
  const isNew = (order: PaymentOrderRetrieval): boolean => {
    const { size } = given;
    // Without ids, all orders would look like one.
    if (!order.uuid) throw unexpectedAnswer(LIST_CALL, 'an order has no uuid');
    return given.add(order.uuid).size > size && (reference == null || order.reference === reference);
  };
  for (let readings = status == null ? 1 : 3; readings > 0; readings -= 1) {
    const givenBefore = given.size;
    let repeats = 0;
    let pages = 1;
    for (let next = 0; next < pages; next += 1) {
      const list = await readPage(next);
      const { length } = list.paymentorders;
      const known = given.size;
      pages = length === 0 ? 0 : list.total_pages;
      const paymentorders = list.paymentorders.filter(isNew);
      if (paymentorders.length > 0) yield { ...list, paymentorders };
      repeats = given.size > known ? 0 : repeats + length;
      if (repeats > given.size + MAX_REPEATS) {
        throw unexpectedAnswer(LIST_CALL, 'the pages repeat');
      }
    }
    // A single page is consistent: nothing was missed.
    if (given.size === givenBefore || pages < 2) return;
  }
}
