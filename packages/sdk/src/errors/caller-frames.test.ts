/** The stack of every error shows the line of the caller, whatever is in between. */
import { describe, expect, it } from 'vitest';
import { cut, json, ORDER_PATH, ORDER_UUID, refuse, type Route, silence } from '../../test/gateway.ts';
import { clientOf } from '../../test/harness.ts';
import type { Client } from '../client.ts';
import { events } from '../events/index.ts';
import { nodeFetch } from '../node/index.ts';

const transports = [
  ['fetch', undefined],
  ['nodeFetch', nodeFetch()],
] as const;
const routes: [string, Record<string, Route>, object][] = [
  ['a refusal', { [ORDER_PATH]: refuse(404, '3001') }, {}],
  ['a refused login', { '/token': refuse(401, '1001') }, {}],
  ['a broken connection', { [ORDER_PATH]: cut }, {}],
  ['a timeout', { [ORDER_PATH]: silence }, { timeoutMs: 300 }],
  ['an unexpected answer', { [ORDER_PATH]: json(200, {}) }, {}],
  ['a wrong option', {}, { timeoutMs: 0 }],
];

async function stackOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return String((error as Error).stack);
  }
  throw new Error('expected an error');
}

async function theCallingShop(client: Client, options: object): Promise<unknown> {
  return await client.getPaymentOrder(ORDER_UUID, options);
}

describe.each(transports)('over %s, the stack shows the caller', (_name, fetch) => {
  it.each(routes)('of %s', async (_what, answers, options) => {
    const client = await clientOf(answers, { maxRetries: 0, http: { fetch } });
    const stack = await stackOf(() => theCallingShop(client, options));
    expect(stack).toContain('theCallingShop');
    expect(stack.match(/theCallingShop/g)).toHaveLength(1);
  });

  it('of a list, a wait and the event feed', async () => {
    const client = await clientOf(
      { '/payment-order': cut, '/events': cut, [ORDER_PATH]: cut },
      { maxRetries: 0, http: { fetch } },
    );
    const theIteratingShop = async (): Promise<void> => {
      for await (const _order of client.listPaymentOrders()) continue;
    };
    const theFollowingShop = async (): Promise<void> => {
      for await (const _event of events(client)) continue;
    };
    const theWaitingShop = async (): Promise<void> => void (await client.waitForPaymentOrder(ORDER_UUID));
    expect(await stackOf(theIteratingShop)).toContain('theIteratingShop');
    expect(await stackOf(theFollowingShop)).toContain('theFollowingShop');
    expect(await stackOf(theWaitingShop)).toContain('theWaitingShop');
  });
});

it('two calls that wait for one login fail with an error each', async () => {
  const client = await clientOf({ '/token': refuse(401, '1001') }, { maxRetries: 0 });
  const theFirst = async (): Promise<unknown> => await client.getPaymentOrder(ORDER_UUID);
  const theSecond = async (): Promise<unknown> => await client.getPaymentOrders();
  const [first, second] = await Promise.all([stackOf(theFirst), stackOf(theSecond)]);
  expect(first).toContain('theFirst');
  expect(first).not.toContain('theSecond');
  expect(second).toContain('theSecond');
  expect(second).not.toContain('theFirst');
});
