import { UnexpectedAnswerError } from './errors/index.ts';
import type { PaymentOrderList, PaymentOrderRetrieval } from './wire/index.ts';

// More than can come in between two pages, and few enough to end soon with a server that gives one page for ever.
const MAX_REPEATS = 400;

/**
 * Gives every order of a list once, page by page. A page is a place in a list that moves while it is read:
 *
 * - An order that comes in moves others to a later page, where they are met again: each is given the first time only.
 * - An order that leaves (only a list of one status loses any) moves others to a page that was read already. So a list
 *   that orders may leave is read again, at most twice, until a reading brings nothing new.
 *
 * @param loses whether orders may leave the list.
 * @throws UnexpectedAnswerError when page after page brings nothing new.
 */
export async function* everyOrder(
  readPage: (page: number) => Promise<PaymentOrderList>,
  loses: boolean,
): AsyncGenerator<PaymentOrderRetrieval, void, undefined> {
  const given = new Set<string>();
  for (let readings = loses ? 3 : 1; readings > 0; readings -= 1) {
    const givenBefore = given.size;
    let repeats = 0;
    let pages = 1;
    for (let page = 0; page < pages; page += 1) {
      const { total_pages, paymentorders } = await readPage(page);
      pages = paymentorders.length === 0 ? 0 : total_pages;
      for (const order of paymentorders) {
        repeats += 1;
        if (given.has(order.uuid)) continue;
        repeats = 0;
        given.add(order.uuid);
        yield order;
      }
      if (repeats > given.size + MAX_REPEATS) {
        const call = { method: 'GET', path: '/payment-order', status: 200 };
        throw new UnexpectedAnswerError(`GET /payment-order: the pages bring nothing new`, call);
      }
    }
    // One page is read in one instant: nothing was missed.
    if (given.size === givenBefore || pages < 2) return;
  }
}
