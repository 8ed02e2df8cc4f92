import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrderId } from '../../kernel/ids.ts';
import { approveRefund } from '../../services/refunds/approve-refund.ts';
import { openTestGateway, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';

let test: TestGateway;
let shop: Shop;
beforeEach(async () => {
  // Room for three streams.
  test = await openTestGateway({
    WEBPOS_MAX_CONNECTIONS: '4',
    WEBPOS_MAX_CONNECTIONS_PER_ADDRESS: '4',
    WEBPOS_MAX_CONNECTIONS_PER_NETWORK: '4',
  });
  shop = await test.newPos();
});
afterEach(() => test[Symbol.asyncDispose]());

async function newOrder(): Promise<string> {
  const { body } = await test.call('POST', '/payment-order', { token: shop.token, body: { amount: '10.00' } });
  return (body as { uuid: string }).uuid;
}

interface Stream {
  /** Waits for the next words; undefined at the end. */
  next(): Promise<string | undefined>;
  close(): Promise<void>;
}

async function open(uuid: string): Promise<Stream> {
  const answer = await fetch(`${test.gateway.url}/checkout/${uuid}/events`, { signal: AbortSignal.timeout(60_000) });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  return {
    next: async () => (await reader.read()).value,
    close: () => reader.cancel(),
  };
}

describe('the stream of an order', () => {
  it('says what the order is, and then when it changes, long before anyone would ask', async () => {
    const uuid = await newOrder();
    const version = /data-version="([^"]+)"/.exec((await test.call('GET', `/checkout/${uuid}`)).text)?.[1];
    const stream = await open(uuid);
    expect(await stream.next()).toBe(`event: version\ndata: ${version}\n\n`);
    const paidAt = performance.now();
    await test.call('POST', `/checkout/${uuid}/sandbox`, {
      body: 'action=send',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(await stream.next()).toBe('event: change\ndata:\n\n');
    expect(performance.now() - paidAt).toBeLessThan(1_500);
    expect((await test.call('GET', `/checkout/${uuid}`)).text).not.toContain(`data-version="${version}"`);
    await stream.close();
  });

  it('says when the refund of a paid order is approved, to the page that its buyer requested it on', async () => {
    const uuid = await newOrder();
    const post = (path: string, body: string) =>
      test.call('POST', path, { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    const page = async (): Promise<string> => (await test.call('GET', `/checkout/${uuid}`)).text;
    await post(`/checkout/${uuid}/sandbox`, 'event=payment.overpaid');
    expect(await page()).not.toContain('data-live');
    await post(`/checkout/${uuid}/refund`, 'address=bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx');
    expect(await page()).toContain('data-live="refund"');
    const version = /data-version="([^"]+)"/.exec(await page())?.[1];
    const stream = await open(uuid);
    expect(await stream.next()).toBe(`event: version\ndata: ${version}\n\n`);
    const { context } = test.gateway;
    const [refund] = await context.store.refunds.ofOrder(uuid as OrderId);
    await approveRefund(context, { kind: 'command' }, refund!.id, { kind: 'suggested' });
    expect(await stream.next()).toBe('event: change\ndata:\n\n');
    expect(await page()).toContain('Refund approved');
    expect(await page()).not.toContain(`data-version="${version}"`);
    await stream.close();
  });

  it('tells nothing of another order', async () => {
    const [mine, other] = [await newOrder(), await newOrder()];
    const stream = await open(mine);
    await stream.next();
    await test.call('DELETE', `/payment-order/${other}`, { token: shop.token });
    await test.call('DELETE', `/payment-order/${mine}`, { token: shop.token });
    expect(await stream.next()).toBe('event: change\ndata:\n\n');
    await expect(Promise.race([stream.next(), new Promise((resolve) => setTimeout(resolve, 300, 'silence'))])).resolves.toBe(
      'silence',
    );
    await stream.close();
  });

  it('is not there for a nonexistent order', async () => {
    expect((await test.call('GET', '/checkout/00000000-0000-4000-8000-000000000000/events')).status).toBe(404);
  });

  it('is refused for good when too many are open, so that there is room for other requests', async () => {
    const uuid = await newOrder();
    const streams = [await open(uuid), await open(uuid), await open(uuid)];
    const refused = await test.call('GET', `/checkout/${uuid}/events`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([204, '60']);
    for (const stream of streams) await stream.close();
  });

  it('ends when the gateway stops, and does not hold it up', async () => {
    const stream = await open(await newOrder());
    await stream.next();
    const stopping = performance.now();
    await test[Symbol.asyncDispose]();
    expect(await stream.next()).toBeUndefined();
    expect(performance.now() - stopping).toBeLessThan(2_500);
    test = await openTestGateway();
  });
});
