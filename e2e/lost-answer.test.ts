/** The answer to a creation is lost after the gateway has created the order: no second order may result. */
import { Client } from '@webpos/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startCuttingProxy } from './support/cutting-proxy.ts';
import { openGatewayPlatform, type Platform } from './support/platforms.ts';

describe('a creation whose answer is lost', () => {
  let platform: Platform;
  let ordersBefore: number;
  const orders = async (): Promise<number> => (await new Client(platform.options).getPaymentOrders()).total_items;

  beforeAll(async () => {
    platform = await openGatewayPlatform();
  });
  beforeEach(async () => {
    ordersBefore = await orders();
  });
  afterAll(() => platform.close());

  it('is retried with its key, and creates one order', async () => {
    await using proxy = await startCuttingProxy(platform.options.baseUrl!, 2);
    const client = new Client({ ...platform.options, baseUrl: proxy.baseUrl });
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', reference: 'cart 42' });
    expect(proxy.creations).toHaveLength(3);
    expect(new Set(proxy.creations).size).toBe(1);
    expect((await orders()) - ordersBefore).toBe(1);
    expect(await client.getPaymentOrder(uuid)).toMatchObject({ uuid, reference: 'cart 42', amount: '10.00' });
  });

  it('creates one order for each of twenty concurrent calls', async () => {
    await using proxy = await startCuttingProxy(platform.options.baseUrl!, 20);
    const client = new Client({ ...platform.options, baseUrl: proxy.baseUrl, maxRetries: 10 });
    const made = await Promise.all(Array.from({ length: 20 }, () => client.createPaymentOrder({ amount: '1.00' })));
    expect(new Set(made.map(({ uuid }) => uuid)).size).toBe(20);
    expect((await orders()) - ordersBefore).toBe(20);
  });

  it('is not retried if the login does not say that keys are honoured', async () => {
    await using proxy = await startCuttingProxy(platform.options.baseUrl!, 1, 'idempotency-key-honoured');
    const client = new Client({ ...platform.options, baseUrl: proxy.baseUrl });
    const failed = client.createPaymentOrder({ amount: '10.00' });
    await expect(failed).rejects.toMatchObject({ name: 'ConnectionError', neverArrived: false });
    expect(proxy.creations).toHaveLength(1);
    expect((await orders()) - ordersBefore).toBe(1);
  });
});
