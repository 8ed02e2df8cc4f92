import { describe, expect, expectTypeOf, it } from 'vitest';
import { json, ORDER, type Route } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import { pagesOfNewOrders } from './list-all.ts';
import type { PaymentOrderList, PaymentOrderRetrieval } from '../wire/index.ts';

/** A list with two orders per page, which may change before each read. */
function listOf(ids: string[], changes: Readonly<Record<number, () => void>> = {}) {
  const reads: number[] = [];
  const readPage = (page: number): Promise<PaymentOrderList> => {
    changes[reads.push(page)]?.();
    const orders = ids.slice(page * 2, page * 2 + 2).map((uuid) => ({ uuid }) as PaymentOrderRetrieval);
    return Promise.resolve({ total_items: ids.length, total_pages: Math.ceil(ids.length / 2), paymentorders: orders });
  };
  const read = async (loses = false): Promise<string[]> => {
    const given: string[] = [];
    for await (const page of pagesOfNewOrders(readPage, loses ? { status: 'pending' } : {}))
      given.push(...page.paymentorders.map(({ uuid }) => uuid));
    return given;
  };
  return { ids, reads, read };
}

describe('an order of a list', () => {
  it('with another reference is skipped if the server does not filter by reference', async () => {
    const orders = ['a', 'b', null, 'a', 'A'].map((reference, n) => ({ uuid: `${n}`, reference }) as PaymentOrderRetrieval);
    const readPage = (page: number): Promise<PaymentOrderList> =>
      Promise.resolve({ total_items: 5, total_pages: 3, paymentorders: orders.slice(page * 2, page * 2 + 2) });
    const given: string[] = [];
    for await (const page of pagesOfNewOrders(readPage, { reference: 'a' }))
      given.push(...page.paymentorders.map(({ uuid }) => uuid));
    expect(given).toEqual(['0', '3']);
  });

  it.each([0, 1, 2, 3, 6])('is yielded once, in a list of %i', async (count) => {
    const ids = Array.from({ length: count }, (_, index) => `order-${index}`);
    const { read, reads } = listOf([...ids]);
    expect(await read()).toEqual(ids);
    expect(reads).toHaveLength(Math.max(1, Math.ceil(count / 2)));
  });

  it('is yielded once if orders are created meanwhile', async () => {
    const list = listOf(['d', 'c', 'b', 'a'], { 2: () => list.ids.unshift('f', 'e') });
    expect(await list.read()).toEqual(['d', 'c', 'b', 'a']);
  });

  it('is found if others leave the list', async () => {
    const list = listOf(['f', 'e', 'd', 'c', 'b', 'a'], { 2: () => list.ids.splice(0, 2) });
    expect(await list.read(true)).toEqual(['f', 'e', 'b', 'a', 'd', 'c']);
  });

  it('is found if as many orders leave as are created', async () => {
    const list = listOf(['f', 'e', 'd', 'c', 'b', 'a'], { 2: () => list.ids.splice(0, 1) && list.ids.splice(3, 0, 'new') });
    expect((await list.read(true)).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'new']);
  });

  it('is read at most three times, however the list changes', async () => {
    let count = 0;
    const list = listOf(['b', 'a'], new Proxy({}, { get: () => () => list.ids.push(`n${(count += 1)}`) && list.ids.shift() }));
    list.ids.push('c', 'd');
    expect((await list.read(true)).length).toBeGreaterThan(4);
    expect(list.reads.filter((page) => page === 0)).toHaveLength(3);
  });

  it('is not read forever: a server that repeats one page causes an error', async () => {
    const page = { total_items: 1e9, total_pages: 1e9, paymentorders: [{ uuid: 'a' } as PaymentOrderRetrieval] };
    const pages = pagesOfNewOrders(() => Promise.resolve(page), {});
    expect((await pages.next()).value).toEqual(page);
    await expect(pages.next()).rejects.toThrow('the pages repeat');
  });
});

describe('byPage', () => {
  const collect = async (pages: AsyncIterable<PaymentOrderList>): Promise<string[][]> => {
    const found: string[][] = [];
    for await (const { paymentorders } of pages) found.push(paymentorders.map(({ uuid }) => uuid));
    return found;
  };
  const numbered = (length: number): { uuid: string }[] => Array.from({ length }, (_, n) => ({ ...ORDER, uuid: `order-${n}` }));
  const pagesOf =
    (orders: readonly object[]): Route =>
    (response, count, seen) => {
      const query = new URLSearchParams(seen.query);
      const [page, size] = [Number(query.get('page')), Number(query.get('page_size'))];
      const paymentorders = orders.slice(page * size, (page + 1) * size);
      const body = { total_items: orders.length, total_pages: Math.ceil(orders.length / size), paymentorders };
      json(200, body)(response, count, seen);
    };

  it('yields the orders of the list page by page, reading each page on demand', async () => {
    const client = await clientOf({ '/payment-order': pagesOf(numbered(5)) });
    const pages = client.listPaymentOrders({ pageSize: 2 }).byPage();
    expectTypeOf(pages).toEqualTypeOf<AsyncGenerator<PaymentOrderList, void, undefined>>();
    expect(gateway.seen).toEqual([]);
    expect((await pages.next()).value).toMatchObject({ total_items: 5, total_pages: 3 });
    expect(gateway.to('/payment-order')).toHaveLength(1);
    expect(await collect(pages)).toEqual([['order-2', 'order-3'], ['order-4']]);
  });

  it('yields each order once, and no page without a new one', async () => {
    const orders = numbered(6);
    // With a status, so that the list is read twice.
    const client = await clientOf({
      '/payment-order': (response, count, seen) => {
        if (count === 2) orders.unshift({ ...ORDER, uuid: 'new-1' }, { ...ORDER, uuid: 'new-2' });
        pagesOf(orders)(response, count, seen);
      },
    });
    expect(await collect(client.listPaymentOrders({ status: 'paid', pageSize: 2 }).byPage())).toEqual([
      ['order-0', 'order-1'],
      ['order-2', 'order-3'],
      ['order-4', 'order-5'],
      ['new-1', 'new-2'],
    ]);
  });
});

describe('listPaymentOrders', () => {
  const ids = Array.from({ length: 50 }, (_, index) => `order-${index}`);
  const pages: Route = (response, count, seen) => {
    const query = new URLSearchParams(seen.query);
    const [page, size] = [Number(query.get('page')), Number(query.get('page_size'))];
    const paymentorders = ids.slice(page * size, (page + 1) * size).map((uuid) => ({ ...ORDER, uuid }));
    json(200, { total_items: 50, total_pages: Math.ceil(50 / size), paymentorders })(response, count, seen);
  };

  it('reads no more pages than are used', async () => {
    const client = await clientOf({ '/payment-order': pages });
    const given: string[] = [];
    for await (const { uuid } of client.listPaymentOrders()) given.push(uuid);
    expect(given).toEqual(ids);
    expect(gateway.to('/payment-order').map(({ query }) => query)).toEqual(['?page=0&page_size=40', '?page=1&page_size=40']);
    for await (const { uuid } of client.listPaymentOrders({ pageSize: 10 })) if (uuid === 'order-15') break;
    expect(gateway.to('/payment-order')).toHaveLength(4);
  });

  it('ends when its signal is aborted', async () => {
    const client = await clientOf({ '/payment-order': pages });
    const controller = new AbortController();
    const orders = client.listPaymentOrders({ pageSize: 1, status: 'paid' }, { signal: controller.signal });
    await orders.next();
    controller.abort();
    await expect(orders.next()).rejects.toMatchObject({ name: 'AbortError' });
    expect(gateway.to('/payment-order')[0]!.query).toBe('?status=paid&page=0&page_size=1');
  });

  it('refuses a page number, and names the call that takes one', async () => {
    const client = await clientOf({ '/payment-order': pages });
    const filter = { page: 1 } as object;
    const problem = { name: 'ValidationError', errors: { page: ['must be left out: use getPaymentOrders'] } };
    await expect(client.listPaymentOrders(filter).next()).rejects.toMatchObject(problem);
    await expect(client.listPaymentOrders(filter).byPage().next()).rejects.toMatchObject(problem);
    expect(gateway.seen).toEqual([]);
  });

  it('fails if orders have no id, because all would look like one', async () => {
    const list = { total_items: 2, total_pages: 1, paymentorders: [{ amount: '1.00' }, { amount: '2.00' }] };
    const client = await clientOf({ '/payment-order': json(200, list) });
    const problem = { name: 'UnexpectedAnswerError', message: 'GET /payment-order: an order has no uuid' };
    await expect(client.listPaymentOrders().next()).rejects.toMatchObject(problem);
  });

  it('names the wrong field of its filter', async () => {
    const client = await clientOf();
    const orders = client.listPaymentOrders({ pageSize: 41 });
    await expect(orders.next()).rejects.toMatchObject({ name: 'ValidationError', errors: { page_size: [expect.any(String)] } });
  });
});
