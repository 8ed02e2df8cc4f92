import { throwIfInvalid } from '../checks/check-fields.ts';
import { unexpectedAnswer } from '../errors/unexpected-answer-error.ts';
import type { PaymentOrderFilter, PaymentOrderQuery } from './list-query.ts';
import type { PaymentOrderList, PaymentOrderRetrieval } from '../wire/index.ts';

/** All orders of a list, read as they are asked for. */
export interface PaymentOrderIterator extends AsyncGenerator<PaymentOrderRetrieval, void, undefined> {
  /**
   * Begins again, page by page: for work that is best done for many orders at once.
   *
   * @returns pages with the orders that no page before had, and never without one. `total_items` and `total_pages` are those of
   *   the whole list, as it was when the page was read.
   * @example
   * for await (const { paymentorders } of client.listPaymentOrders().byPage()) await insertInto('orders', paymentorders);
   */
  byPage(): AsyncGenerator<PaymentOrderList, void, undefined>;
}

const LIST_CALL = { method: 'GET', path: '/payment-order' };
// More than can come in between two pages, and few enough to end soon with a server that gives one page for ever.
const MAX_REPEATS = 400;

/** Makes the iterator of a list. */
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
 * Gives every order of a list once, page by page. A page is a place in a list that moves while it is read:
 *
 * - An order that comes in moves others to a later page, where they are met again: each is given the first time only.
 * - An order that leaves (only a list of one status loses any) moves others to a page that was read already. So a list
 *   that orders may leave is read again, at most twice, until a reading brings nothing new.
 *
 * @param status where it is given, orders may leave the list.
 * @param reference where it is given, orders with another are left out: the public platform gives them all.
 * @param page must not be given: a caller in JavaScript may want one page.
 * @throws UnexpectedAnswerError when page after page brings nothing new.
 */
export async function* pagesOfNewOrders(
  readPage: (page: number) => Promise<PaymentOrderList>,
  { status, reference, page }: PaymentOrderQuery,
): AsyncGenerator<PaymentOrderList, void, undefined> {
  throwIfInvalid('GET', '/payment-order', { page: page !== undefined && 'must be left out: take getPaymentOrders' });
  const given = new Set<string>();
  const isNew = (order: PaymentOrderRetrieval): boolean => {
    const { size } = given;
    // Without ids all orders would be taken for one.
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
        throw unexpectedAnswer(LIST_CALL, 'the pages bring nothing new');
      }
    }
    // One page is read in one instant: nothing was missed.
    if (given.size === givenBefore || pages < 2) return;
  }
}
