/**
 * A long random run on a real node: transactions, replacements, evictions, blocks, reorganisations, restarts of the node, and
 * lost notifications. After every step the mirror must show what the node has.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { MempoolMirror } from '../../packages/gateway/src/chain/bitcoind/mempool-mirror.ts';
import { createNodeRpc } from '../../packages/gateway/src/chain/bitcoind/rpc/rpc.ts';
import { readSequenceMessage } from '../../packages/gateway/src/chain/bitcoind/zmq/sequence-message.ts';
import { parseZmtpEndpoint } from '../../packages/gateway/src/chain/bitcoind/zmq/zmtp-endpoint.ts';
import { subscribeZmtp } from '../../packages/gateway/src/chain/bitcoind/zmq/zmtp-subscriber.ts';
import { findBitcoind } from '../../test/support/find-bitcoind.ts';
import { startRegtestNode, type RegtestNode } from '../../test/support/regtest-node.ts';
import { OpenCoins, type Coin } from '../../test/support/open-coins.ts';

const bitcoind = await findBitcoind('e2e/order-life/mempool-mirror.test.ts');
const STEPS = 300;
const SEED = 20_261_123;
const SOMEWHERE = `0014${'22'.repeat(20)}`;

// skip: no Bitcoin node was found; findBitcoind says so, and CI fails
describe.skipIf(bitcoind === undefined)('the mirror of the mempool', () => {
  let node: RegtestNode;
  let coins: OpenCoins;
  const stop = new AbortController();
  beforeAll(async () => {
    node = await startRegtestNode({
      bitcoind: bitcoind!,
      zmq: true,
      args: [...OpenCoins.NODE_ARGS, '-mempoolexpiry=1', '-mempoolfullrbf=1'],
    });
    coins = await OpenCoins.mint(node);
  });
  afterAll(async () => {
    stop.abort();
    await node?.stop();
  });

  /** A mirror of the node; `isLost` decides for each message whether it arrives. */
  function mirrorOf(isLost: () => boolean): MempoolMirror {
    const rpc = createNodeRpc({ url: node.url, cookieFile: node.cookieFile });
    const mirror = new MempoolMirror({ rpc, nowMs: () => performance.now() });
    const log = { info: () => undefined, warn: () => undefined };
    const listener = {
      connected: () => mirror.connected(),
      disconnected: () => mirror.disconnected(),
      lost: () => mirror.lost(),
      message: (body: Buffer) => {
        const message = readSequenceMessage(body);
        expect(message).toBeDefined();
        if (message !== undefined && !isLost()) mirror.take(message);
      },
    };
    const endpoint = parseZmtpEndpoint(node.zmqSequence!);
    void subscribeZmtp({ endpoint, topic: 'sequence', wake: () => undefined, listener, signal: stop.signal, log, retryMs: 20 });
    return mirror;
  }

  async function assertSame(mirror: MempoolMirror, what: string): Promise<void> {
    await vi.waitFor(
      async () => {
        const shown = [...(await mirror.read(stop.signal))].sort();
        const ids = await node.rpc<string[]>('getrawmempool');
        expect(shown, what).toEqual(ids.sort());
      },
      { timeout: 60_000, interval: 5 },
    );
  }

  test("equals the node's after every step, even if every fourth notification is lost", { timeout: 120_000 }, async () => {
    const random = randomNumbers(SEED);
    let waiting: Coin[] = [];
    const send = async (coin: Coin, feeSats: bigint): Promise<void> => {
      const made = coins.make([{ script: SOMEWHERE as never, amount: 1_000n }], [coin], feeSats);
      // The node refuses a replacement of a transaction that was replaced, evicted with its parent or mined; that counts as a
      // step too.
      await coins.broadcast(made).then(
        () => waiting.push(coin),
        () => undefined,
      );
    };
    const steps: Record<string, () => Promise<unknown>> = {
      sends: () => send(coins.take(), 1_000n),
      'sends three': async () => {
        for (let n = 0; n < 3; n += 1) await send(coins.take(), 1_000n);
      },
      replaces: async () => {
        const coin = waiting[Math.floor(random() * waiting.length)];
        if (coin !== undefined) await send(coin, 2_000n + BigInt(Math.floor(random() * 50_000)));
      },
      mines: () => coins.mine(),
      'mines nothing': () => coins.mineOnly(),
      reorganizes: async () => {
        const height = await node.rpc<number>('getblockcount');
        await node.rpc('invalidateblock', [await node.rpc('getblockhash', [height - 1])]);
        for (let n = 0; n < 3; n += 1) await coins.mineOnly();
      },
      evicts: async () => {
        await node.rpc('setmocktime', [Math.floor(Date.now() / 1000) + 7_200]);
        await send(coins.take(), 1_000n);
        await node.rpc('setmocktime', [0]);
        waiting = [];
      },
      restarts: () => node.restart(),
    };
    const often = [
      'sends',
      'sends',
      'sends',
      'sends',
      'sends three',
      'replaces',
      'replaces',
      'replaces',
      'mines',
      'mines nothing',
    ];
    const seldom = ['reorganizes', 'evicts'];

    const lossy = mirrorOf(() => random() < 0.25);
    const whole = mirrorOf(() => false);
    await vi.waitFor(async () => {
      // A subscription takes effect a moment after its connection; until messages arrive, each read fetches the list.
      await send(coins.take(), 1_000n);
      await assertSame(whole, 'at the start');
      const before = whole.lists;
      await send(coins.take(), 1_000n);
      await assertSame(whole, 'at the start');
      expect(whole.lists).toBe(before);
    }, 10_000);
    for (let step = 1; step <= STEPS; step += 1) {
      const names = step % 100 === 0 ? ['restarts'] : random() < 0.08 ? seldom : often;
      const name = names[Math.floor(random() * names.length)]!;
      await steps[name]!();
      if (random() < 0.2) await sleep(2);
      await Promise.all([lossy, whole].map((mirror) => assertSame(mirror, `seed ${SEED}, step ${step}: ${name}`)));
    }
    // One list per block is enough; without the mirror there would be one for every read.
    expect(whole.lists).toBeLessThan(STEPS * 0.6);
  });
});

/** Returns the same numbers from 0 to 1 for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
