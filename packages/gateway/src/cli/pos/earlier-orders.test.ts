/** What becomes of the orders of a POS from before there were seals when the POS gets another account. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runWebpos } from '../../../test/support/run-webpos.ts';
import { sampleOrder } from '../../../test/support/samples.ts';
import { testKey } from '../../../test/support/test-gateway.ts';
import { systemClock } from '../../kernel/clock.ts';
import { parseId, type OrderId, type PosId } from '../../kernel/ids.ts';
import { orderedUuid } from '../../kernel/ordered-uuid.ts';
import type { Order } from '../../orders/order.ts';
import { openStore } from '../../store/sql/open-store.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webpos-earlier-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function json<T>(...words: readonly string[]): Promise<T> {
  const { status, out, err } = await runWebpos(folder, [...words, '--json']);
  expect([status, err]).toEqual([0, '']);
  return JSON.parse(out) as T;
}

test.each(['bind', 'update'])('they keep their addresses after `pos %s`, apart from one that was changed', async (command) => {
  const accountOf = async (key: number): Promise<string> =>
    (await json<{ uuid: string }>('account', 'create', '--name', `Wallet ${key}`, '--xpub', testKey(key))).uuid;
  const [before, after] = [await accountOf(1), await accountOf(2)];
  const { uuid: posId } = await json<{ uuid: PosId }>(
    'pos',
    'create',
    '--name',
    'Till',
    '--account',
    before,
    '--currency',
    'EUR',
  );
  const store = await openStore(`sqlite:${join(folder, 'webpos.db')}`);
  let made: readonly [Order, Order];
  try {
    const pos = (await store.pos.get(posId))!;
    const orderAt = (addressIndex: number, key: number): Order => {
      const { address, script } = parseAccount({ xpub: testKey(key) }, 'regtest').receive(addressIndex);
      const now = systemClock.now();
      const id = parseId<OrderId>(orderedUuid(now, '00000000-0000-4000-8000-00000000000' + addressIndex));
      return sampleOrder(pos, { id, addressIndex, address, script, createdAt: now });
    };
    made = [orderAt(1, 1), orderAt(2, 3)];
    await store.orders.insert(...made);
  } finally {
    await store.close();
  }
  await json('pos', command, '--pos', posId, '--account', after);
  const shown = async ({ terms: { id } }: Order) => (await json<{ address: string | null }>('order', 'show', id)).address;
  expect([await shown(made[0]), await shown(made[1])]).toEqual([made[0].terms.address, null]);
});
