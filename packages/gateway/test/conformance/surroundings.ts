/** Checks the errors that only conditions outside the API can cause. */
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenOf } from './login.ts';
import { createOrder } from './orders.ts';
import type { Probe } from './probe.ts';
import type { Control } from './target.ts';

const MAX_REQUESTS = 200;

/** Returns what could not be checked, and why. */
export async function checkSurroundings(probe: Probe, token: string, control: Partial<Control>): Promise<string[]> {
  const unchecked: string[] = [];
  const body = { amount: '10.00' };
  const { expiredToken, withoutRate, live, limited, whileStoreIsDown, whileBroken } = control;
  if (expiredToken === undefined) unchecked.push('1004: no expired token was given');
  else {
    const expired = await expiredToken();
    for (const [method, path] of [
      ['GET', '/payment-order'],
      ['POST', '/payment-order'],
    ] as const)
      await probe.refused('1004', method, path, { token: expired, ...(method === 'POST' ? { body } : {}) });
  }
  if (withoutRate === undefined) unchecked.push('4003: no POS without a rate was given');
  else await probe.refused('4003', 'POST', '/payment-order', { token: await tokenOf(probe, withoutRate), body });
  if (live === undefined) unchecked.push('3001 for the test endpoints of a live gateway: no such gateway was given');
  else await checkLive(probe.at(live.baseUrl), live);
  if (limited === undefined) unchecked.push('2000: no gateway with a low limit was given');
  else await checkLimit(probe.at(limited.baseUrl), limited);
  if (whileStoreIsDown === undefined) unchecked.push('4006: the store cannot be stopped');
  else await whileStoreIsDown(() => probe.refused('4006', 'POST', '/payment-order', { token, body }));
  if (whileBroken === undefined) unchecked.push('4000: no internal error can be planted');
  else await whileBroken(() => probe.refused('4000', 'GET', '/payment-order', { token }));
  return unchecked;
}

async function checkLive(probe: Probe, { shop }: Control['live']): Promise<void> {
  const token = await tokenOf(probe, shop);
  const uuid = await createOrder(probe, token, { amount: '10.00', callback_url: 'https://shop.example/callbacks' });
  if (uuid === undefined) return;
  await probe.refused('3001', 'GET', `/payment-order/${uuid}/callbacks`, { token });
  await probe.refused('3001', 'PATCH', `/payment-order/${uuid}/test/`, { token, body: { callback: 'payment.completed' } });
  await probe.refused('3001', 'PATCH', `/payment-order/${uuid}/test/reset`, { token });
  // Outside the sandbox, only https is allowed.
  await probe.refused('0001', 'POST', '/payment-order', {
    token,
    body: { amount: '10.00', callback_url: 'http://shop.example/' },
  });
}

async function checkLimit(probe: Probe, { shop }: Control['limited']): Promise<void> {
  const token = await tokenOf(probe, shop);
  for (let count = 0; count < MAX_REQUESTS; count += 1) {
    const answer = await probe.ask('GET', '/payment-order', { token });
    if (answer.status === 200) continue;
    probe.isError('GET /payment-order above the limit', answer, '2000');
    await sleep(Number(answer.headers.get('retry-after')) * 1000);
    probe.same(
      'GET /payment-order',
      'status after Retry-After',
      (await probe.ask('GET', '/payment-order', { token })).status,
      200,
    );
    return;
  }
  probe.found('GET /payment-order', `${MAX_REQUESTS} requests met no limit`);
}
