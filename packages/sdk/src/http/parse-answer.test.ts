import { describe, expect, it } from 'vitest';
import { htmlPage, json, ORDER, ORDER_PATH, ORDER_UUID, startGateway, type Route } from '../../test/gateway.ts';
import { clientOf } from '../../test/harness.ts';
import type { FetchAnswer } from './fetch.ts';

const LONG = ' '.repeat(1_048_577);

const endlessly: Route = (response) => {
  const timer = setInterval(() => response.write(LONG.slice(0, 65_536)), 1);
  response.on('close', () => clearInterval(timer));
};

describe('an answer that does not follow the contract', () => {
  it.each<[string, Route, object]>([
    ['a page', htmlPage, { status: 502, contentType: 'text/html' }],
    ['a redirect', (response) => response.writeHead(301, { location: 'https://elsewhere.example/' }).end(), { status: 301 }],
    ['a 200 that is not JSON', (response) => response.writeHead(200).end('OK'), { status: 200 }],
    ['a 200 with a list', json(200, []), { status: 200 }],
    ['a 200 without the fields of an order', json(200, { hello: 'world' }), { status: 200 }],
    ['an empty 204', (response) => response.writeHead(204).end(), { status: 204 }],
    ['an error of another API', json(400, { error: 'nope' }), { status: 400 }],
  ])('causes an error with its status: %s', async (_what, route, error) => {
    const client = await clientOf({ [ORDER_PATH]: route }, { maxRetries: 0 });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({
      name: 'UnexpectedAnswerError',
      path: ORDER_PATH,
      ...error,
    });
  });

  it.each([
    [{ ...ORDER, amount: undefined }, 'has no amount'],
    [{ ...ORDER, amount: 10 }, 'has amount of type number, not string'],
    [{ ...ORDER, amount: null }, 'has amount of type null, not string'],
    [{ ...ORDER, state: 'paid' }, 'has state of type string, not object'],
  ])('is reported with the wrong field: %j', async (order, problem) => {
    const client = await clientOf({ [ORDER_PATH]: json(200, order) });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toThrow(`the answer (200, application/json) ${problem}`);
  });

  it.each([[[null]], [['an order']], [[ORDER, [ORDER]]], ['none']])(
    'may be a list with an item that is not an order: %j',
    async (paymentorders) => {
      const client = await clientOf({ '/payment-order': json(200, { total_items: 1, total_pages: 1, paymentorders }) });
      const problem = { name: 'UnexpectedAnswerError', message: expect.stringContaining('not objects') as string };
      await expect(client.getPaymentOrders()).rejects.toMatchObject(problem);
      await expect(client.listPaymentOrders().next()).rejects.toMatchObject(problem);
    },
  );

  it.each<[string, Route]>([
    ['has a length', (response) => response.writeHead(200, { 'content-length': LONG.length }).end(LONG)],
    ['has no length', (response) => response.writeHead(200).end(LONG)],
    ['is an error', (response) => response.writeHead(400).end(LONG)],
    ['does not end', endlessly],
  ])('is read up to a mebibyte if it %s', async (_what, route) => {
    const client = await clientOf({ [ORDER_PATH]: route });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({
      name: 'UnexpectedAnswerError',
      message: expect.stringContaining('is longer than 1048576 bytes') as string,
    });
  });

  it.each<[string, Partial<FetchAnswer>]>([
    ['a body without a stream', {}],
    ['an empty body', { body: null }],
  ])('is limited in size too if a fetch returns %s', async (_what, part) => {
    const answer = { status: 200, headers: new Headers(), text: () => Promise.resolve(LONG), ...part };
    const client = await clientOf({}, { http: { fetch: () => Promise.resolve(answer) } });
    await expect(client.clientCredentialsLogin()).rejects.toThrow('is longer than');
  });

  it('is read completely, whatever its chunks', async () => {
    const text = JSON.stringify({ ...ORDER, reference: 'caffè ☕ 💶' });
    const inBytes: Route = (response) => {
      response.writeHead(200);
      for (const byte of Buffer.from(text)) response.write(Buffer.of(byte));
      response.end();
    };
    const client = await clientOf({ [ORDER_PATH]: inBytes });
    expect(await client.getPaymentOrder(ORDER_UUID)).toEqual(JSON.parse(text));
  });

  it('is not followed if it is a redirect', async () => {
    const elsewhere = await startGateway();
    const client = await clientOf({
      [ORDER_PATH]: (response) => response.writeHead(307, { location: elsewhere.baseUrl + ORDER_PATH }).end(),
    });
    await expect(client.getPaymentOrder(ORDER_UUID)).rejects.toMatchObject({ status: 307 });
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.close();
  });
});
