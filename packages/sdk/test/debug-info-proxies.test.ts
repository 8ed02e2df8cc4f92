/** If a proxy answers in place of the gateway, debugInfo shows which one. */
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import type { WebposError } from '../src/index.ts';
import { ORDER_PATH, ORDER_UUID } from './gateway.ts';
import { clientOf } from './harness.ts';

const SHOWN = {
  'cf-mitigated': 'challenge',
  'cf-ray': '8f1b2c3d4e5f6a7b-FRA',
  'fly-request-id': '01J0000000000000000000000-fra',
  'proxy-status': 'proxy.example; error=connection_refused',
  server: 'cloudflare',
  via: '1.1 varnish',
  'www-authenticate': 'Bearer realm="proxy"',
  'x-amz-cf-id': 'a1b2c3==',
  'x-amzn-requestid': 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  'x-azure-ref': '20261130T090000Z-abc',
  'x-cache': 'Error from cloudfront',
  'x-served-by': 'cache-fra-eddf8230033-FRA',
  'x-vercel-id': 'fra1::abcde-1700000000000-0123456789ab',
};
const HIDDEN = {
  'set-cookie': '__cf_bm=a-cookie; path=/',
  'x-amz-apigw-id': 'hidden-gateway-id',
  'x-debug-token': 'hidden-token',
};

it('debugInfo shows the headers that identify a proxy, and no others', async () => {
  const client = await clientOf({
    [ORDER_PATH]: (response) => response.writeHead(403, { ...SHOWN, ...HIDDEN, 'content-type': 'text/html' }).end('<h1>no</h1>'),
  });
  const { debugInfo } = await client.getPaymentOrder(ORDER_UUID).then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error as WebposError,
  );
  const { date, ...headers } = debugInfo?.response?.headers ?? {};
  expect(typeof date).toBe('string');
  const length = debugInfo?.response?.headers['content-length'];
  expect(headers).toEqual({
    ...SHOWN,
    'content-type': 'text/html',
    ...(length === undefined ? {} : { 'content-length': length }),
  });
  const shown = inspect(debugInfo, { depth: 9 });
  for (const text of ['a-cookie', 'hidden-gateway-id', 'hidden-token']) expect(shown).not.toContain(text);
});
