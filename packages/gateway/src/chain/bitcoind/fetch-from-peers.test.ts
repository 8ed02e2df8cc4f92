import { expect, test } from 'vitest';
import { mineChain } from '../../../test/support/mined-chain.ts';
import { BlockMissingError } from '../source.ts';
import { WORK_RULES } from '../view/work-rules.ts';
import { PeerBlocks } from './fetch-from-peers.ts';
import { RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc } from './rpc/rpc.ts';

const signal = new AbortController().signal;
const block = mineChain(3, WORK_RULES.regtest)[2]!;
const FULL = { servicesnames: ['NETWORK', 'WITNESS', 'NETWORK_LIMITED'], synced_headers: 900, startingheight: 900 };

/** A node that has pruned the block, and some peers; `sends` decides which of them deliver it. */
function setting(peers: readonly object[], sends: (peer: number) => boolean | RpcError): { blocks: PeerBlocks; asked: number[] } {
  const asked: number[] = [];
  let has = false;
  const rpc: NodeRpc = {
    origin: 'http://node',
    call: async (method, [, peer]) => {
      if (method === 'getpeerinfo') return peers;
      if (method === 'getblock') {
        if (has) return block.raw.toString('hex');
        throw new RpcError(method, -1, 'Block not available (pruned data)');
      }
      asked.push(peer as number);
      const answer = sends(peer as number);
      if (answer instanceof RpcError) throw answer;
      has ||= answer;
      return {};
    },
    batch: async () => [],
    rest: async () => undefined,
  };
  const log = { info: () => undefined, warn: () => undefined };
  return { blocks: new PeerBlocks({ rpc, log, peerTimeoutMs: 20 }), asked };
}

test('a pruned block is fetched from a peer that has the whole chain and reaches its height', async () => {
  const { blocks, asked } = setting(
    [
      { ...FULL, id: 1, servicesnames: ['NETWORK_LIMITED', 'WITNESS'] },
      { ...FULL, id: 2, servicesnames: ['NETWORK'] },
      { ...FULL, id: 3, synced_headers: -1, startingheight: 1 },
      { ...FULL, id: 4 },
    ],
    () => true,
  );
  expect(await blocks.peers(2, signal)).toBe(1);
  expect(Buffer.from(await blocks.fetch(block, signal))).toEqual(block.raw);
  expect(asked).toEqual([4]);
});

test('when a peer fails, another one is asked, and for the next block the failed one comes last', async () => {
  const refusal = new RpcError('getblockfrompeer', -1, 'Peer does not exist');
  const { blocks, asked } = setting(
    [5, 6, 7].map((id) => ({ ...FULL, id })),
    (peer) => (peer === 5 ? false : peer === 6 ? refusal : true),
  );
  await blocks.fetch(block, signal);
  expect(asked).toEqual([5, 6, 7]);
  asked.length = 0;
  await blocks.fetch(block, signal);
  expect(asked[0]).toBe(7);
});

test('a block that arrived meanwhile is used although the peer was not asked', async () => {
  let asked = 0;
  const { blocks } = setting([{ ...FULL, id: 1 }], () => {
    asked += 1;
    return asked === 1 ? true : new RpcError('getblockfrompeer', -1, 'Block already downloaded');
  });
  await blocks.fetch(block, signal);
  expect(Buffer.from(await blocks.fetch(block, signal))).toEqual(block.raw);
});

test('when no peer has the block or none sends it, the message says what to do', async () => {
  const alone = setting([], () => true).blocks.fetch(block, signal);
  await expect(alone).rejects.toThrow(BlockMissingError);
  await expect(alone).rejects.toThrow(/has pruned block 2 .* none of its peers keeps the whole chain.*webpos chain restart-at/);
  await expect(setting([{ ...FULL, id: 1 }], () => false).blocks.fetch(block, signal)).rejects.toThrow(
    /peer 1: sent nothing within 20 ms/,
  );
});

test('no more than eight peers are asked for a block', async () => {
  const { blocks, asked } = setting(
    Array.from({ length: 30 }, (_, id) => ({ ...FULL, id })),
    () => new RpcError('getblockfrompeer', -1, 'no'),
  );
  await expect(blocks.fetch(block, signal)).rejects.toThrow(BlockMissingError);
  expect(asked).toHaveLength(8);
});
