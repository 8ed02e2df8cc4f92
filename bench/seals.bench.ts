/**
 * What seals cost the creation of an order. Method: the service that creates orders, without HTTP, on SQLite in memory, 64 orders at a
 * time, with addresses that are derived already; by turns with the guard of a gateway, and with one that verifies and seals nothing.
 * CPU of this process (process.cpuUsage), the median of each round's ratio: without a disk, a network and a derivation, so that what
 * seals add is as large a part of the whole as it can be. The verification of derived addresses, which is done once for each when they are
 * loaded into memory, is measured on its own.
 */
import process from 'node:process';
import { parseId } from '../packages/gateway/src/kernel/ids.ts';
import type { ScriptHex } from '../packages/gateway/src/kernel/chain.ts';
import { createOrder, type OrderCreationContext } from '../packages/gateway/src/services/orders/create-order.ts';
import type { OrderRequest } from '../packages/gateway/src/services/orders/new-order.ts';
import type { SealGuard } from '../packages/gateway/src/services/seals/seal-guard.ts';
import { parseCurrency } from '../packages/gateway/src/orders/currency.ts';
import { parseFiatAmount } from '../packages/gateway/src/orders/fiat.ts';
import { sqliteDialect } from '../packages/gateway/src/store/sql/dialects/sqlite/sqlite.ts';
import { openSqlStore } from '../packages/gateway/src/store/sql/sql-store.ts';
import { World } from '../packages/gateway/test/support/world.ts';
import { costRatios } from './support/compare.mjs';
import { report } from './support/report.mjs';

const AT_A_TIME = 64;
const PLAN = { rounds: 15, count: 1_280, warmUp: 2_560 };
const ADDRESSES = 20_000;

const store = await openSqlStore(sqliteDialect(':memory:'));
{
  await using world = await World.open({ sql: store });
  const { context, pos } = world;
  const request: OrderRequest = {
    fiat: parseFiatAmount('10.00', parseCurrency('EUR')),
    callbackUrl: null,
    continueUrl: null,
    cancelUrl: null,
    details: 'two coffees and a cake',
    reference: 'order 4711',
    requiredConfirmations: null,
  };
  const derivedAddress = (index: number) => {
    const program = index.toString(16).padStart(40, '0');
    return { index, address: `bcrt1q${program.slice(-32)}`, script: `0014${program}` as ScriptHex };
  };
  const withGuard = (guard: SealGuard): OrderCreationContext => ({
    ...context,
    guard,
    addresses: {
      ...context.addresses,
      // From the database, as in a gateway, but without a look at the chain.
      indexes: { take: (id, _count, work) => work((tx, count) => tx.accounts.takeIndexes(id, count)) },
      pooled: (_account, index) => derivedAddress(index),
    },
  });
  const noSeals = { seals: { ofOrder: () => null }, refusal: () => undefined, assertPos: () => undefined };
  let fastest = Number.POSITIVE_INFINITY;
  const createWith = (guard: SealGuard) => {
    const creating = withGuard(guard);
    return async (count: number): Promise<number> => {
      const before = process.cpuUsage();
      for (let made = 0; made < count; made += AT_A_TIME)
        await Promise.all(Array.from({ length: AT_A_TIME }, () => createOrder(creating, pos, request)));
      const { user, system } = process.cpuUsage(before);
      fastest = Math.min(fastest, (user + system) / count);
      return user + system;
    };
  };
  const [without, withSeals] = [createWith(noSeals as unknown as SealGuard), createWith(context.guard)];
  const ratios = await costRatios({ 'without seals': without, 'with seals': withSeals, 'without again': without }, PLAN);
  report('a creation with seals, CPU over one without', (ratios['with seals'] ?? NaN).toFixed(3));
  report('a creation in the fastest round of all, CPU', `${fastest.toFixed(0)} µs`);
  report('one without seals, CPU over another one without', (ratios['without again'] ?? NaN).toFixed(3));

  const [account] = await store.accounts.list();
  const accountId = account?.id ?? parseId(context.newUuid());
  const derived = Array.from({ length: ADDRESSES }, (_, index) => derivedAddress(index));
  const sealed = derived.map((address) => ({ ...address, seal: context.guard.seals.ofAddress({ accountId, ...address }) }));
  const before = process.cpuUsage();
  const { sound } = context.guard.checkAddresses(accountId, sealed);
  const { user, system } = process.cpuUsage(before);
  if (sound.length !== ADDRESSES) throw new Error(`expected ${ADDRESSES} sound addresses, got ${sound.length}`);
  report('a derived address verified, CPU', `${((user + system) / ADDRESSES).toFixed(1)} µs`);
}
await store.close();
