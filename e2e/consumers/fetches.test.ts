/** The packed library over every fetch that its users have, and in test runners without support for `exports`. */
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ORDER_UUID } from './fake-platform.ts';
import { NoRegistry } from './tools.ts';
import { useConsumer } from './use-consumer.ts';

const at = useConsumer();

beforeAll(async () => {
  const { folder, installed } = at.consumer;
  if (installed instanceof NoRegistry) return;
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  for (const name of ['undici-7', 'undici-8', 'node-fetch', 'node-fetch-3'])
    await symlink(join(installed.modules, name), join(folder, 'node_modules', name));
});

it('the library creates orders by the global fetch, and by those of undici 7 and 8 and of node-fetch 2 and 3', async (context) => {
  // The newest undici needs Node 22.
  expect(await at.play('fetches.mjs', [at.consumer.tools(context).node22])).toEqual({
    global: ORDER_UUID,
    undici7: ORDER_UUID,
    undici8: ORDER_UUID,
    nodeFetch2: ORDER_UUID,
    nodeFetch3: ORDER_UUID,
    ownDispatcher7: ORDER_UUID,
    ownDispatcher8: ORDER_UUID,
  });
}, 240_000);

it('the library reads the current state, even through a fetch that caches', async (context) => {
  const reported = await at.play('patched-fetch.mjs', [at.consumer.tools(context).node22]);
  expect(reported).toEqual({ before: 'pending', after: 'paid', kept: 0 });
}, 240_000);

it('Jest 27 finds every entry, and the client of a Redis', async (context) => {
  await cp(join(at.consumer.folder, 'fake-redis'), join(at.consumer.folder, 'node_modules/redis'), { recursive: true });
  const jest = join(at.consumer.tools(context).modules, 'jest/bin/jest.js');
  const globals = JSON.stringify({ PLATFORM: at.platform.baseUrl });
  const words = [jest, '--config', 'jest.config.json', '--rootDir', at.consumer.folder, '--no-cache', '--globals', globals];
  // Jest reports to standard error, and fails if a test does.
  expect(await at.consumer.run(process.execPath, words)).toBe('');
}, 240_000);

// Not in a file, because the repository's own compiler does not have this package.
const TYPED_TEST = `
import { expect, test } from '@jest/globals';
import { Client, isWebposError, type PaymentOrderCreationResponse } from '@webpos/sdk';
import { expressCallbacks } from '@webpos/sdk/adapters';
import { sharedTokens } from '@webpos/sdk/cache';
import { CallbackHandler, type ReceivedCallback } from '@webpos/sdk/callbacks';
import { events } from '@webpos/sdk/events';
import { nodeFetch } from '@webpos/sdk/node';
import { createFakePlatform } from '@webpos/sdk/testing';
import { CALLBACK_EVENTS, type CallbackEvent } from '@webpos/sdk/wire';

declare const PLATFORM: string;

test('every entry is found, with its types', async () => {
  for (const value of [expressCallbacks, sharedTokens, events, createFakePlatform]) expect(typeof value).toBe('function');
  const known: readonly CallbackEvent[] = CALLBACK_EVENTS;
  expect(known).toContain('payment.completed');
  const http = { fetch: nodeFetch() };
  const client = new Client({ mode: 'sandbox', clientId: 'shop', secret: 'testSecret', baseUrl: PLATFORM, http });
  const order: PaymentOrderCreationResponse = await client.createPaymentOrder({ amount: '10.00', reference: 'cart 42' });
  expect(order.amount).toBe(16_667);
  const refusal: unknown = await client.getPaymentOrder('00000000-0000-4000-8000-000000000000').catch((error) => error);
  expect(isWebposError(refusal) && refusal.name).toBe('NotFoundError');
});

// @ts-expect-error an amount is a decimal string: that types are looked at is seen by this
export const wrong = (client: Client): unknown => client.createPaymentOrder({ amount: 10 });
export const read = (handler: CallbackHandler): Promise<ReceivedCallback> => handler.parse({}, '');
`;

it('ts-jest finds every entry and its types, with its default resolution', async (context) => {
  const { modules } = at.consumer.tools(context);
  const root = join(at.consumer.folder, 'ts-jest');
  await mkdir(join(root, 'node_modules/@jest'), { recursive: true });
  await symlink(join(modules, '@jest/globals'), join(root, 'node_modules/@jest/globals'));
  await writeFile(join(root, 'shop.test.ts'), TYPED_TEST);
  await writeFile(join(root, 'tsconfig.json'), '{ "compilerOptions": { "strict": true, "types": [] } }');
  const config = {
    testEnvironment: 'node',
    globals: { PLATFORM: at.platform.baseUrl },
    setupFiles: ['../globals.jest.js'],
    transform: { '\\.ts$': join(modules, 'ts-jest') },
  };
  await writeFile(join(root, 'jest.config.json'), JSON.stringify(config));
  const words = [join(modules, 'jest/bin/jest.js'), '--config', 'jest.config.json', '--rootDir', root, '--no-cache'];
  expect(await at.consumer.run(process.execPath, words, root)).toBe('');
}, 240_000);
