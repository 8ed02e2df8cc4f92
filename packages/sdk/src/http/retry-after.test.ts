import { describe, expect, it } from 'vitest';
import { inTurn, json, logIn, ORDER, ORDER_PATH, ORDER_UUID, refuse, type Route } from '../../test/gateway.ts';
import { clientOf, gateway } from '../../test/harness.ts';
import { retryAfterMs } from './retry-after.ts';

const NOW_MS = Date.parse('2026-11-23T18:00:00.000Z');

it.each([
  { header: '0', ms: 0 },
  { header: ' 5 ', ms: 5000 },
  { header: '999999999', ms: 999_999_999_000 },
  { header: 'Mon, 23 Nov 2026 18:00:30 GMT', ms: 30_000 },
  { header: 'Monday, 23-Nov-26 18:00:30 GMT', ms: 30_000 },
  { header: 'Mon, 23 Nov 2026 17:00:00 GMT', ms: 0 },
  { header: null, ms: undefined },
  { header: '', ms: undefined },
  { header: '-5', ms: undefined },
  { header: '1.5', ms: undefined },
  { header: '1e3', ms: undefined },
  { header: 'soon', ms: undefined },
  { header: 'Monday, sometime', ms: undefined },
])('retryAfterMs reads "$header" as $ms ms', ({ header, ms }) => {
  const headers = new Headers(header === null ? {} : { 'Retry-After': header });
  expect(retryAfterMs(headers, NOW_MS)).toBe(ms);
});

it.each(['Sat, 23 Nov 2024 18:00:00 GMT', 'Mon, 23 Nov 2026 21:00:00 GMT'])(
  "retryAfterMs compares a date with the answer's own date %s, whatever the local clock says",
  (date) => {
    const headers = new Headers({ Date: date, 'Retry-After': new Date(Date.parse(date) + 7000).toUTCString() });
    expect(retryAfterMs(headers, NOW_MS)).toBe(7000);
  },
);

const forms: [form: string, value: () => string][] = [
  ['seconds', () => '30'],
  ['a date', () => new Date(Date.now() + 30_999).toUTCString()],
];
const bodies: [body: string, route: (status: number, headers: Record<string, string>) => Route][] = [
  ['a page', (status, headers) => (response) => response.writeHead(status, headers).end('<h1>Busy</h1>')],
  ['JSON of another API', (status, headers) => json(status, { error: 'busy' }, headers)],
  ['an error of the API', (status, headers) => refuse(status, '4006', headers)],
  ['no body', (status, headers) => (response) => response.writeHead(status, headers).end()],
];
const answers = [408, 425, 429, 500, 502, 503, 504, 520].flatMap((status) =>
  forms.flatMap(([form, value]) =>
    bodies.map(([body, route]): [number, string, string, Route] => {
      return [status, form, body, (...args) => route(status, { 'retry-after': value() })(...args)];
    }),
  ),
);

describe('a Retry-After counts with every transient status and any body', () => {
  // Longer than the call's time limit, so the call fails at once; without the header it would be retried.
  it.each(answers)('with %d, %s, %s', async (_status, _form, _body, route) => {
    const client = await clientOf({ '/token': inTurn(route, logIn()), [ORDER_PATH]: route, '/payment-order': route });
    const login: unknown = await client.getPaymentOrder(ORDER_UUID).catch((error: unknown) => error);
    const read: unknown = await client.getPaymentOrder(ORDER_UUID).catch((error: unknown) => error);
    const list: unknown = await client
      .listPaymentOrders()
      .next()
      .catch((error: unknown) => error);
    for (const error of [login, read, list]) expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(28_000);
    expect(gateway.seen.map(({ path }) => path)).toEqual(['/token', '/token', ORDER_PATH, '/payment-order']);
  });

  it('and is waited for', async () => {
    const busy: Route = (response) => response.writeHead(503, { 'retry-after': '1' }).end('<h1>Busy</h1>');
    const client = await clientOf({ [ORDER_PATH]: inTurn(busy, json(200, ORDER)) });
    const startedAtMs = performance.now();
    await client.getPaymentOrder(ORDER_UUID);
    expect(performance.now() - startedAtMs).toBeGreaterThan(950);
  });
});
