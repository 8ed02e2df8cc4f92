import { describe, expect, it } from 'vitest';
import { CREATED, inTurn, json, logIn, ORDER, ORDER_PATH, ORDER_UUID, refuse, type Route } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';

describe('the login', () => {
  it('is one for twenty calls at once on a cold client', async () => {
    const client = await clientOf();
    await Promise.all(Array.from({ length: 20 }, () => client.getPaymentOrder(ORDER_UUID)));
    expect(gateway.to('/token')).toHaveLength(1);
    expect(gateway.to(ORDER_PATH)).toHaveLength(20);
  });

  it('goes on for the others when one who waits gives up', async () => {
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

  it.each(['1004', '1007'])('is done again, once, when a token is refused with %s', async (code) => {
    const client = await clientOf({ [ORDER_PATH]: inTurn(refuse(401, code), json(200, ORDER)) });
    expect((await client.getPaymentOrder(ORDER_UUID)).uuid).toBe(ORDER_UUID);
    expect(gateway.to(ORDER_PATH).map((request) => request.headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it.each([
    ['1004', 'AccessTokenExpiredError'],
    ['1007', 'InvalidAccessTokenError'],
  ])('is not done a third time when the new token is refused with %s too', async (code, name) => {
    const client = await clientOf({ [ORDER_PATH]: refuse(401, code) });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ name, status: 401, errorCode: code });
    expect(gateway.to('/token')).toHaveLength(2);
    expect(gateway.to(ORDER_PATH)).toHaveLength(2);
  });

  it('is one when the tokens of twenty calls run out together', async () => {
    const byToken: Route = (response, count, seen) =>
      (seen.headers.authorization === 'Bearer token-1' ? refuse(401, '1004') : json(200, ORDER))(response, count, seen);
    const client = await clientOf({ [ORDER_PATH]: byToken });
    await Promise.all(Array.from({ length: 20 }, () => client.getPaymentOrder(ORDER_UUID)));
    expect(gateway.to('/token')).toHaveLength(2);
  });

  it('keeps the Idempotency-Key of the create that it is repeated for', async () => {
    const client = await clientOf({ '/payment-order': inTurn(refuse(401, '1004'), json(200, CREATED)) });
    await client.createPaymentOrder({ amount: '1' });
    const [first, second] = gateway.to('/payment-order').map((request) => request.headers['idempotency-key']);
    expect(first).toBe(second);
  });

  it('fails for all with the server’s reason, and is not repeated', async () => {
    const client = await clientOf({ '/token': refuse(401, '1001') });
    await expect(client.clientCredentialsLogin()).rejects.toMatchObject({ name: 'UnauthorizedClientError', requestId: 'r-1001' });
    expect(gateway.to('/token')).toHaveLength(1);
  });

  it('answers the token to who asks for it', async () => {
    const client = await clientOf();
    expect(await client.clientCredentialsLogin()).toMatchObject({ access_token: 'token-1', expires_in: 3600 });
    await client.getPaymentOrder(ORDER_UUID);
    expect(gateway.to('/token')).toHaveLength(1);
  });

  it('takes no token that would not fit into a header', async () => {
    const client = await clientOf({ '/token': json(200, { access_token: 'to\nken', expires_in: 10 }) });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ name: 'UnexpectedAnswerError' });
  });
});
