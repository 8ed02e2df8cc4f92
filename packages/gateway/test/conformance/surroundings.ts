/** The errors that only the gateway's surroundings bring about. */
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenOf } from './login.ts';
import { createOrder } from './orders.ts';
import type { Probe } from './probe.ts';
import type { Control } from './target.ts';

const ENOUGH = 200;

/** @returns what could not be looked at, and why. */
export async function checkSurroundings(probe: Probe, token: string, control: Partial<Control>): Promise<string[]> {
  const unseen: string[] = [];
  const body = { amount: '10.00' };
  const { expiredToken, withoutRate, live, limited, whileStoreIsDown, whileBroken } = control;
  if (expiredToken === undefined) unseen.push('1004: no token that has run out was given');
  else {
    const expired = await expiredToken();
    for (const [method, path] of [
      ['GET', '/payment-order'],
      ['POST', '/payment-order'],
    ] as const)
      await probe.refused('1004', method, path, { token: expired, ...(method === 'POST' ? { body } : {}) });
  }
  if (withoutRate === undefined) unseen.push('4003: no POS without a rate was given');
  else await probe.refused('4003', 'POST', '/payment-order', { token: await tokenOf(probe, withoutRate), body });
  if (live === undefined) unseen.push('3001 to the test endpoints of a live gateway: none was given');
  else await checkLive(probe.at(live.baseUrl), live);
  if (limited === undefined) unseen.push('2000: no gateway with a low limit was given');
  else await checkLimit(probe.at(limited.baseUrl), limited);
  if (whileStoreIsDown === undefined) unseen.push('4006: the store cannot be stopped');
  else await whileStoreIsDown(() => probe.refused('4006', 'POST', '/payment-order', { token, body }));
  if (whileBroken === undefined) unseen.push('4000: no mistake can be planted');
  else await whileBroken(() => probe.refused('4000', 'GET', '/payment-order', { token }));
  return unseen;
}

async function checkLive(probe: Probe, { shop }: Control['live']): Promise<void> {
  const token = await tokenOf(probe, shop);
  const uuid = await createOrder(probe, token, { amount: '10.00', callback_url: 'https://shop.example/callbacks' });
  if (uuid === undefined) return;
  await probe.refused('3001', 'GET', `/payment-order/${uuid}/callbacks`, { token });
  await probe.refused('3001', 'PATCH', `/payment-order/${uuid}/test/`, { token, body: { callback: 'payment.completed' } });
  await probe.refused('3001', 'PATCH', `/payment-order/${uuid}/test/reset`, { token });
  // Only ever https outside the sandbox.
  await probe.refused('0001', 'POST', '/payment-order', {
    token,
    body: { amount: '10.00', callback_url: 'http://shop.example/' },
  });
}

async function checkLimit(probe: Probe, { shop }: Control['limited']): Promise<void> {
  const token = await tokenOf(probe, shop);
  for (let count = 0; count < ENOUGH; count += 1) {
    const answer = await probe.ask('GET', '/payment-order', { token });
    if (answer.status === 200) continue;
    probe.isError('GET /payment-order too often', answer, '2000');
    await sleep(Number(answer.headers.get('retry-after')) * 1000);
    probe.same(
      'GET /payment-order',
      'status after Retry-After',
      (await probe.ask('GET', '/payment-order', { token })).status,
      200,
    );
    return;
  }
  probe.found('GET /payment-order', `${ENOUGH} requests at once met no limit`);
}
