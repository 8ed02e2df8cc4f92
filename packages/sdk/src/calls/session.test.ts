import { describe, expect, it } from 'vitest';
import { CREATED, inTurn, json, logIn, ORDER, ORDER_PATH, ORDER_UUID, refuse, type Route } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';

describe('the login', () => {
  it('is shared by twenty concurrent calls of a new client', async () => {
    const client = await clientOf();
    await Promise.all(Array.from({ length: 20 }, () => client.getPaymentOrder(ORDER_UUID)));
    expect(gateway.to('/token')).toHaveLength(1);
    expect(gateway.to(ORDER_PATH)).toHaveLength(20);
  });

  it('goes on for the other callers if one gives up', async () => {
    const slow: Route = (response, count, seen) => setTimeout(() => logIn()(response, count, seen), 100);
    const client = await clientOf({ '/token': slow });
    const impatient = new AbortController();
    const [gaveUp, stayed] = [
      client.getPaymentOrder(ORDER_UUID, { signal: impatient.signal }),
      client.getPaymentOrder(ORDER_UUID),
    ];
    setTimeout(() => impatient.abort(), 20);
    await expect(gaveUp).rejects.toMatchObject({ name: 'AbortError' });
    expect((await stayed).uuid).toBe(ORDER_UUID);
    expect(gateway.to('/token')).toHaveLength(1);
  });

  it.each(['1004', '1007'])('is repeated once if a token is refused with %s', async (code) => {
    const client = await clientOf({ [ORDER_PATH]: inTurn(refuse(401, code), json(200, ORDER)) });
    expect((await client.getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
    expect(gateway.to(ORDER_PATH).map((request) => request.headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it.each([
    ['1004', 'AccessTokenExpiredError'],
    ['1007', 'InvalidAccessTokenError'],
  ])('is not repeated a second time if the new token is refused with %s too', async (code, name) => {
    const client = await clientOf({ [ORDER_PATH]: refuse(401, code) });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ name, status: 401, errorCode: code });
    expect(gateway.to('/token')).toHaveLength(2);
    expect(gateway.to(ORDER_PATH)).toHaveLength(2);
  });

  it('is shared if the tokens of twenty calls expire together', async () => {
    const byToken: Route = (response, count, seen) =>
      (seen.headers.authorization === 'Bearer token-1' ? refuse(401, '1004') : json(200, ORDER))(response, count, seen);
    const client = await clientOf({ [ORDER_PATH]: byToken });
    await Promise.all(Array.from({ length: 20 }, () => client.getPaymentOrder(ORDER_UUID)));
    expect(gateway.to('/token')).toHaveLength(2);
  });

  it('does not change the Idempotency-Key of the creation that it is repeated for', async () => {
    const client = await clientOf({ '/payment-order': inTurn(refuse(401, '1004'), json(200, CREATED)) });
    await client.createPaymentOrder({ amount: '1' });
    const [first, second] = gateway.to('/payment-order').map((request) => request.headers['idempotency-key']);
    expect(first).toBe(second);
  });

  it("fails for all callers with the server's reason, and is not repeated", async () => {
    const client = await clientOf({ '/token': refuse(401, '1001') });
    await expect(client.clientCredentialsLogin()).rejects.toMatchObject({ name: 'UnauthorizedClientError', requestId: 'r-1001' });
    expect(gateway.to('/token')).toHaveLength(1);
  });

  it('returns the token to the caller of clientCredentialsLogin', async () => {
    const client = await clientOf();
    expect(await client.clientCredentialsLogin()).toMatchObject({ access_token: 'token-1', expires_in: 3600 });
    await client.getPaymentOrder(ORDER_UUID);
    expect(gateway.to('/token')).toHaveLength(1);
  });

  it('refuses a token that no header can hold', async () => {
    const client = await clientOf({ '/token': json(200, { access_token: 'to\nken', expires_in: 10 }) });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ name: 'UnexpectedAnswerError' });
  });
});
