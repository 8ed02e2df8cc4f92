import { describe, expect, it } from 'vitest';
import { htmlPage, json, ORDER_PATH, ORDER_UUID, startGateway, type Route } from '../test/gateway.ts';
import { clientOf } from '../test/harness.ts';

describe('an answer that is not the contract’s', () => {
  it.each<[string, Route, object]>([
    ['a page', htmlPage, { status: 502, contentType: 'text/html' }],
    ['a redirect', (response) => response.writeHead(301, { location: 'https://elsewhere.example/' }).end(), { status: 301 }],
    ['a 200 that is not JSON', (response) => response.writeHead(200).end('OK'), { status: 200 }],
    ['a 200 with a list', json(200, []), { status: 200 }],
    ['a 200 without the fields of an order', json(200, { hello: 'world' }), { status: 200 }],
    ['an empty 204', (response) => response.writeHead(204).end(), { status: 204 }],
    ['an error of another API', json(400, { error: 'nope' }), { status: 400 }],
  ])('%s gets an error with its status', async (_what, route, error) => {
    const client = await clientOf({ [ORDER_PATH]: route }, { maxRetries: 0 });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({
      name: 'UnexpectedAnswerError',
      path: ORDER_PATH,
      ...error,
    });
  });

  it('is not followed where it redirects to', async () => {
    const elsewhere = await startGateway();
    const client = await clientOf({
      [ORDER_PATH]: (response) => response.writeHead(307, { location: elsewhere.baseUrl + ORDER_PATH }).end(),
    });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ status: 307 });
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.close();
  });
});
