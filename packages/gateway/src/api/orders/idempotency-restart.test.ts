/** Checks on each database that an `Idempotency-Key` creates a single order, even if the gateway stops in between. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IN_FILE, ON_POSTGRES, onEveryPlace, type TestPlace } from '../../../test/support/every-database.ts';
import { openTestGateway, type Answer, type Shop, type TestGateway } from '../../../test/support/test-gateway.ts';

const AT_ONCE = 32;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-idempotency-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

await onEveryPlace(
  'packages/gateway/src/api/orders/idempotency-restart.test.ts',
  (place, name) => {
    const start = (): Promise<TestGateway> =>
      openTestGateway({
        WEBPOS_DATABASE_URL: databaseUrl(place()),
        WEBPOS_KEY_FILE: join(folder, `${name.replaceAll(' ', '-')}.key`),
        WEBPOS_PUBLIC_URL: 'https://pay.example.com',
      });

    it('32 concurrent creations, and 32 more after a restart, create one order', async () => {
      const first = await start();
      const shop = await first.newPos();
      const before = await atOnce(first, shop);
      await first[Symbol.asyncDispose]();
      const second = await start();
      const after = await atOnce(second, shop);
      expect(new Set([...before, ...after].map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(before[0]?.status).toBe(201);
      expect(await ordersOf(second, shop)).toBe(1);
      await second[Symbol.asyncDispose]();
    });

    it('32 creations that a stop interrupts, and 32 after it, create one order', async () => {
      const first = await start();
      const shop = await first.newPos();
      const interrupted = Array.from({ length: AT_ONCE }, () => create(first, shop).catch(() => undefined));
      await first[Symbol.asyncDispose]();
      const answered = (await Promise.all(interrupted)).filter((answer) => answer?.status === 201);
      const second = await start();
      const after = await atOnce(second, shop);
      expect(new Set([...answered, ...after].map((answer) => answer?.text)).size).toBe(1);
      expect(await ordersOf(second, shop)).toBe(1);
      await second[Symbol.asyncDispose]();
    });
  },
  [IN_FILE, ON_POSTGRES],
);

function databaseUrl({ address }: TestPlace): string {
  if ('path' in address) return `sqlite:${address.path}`;
  const url = new URL(address.url);
  url.searchParams.set('options', `-c search_path=${address.schema}`);
  return url.href.replaceAll('+', '%20');
}

function create(gateway: TestGateway, { token }: Shop): Promise<Answer> {
  const headers = { 'idempotency-key': 'the-same' };
  return gateway.call('POST', '/payment-order', { token, headers, body: { amount: '10.00' } });
}

function atOnce(gateway: TestGateway, shop: Shop): Promise<Answer[]> {
  return Promise.all(Array.from({ length: AT_ONCE }, () => create(gateway, shop)));
}

async function ordersOf(gateway: TestGateway, { token }: Shop): Promise<number> {
  const { body } = await gateway.call('GET', '/payment-order', { token });
  return (body as { total_items: number }).total_items;
}
