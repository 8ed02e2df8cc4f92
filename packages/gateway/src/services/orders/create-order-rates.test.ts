import { expect, it, onTestFinished, vi } from 'vitest';
import { openTestGateway } from '../../../test/support/test-gateway.ts';
import type { GetText } from '../../rates/http/get-text.ts';

/** Coinbase answers, Kraken is down. */
const get: GetText = async (url) => {
  if (!url.includes('coinbase')) throw new Error('answered 502');
  return '{"data":{"currency":"BTC","rates":{"EUR":"60000.25"}}}';
};

it('an order is priced by the exchanges that answer, and refused with 4003 in a currency without a quote', async () => {
  const world = await openTestGateway({ WEBPOS_RATES: 'kraken,coinbase' }, { getText: get });
  onTestFinished(() => world[Symbol.asyncDispose]());
  const euro = await world.newPos();
  const create = (token: string): ReturnType<typeof world.call> =>
    world.call('POST', '/payment-order', { token, body: { amount: '10.00' } });
  // The first quote is still being fetched.
  await vi.waitFor(async () => expect((await create(euro.token)).status).toBe(201), { timeout: 60_000 });
  expect((await create(euro.token)).body).toMatchObject({
    amount: 16_667,
    rate: { source: 'median:coinbase', value: '60000.25' },
  });
  const franc = await world.newPos({ currency: 'XAF' });
  expect(await create(franc.token)).toMatchObject({ status: 503, body: { error_code: '4003' } });
});
