/** What happens while nobody looks, or while what answers is not the node that it was, on real nodes. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ScriptHex } from '../../packages/gateway/src/kernel/chain.ts';
import { findBitcoind } from '../../test/support/find-bitcoind.ts';
import { startRegtestNode, type RegtestNode } from '../../test/support/regtest-node.ts';
import type { Made } from './support/open-coins.ts';
import { PRICE, Stage, TTL_MS, type Standing, type StageOrder } from './support/stage.ts';
import { openSwitchedLine, type SwitchedLine } from '../support/switched-line.ts';

const bitcoind = await findBitcoind('e2e/order-life/outages.test.ts');

/** A script of nobody's. */
const ELSEWHERE = `0014${'11'.repeat(20)}` as ScriptHex;
/** The same user at every node: `share/rpcauth` of Bitcoin Core says how. */
const PASSWORD = 'test';
const RPC_AUTH = `-rpcauth=webpos:aa$${createHmac('sha256', 'aa').update(PASSWORD).digest('hex')}`;

// skip: only where no Bitcoin node can be had, which findBitcoind says aloud and CI refuses
describe.skipIf(bitcoind === undefined)('an outage', () => {
  let stage: Stage;
  let line: SwitchedLine;
  const others: RegtestNode[] = [];
  beforeAll(async () => {
    stage = await Stage.open({
      bitcoind: bitcoind!,
      node: { zmq: false, args: [RPC_AUTH] },
      nodeUrl: async (node) => {
        line = await openSwitchedLine(portOf(node));
        return line.url.replace('//', `//webpos:${PASSWORD}@`);
      },
    });
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
    await line?.close();
    await Promise.all(others.map((other) => other.stop()));
  });
  beforeEach(() => stage.coins.mine());

  const portOf = (node: RegtestNode): number => Number(new URL(node.url).port);

  /** A node with a chain of its own, or with the stage's up to a height. */
  async function otherNode(upTo?: number): Promise<RegtestNode> {
    const other = await startRegtestNode({ bitcoind: bitcoind!, args: ['-disablewallet=1', RPC_AUTH] });
    others.push(other);
    if (upTo === undefined) await other.rpc('generatetodescriptor', [150, 'raw(52)']);
    else await copyBlocks(other, upTo);
    return other;
  }

  async function copyBlocks(to: RegtestNode, upTo: number): Promise<void> {
    for (let height = (await to.rpc<number>('getblockcount')) + 1; height <= upTo; height += 1) {
      const hash = await stage.node.rpc('getblockhash', [height]);
      await to.rpc('submitblock', [await stage.node.rpc('getblock', [hash, 0])]);
    }
  }

  function assertTrouble(words: string): Promise<void> {
    return vi.waitFor(
      () => {
        expect(stage.gateway.health()).toMatchObject({
          ready: false,
          chain: { trouble: expect.stringContaining(words) as unknown },
        });
      },
      { timeout: 15_000, interval: 20 },
    );
  }

  const paid = ({ txid }: Made): Standing => ({
    status: 'paid',
    paid: PRICE,
    confirming: 0n,
    unpaid: 0n,
    transactions: [[txid, 'confirmed', PRICE]],
    events: 'completed',
  });
  const pending: Standing = { status: 'pending', paid: 0n, confirming: 0n, unpaid: PRICE, transactions: [], events: '' };

  /** As it stands in the store, without a look at the chain. */
  async function assertStill(order: StageOrder, standing: Standing): Promise<void> {
    expect(await stage.standing(order)).toEqual({ chain: standing.status, ...standing });
  }

  test('of the gateway: what was paid and spent in blocks meanwhile, and what waits, is found', async () => {
    const [spent, waits, parts] = [await stage.order(), await stage.order(), await stage.order(2)];
    await stage.stopGateway();
    const first = await stage.pay([spent, PRICE], [parts, 40_000n]);
    await stage.coins.mine(5);
    await stage.coins.broadcast({ hex: stage.merchant.spend(spent.index, { txid: first.txid, vout: 0 }, PRICE, ELSEWHERE) });
    await stage.coins.mine(30);
    const second = await stage.pay([waits, PRICE], [parts, 60_000n]);
    stage.advance(2 * TTL_MS);
    await stage.startGateway();
    await stage.assertStands(spent, paid(first));
    await stage.assertStands(waits, {
      status: 'pending',
      chain: 'mempool_unconfirmed',
      paid: 0n,
      confirming: PRICE,
      unpaid: 0n,
      transactions: [[second.txid, 'mempool', PRICE]],
      events: '',
    });
    await stage.assertStands(parts, {
      status: 'pending',
      chain: 'mempool_unconfirmed',
      paid: 40_000n,
      confirming: 60_000n,
      unpaid: 0n,
      transactions: [
        [first.txid, 'confirmed', 40_000n],
        [second.txid, 'mempool', 60_000n],
      ],
      events: '',
    });
  });

  test('of the gateway between every two steps of a life: it goes on as if nothing had happened', async () => {
    const order = await stage.order(2);
    await stage.startGateway();
    const made = await stage.pay([order, PRICE]);
    await stage.startGateway();
    const [block = ''] = await stage.coins.mine(2);
    await stage.startGateway();
    await stage.assertStands(order, paid(made));
    await stage.stopGateway();
    await stage.undo(block);
    await stage.coins.mineOnly();
    await stage.coins.mineOnly();
    await stage.coins.mineOnly();
    await stage.startGateway();
    await stage.startGateway();
    await stage.coins.mine(2);
    await stage.startGateway();
    await stage.assertStands(order, { ...paid(made), events: 'completed dispute.start dispute.end' });
  });

  test('of the node, swapped for one with another chain: refused aloud, nothing expires, and nothing is taken back', async () => {
    const [order, open] = [await stage.order(), await stage.order()];
    const made = await stage.pay([order, PRICE]);
    await stage.coins.mine();
    await stage.assertStands(order, paid(made));

    line.switchTo(portOf(await otherNode()));
    await assertTrouble('parts from ours');
    stage.advance(2 * TTL_MS);
    await assertTrouble('parts from ours');
    await assertStill(order, paid(made));
    await assertStill(open, pending);

    line.switchTo(portOf(stage.node));
    await stage.assertStands(order, paid(made));
    await stage.assertStands(open, { ...pending, status: 'expired', events: 'expired' });
  });

  test('of the node, swapped for one that is behind: no payment is taken for gone, until it has caught up', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    await stage.coins.mine(2);
    await stage.assertStands(order, paid(made));
    const height = await stage.node.rpc<number>('getblockcount');

    const behind = await otherNode(height - 3);
    line.switchTo(portOf(behind));
    await assertTrouble('the source is behind');
    await assertStill(order, paid(made));

    const second = await stage.order();
    const late = await stage.pay([second, PRICE]);
    await stage.coins.mine();
    await copyBlocks(behind, height + 1);
    await stage.assertStands(order, paid(made));
    await stage.assertStands(second, paid(late));
    line.switchTo(portOf(stage.node));
  });

  test('of the node, swapped for one that knows a longer branch: followed, as a reorganisation is', async () => {
    const order = await stage.order();
    const made = await stage.pay([order, PRICE]);
    const height = await stage.node.rpc<number>('getblockcount');
    await stage.coins.mine();
    await stage.assertStands(order, paid(made));

    const other = await otherNode(height);
    await other.rpc('generatetodescriptor', [2, 'raw(52)']);
    line.switchTo(portOf(other));
    await stage.assertStands(order, {
      status: 'network_dispute',
      chain: 'possible_chargeback',
      paid: 0n,
      confirming: 0n,
      unpaid: PRICE,
      transactions: [[made.txid, 'reverted', PRICE]],
      events: 'completed dispute.start',
    });
    await stage.coins.mine(2);
    line.switchTo(portOf(stage.node));
    await stage.assertStands(order, { ...paid(made), events: 'completed dispute.start dispute.end' });
  });
});
