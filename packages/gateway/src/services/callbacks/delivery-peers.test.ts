import fc from 'fast-check';
import { expect, it, onTestFinished, vi } from 'vitest';
import { onEveryDatabase } from '../../../test/support/every-database.ts';
import { DeliveryPeers } from './delivery-peers.ts';

const log = { info: () => {}, warn: () => {} };

/** Processes that have all heard of each other. */
async function peersNamed(names: readonly string[]): Promise<DeliveryPeers[]> {
  const all = names.toSorted();
  const deliveryPeers = { announce: async () => all, withdraw: async () => {} };
  const peers = names.map((claimant) => new DeliveryPeers({ store: { deliveryPeers }, claimant, log }));
  for (const one of peers) one.start();
  await vi.waitFor(() => expect(peers.map(({ count }) => count)).toEqual(names.map(() => names.length)), { interval: 1 });
  await Promise.all(peers.map((one) => one.stop()));
  return peers;
}

it('the shares of all processes are all slots of an endpoint, and differ by one at most', async () => {
  const names = fc.uniqueArray(fc.string({ minLength: 4, maxLength: 8 }), { minLength: 2, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(names, fc.webUrl(), async (given, endpoint) => {
      const shares = (await peersNamed(given)).map((peers) => peers.shareOf(endpoint, 16));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(16);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 50 },
  );
});

it('with more processes than slots, each has slots of some endpoints', async () => {
  const all = await peersNamed(Array.from({ length: 20 }, (_, n) => `process-${n}`));
  for (const peers of all) {
    const shares = Array.from({ length: 200 }, (_, n) => peers.shareOf(`https://${n}.example`, 16));
    expect(new Set(shares)).toEqual(new Set([0, 1]));
  }
});

it('a process alone has all slots, also before it has heard of the others', () => {
  const deliveryPeers = { announce: () => Promise.reject(new Error('not yet')), withdraw: async () => {} };
  const peers = new DeliveryPeers({ store: { deliveryPeers }, claimant: 'me', log });
  expect([peers.count, peers.shareOf('https://a.example', 16)]).toEqual([1, 16]);
});

await onEveryDatabase('delivery-peers.test.ts', (database) => {
  it('processes hear of each other, of one that stops, and of one that died', async () => {
    const open = (claimant: string): DeliveryPeers => {
      const peers = new DeliveryPeers({ store: database.store, claimant, log, intervalMs: 200 });
      onTestFinished(() => peers.stop());
      peers.start();
      return peers;
    };
    const [one, two] = [open('one'), open('two')];
    await vi.waitFor(() => expect([one.count, two.count]).toEqual([2, 2]));
    await vi.waitFor(async () => {
      await database.store.deliveryPeers.announce('died', 60_000);
      expect(one.count).toBe(3);
    });
    // It announces itself no more.
    await vi.waitFor(() => expect(one.count).toBe(2));
    await two.stop();
    await vi.waitFor(() => expect(one.count).toBe(1));
  });
});
