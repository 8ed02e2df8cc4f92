import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestGateway, type Shop, type TestGateway } from '../../test/support/test-gateway.ts';
import { openApiDocument } from './openapi/document.ts';

const SENTINEL = 'do-not-log-me';

let world: TestGateway;
let shop: Shop;
beforeAll(async () => {
  world = await openTestGateway();
  shop = await world.newPos();
});
afterAll(() => world[Symbol.asyncDispose]());

const HEADERS = {
  'idempotency-key': SENTINEL,
  cookie: `session=${SENTINEL}`,
  'x-forwarded-for': SENTINEL,
  'x-request-id': SENTINEL,
  'user-agent': SENTINEL,
  referer: `https://shop.example/${SENTINEL}`,
};

/** Every operation of the OpenAPI document, and the checkout page. */
const CALLS = [
  ...Object.entries(openApiDocument('https://pay.example.com').paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => /^(?:get|post|patch|delete)$/.test(method))
      .map((method) => [method.toUpperCase(), path] as const),
  ),
  ['GET', '/checkout/{uuid}'],
  ['GET', `/${SENTINEL}`],
] as const;

it.each(CALLS)('%s %s logs nothing that the request contained', async (method, template) => {
  const path = template.replace(/\{\w+\}/, SENTINEL);
  const fields = [
    'amount',
    'callback_url',
    'continue_url',
    'cancel_url',
    'details',
    'reference',
    'grant_type',
    'scope',
    'callback',
  ];
  const body = Object.fromEntries(
    fields.map((field) => [field, field.endsWith('_url') ? `https://shop.example/${SENTINEL}` : SENTINEL]),
  );
  const before = world.logLines.length;
  for (const authorization of [`Bearer ${shop.token}`, `Bearer ${SENTINEL}`, `Basic ${btoa(`${SENTINEL}:${SENTINEL}`)}`]) {
    const headers = { ...HEADERS, authorization };
    const hasBody = method === 'POST' || method === 'PATCH';
    await world.call(method, `${path}?page=${SENTINEL}&${SENTINEL}=1`, { headers, ...(hasBody && { body }) });
    if (hasBody) await world.call(method, path, { headers, body: `{"amount":"${SENTINEL}` });
    if (hasBody) await world.call(method, path, { headers: { ...headers, 'content-type': SENTINEL }, body: SENTINEL });
  }
  const lines = world.logLines.slice(before);
  expect(lines.length).toBeGreaterThan(0);
  for (const secret of [SENTINEL, shop.token, shop.secret, btoa(`${SENTINEL}:${SENTINEL}`)])
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
});
