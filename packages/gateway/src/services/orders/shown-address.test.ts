import { expect, test } from 'vitest';
import { NOON, sampleAccount, sampleOrder, samplePos } from '../../../test/support/samples.ts';
import { testKey } from '../../../test/support/test-gateway.ts';
import { boundPos, sealedAccount, testGuard } from '../../../test/support/test-seals.ts';
import { parseAccount } from '../../wallet/descriptor/parse-account.ts';
import { checkedAddress, checkedOrders } from './shown-address.ts';

/** Deriving takes some 100 ms for these. */
const ORDERS = 200;

test('orders from before the key was renewed are checked in several turns', async () => {
  const descriptor = parseAccount({ xpub: testKey(1) }, 'regtest').descriptor;
  const account = sealedAccount(sampleAccount({ descriptor }));
  const pos = boundPos(samplePos(account));
  const orders = parseAccount({ descriptor }, 'regtest')
    .receiveMany(0, ORDERS)
    .map(({ index, address, script }) => sampleOrder(pos, { addressIndex: index, address, script, addressSeal: 'A'.repeat(16) }));
  const store = { pos: { get: async () => pos }, accounts: { get: async () => account } };
  const context = { store, guard: testGuard({ now: () => NOON }) } as never as Parameters<typeof checkedOrders>[0];
  let [turns, isDone] = [0, false];
  const turn = (): void => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  const shown = orders.map(({ terms }) => terms.address);
  expect((await checkedOrders(context, orders)).map(({ address }) => address)).toEqual(shown);
  const ofLists = turns;
  const addresses: (string | null)[] = [];
  // Other objects, whose addresses nobody has checked yet.
  for (const { terms } of orders) addresses.push(await checkedAddress(context, { ...terms }));
  isDone = true;
  expect(addresses).toEqual(shown);
  expect(ofLists).toBeGreaterThan(1);
  expect(turns - ofLists).toBeGreaterThan(1);
});
