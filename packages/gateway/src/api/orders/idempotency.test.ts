/** Checks that an `Idempotency-Key` creates a single order, however often and concurrently it is sent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';
import { HOUR_MS } from '../../kernel/durations.ts';

describe('Idempotency-Key', () => {
  let gateway: TestGateway;
  let shop: Shop;
  let keys = 0;
  const newKey = (): string => `key-${(keys += 1)}`;
  const create = (key: string, body: unknown = { amount: '10.00' }, by = shop): Promise<Answer> =>
    gateway.call('POST', '/payment-order', { token: by.token, headers: { 'idempotency-key': key }, body });
  const nextIndex = async (): Promise<number | undefined> =>
    (await gateway.gateway.context.store.accounts.get(shop.account.id))?.nextIndex;

  beforeAll(async () => {
    gateway = await openTestGateway();
    shop = await gateway.newPos();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('repeats exactly the first response, and uses no address', async () => {
    const key = newKey();
    const first = await create(key);
    const index = await nextIndex();
    gateway.clock.advance(60_000);
    const second = await create(key);
    expect(second).toMatchObject({ status: first.status, text: first.text });
    expect(await nextIndex()).toBe(index);
  });

  it('is refused with another request', async () => {
    const key = newKey();
    await create(key);
    expect(await create(key, { amount: '10.01' })).toMatchObject({
      status: 400,
      body: { error_code: '0001', errors: { 'Idempotency-Key': [expect.stringContaining('another request')] } },
    });
  });

  it('creates one order for 32 concurrent requests', async () => {
    const key = newKey();
    const before = await nextIndex();
    const answers = await Promise.all(Array.from({ length: 32 }, () => create(key)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await nextIndex()).toBe((before ?? 0) + 1);
  });

  it('belongs to one shop', async () => {
    const key = newKey();
    const other = await gateway.newPos();
    const [mine, theirs] = [await create(key), await create(key, undefined, other)];
    expect((mine.body as { uuid: string }).uuid).not.toBe((theirs.body as { uuid: string }).uuid);
  });

  it('does not apply to a refused request', async () => {
    const key = newKey();
    expect((await create(key, { amount: '0' })).status).toBe(400);
    expect((await create(key)).status).toBe(201);
  });

  it('is stored for a day', async () => {
    const own = await openTestGateway();
    const seller = await own.newPos();
    const ask = async (): Promise<string> => {
      // Tokens expire after an hour.
      const headers = { authorization: basic(seller.pos.clientId, seller.secret) };
      const login = await own.call('POST', '/token', { headers, body: { grant_type: 'client_credentials', scope: '*' } });
      const { access_token: token } = login.body as { access_token: string };
      const answer = await own.call('POST', '/payment-order', {
        token,
        headers: { 'idempotency-key': 'k' },
        body: { amount: '1.00' },
      });
      return (answer.body as { uuid: string }).uuid;
    };
    const first = await ask();
    own.clock.advance(23 * HOUR_MS);
    expect(await ask()).toBe(first);
    own.clock.advance(2 * HOUR_MS);
    expect(await ask()).not.toBe(first);
    await own[Symbol.asyncDispose]();
  });

  it.each(['', 'x'.repeat(256), 'two words', 'schlüssel'])('must not be %j', async (key) => {
    expect(await create(key)).toMatchObject({
      status: 400,
      body: { errors: { 'Idempotency-Key': ['must be 1 to 255 visible ASCII characters'] } },
    });
  });
});
