import { expect, test } from 'vitest';
import { epochMs } from '../../kernel/clock.ts';
import { SourceUnavailableError, WrongChainError } from '../source.ts';
import { createIdentityGate } from './identity-gate.ts';
import { FORK_HEIGHT, FORKED_BLOCK, GENESIS } from './judge-chain.ts';
import { RpcError } from './rpc-error.ts';
import type { NodeRpc, RpcCall } from './rpc.ts';

const TIP_HEADER =
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c';
const signal = new AbortController().signal;

/** A node on the main network; `blockAtFork` is what it answers for that height. */
function mainNode(blocks: number, blockAtFork: string | RpcError, more: object = {}): { rpc: NodeRpc; asked: RpcCall[] } {
  const asked: RpcCall[] = [];
  const answer = ({ method, params }: RpcCall): unknown => {
    if (method === 'getblockchaininfo') {
      return { chain: 'main', blocks, headers: blocks, bestblockhash: GENESIS.bitcoin, initialblockdownload: false, ...more };
    }
    if (method === 'getblockheader') return TIP_HEADER;
    return params[0] === 0 ? GENESIS.bitcoin : blockAtFork;
  };
  const rpc: NodeRpc = {
    origin: 'http://node',
    call: (method, params) => Promise.resolve(answer({ method, params })),
    batch: (calls) => {
      asked.push(...calls);
      return Promise.resolve(
        calls
          .map(answer)
          .map((result) => (result instanceof RpcError ? { kind: 'error', error: result } : { kind: 'result', result })),
      );
    },
    rest: () => Promise.resolve(undefined),
  };
  return { rpc, asked };
}

function gateOf(rpc: NodeRpc, warnings: string[] = [], ageMs = 0): Promise<void> {
  const log = { info: () => undefined, warn: (message: string) => void warnings.push(message) };
  return createIdentityGate({ rpc, network: 'bitcoin', clock: { now: () => epochMs(1_231_006_505_000 + ageMs) }, log })(signal);
}

test('Bitcoin passes, and is asked for its block at the fork', async () => {
  const { rpc, asked } = mainNode(FORK_HEIGHT, '11'.repeat(32));
  await gateOf(rpc);
  expect(asked).toContainEqual({ method: 'getblockhash', params: [FORK_HEIGHT] });
});

test('below the fork there is no such block to ask for', async () => {
  const { rpc, asked } = mainNode(FORK_HEIGHT - 1, 'never asked');
  await gateOf(rpc);
  expect(asked).not.toContainEqual({ method: 'getblockhash', params: [FORK_HEIGHT] });
});

test('a chain that becomes shorter while asked passes', async () => {
  const { rpc } = mainNode(FORK_HEIGHT, new RpcError('getblockhash', -8, 'Block height out of range'));
  await expect(gateOf(rpc)).resolves.toBeUndefined();
});

test('the chain that left Bitcoin is refused by name', async () => {
  const refusal = gateOf(mainNode(FORK_HEIGHT + 9, FORKED_BLOCK).rpc);
  await expect(refusal).rejects.toThrow(WrongChainError);
  await expect(refusal).rejects.toThrow(
    'bitcoind at http://node is not on the network "bitcoin": expected Bitcoin, got the chain that left it',
  );
});

test('a node that downloads is not ready', async () => {
  const refusal = gateOf(mainNode(10, '', { headers: 900_000, initialblockdownload: true }).rpc);
  await expect(refusal).rejects.toThrow(SourceUnavailableError);
  await expect(refusal).rejects.toThrow('block 10 of 900000');
});

test('an old tip is warned of, a very old one refused', async () => {
  const warnings: string[] = [];
  await gateOf(mainNode(10, '').rpc, warnings, 3 * 3_600_000);
  expect(warnings).toEqual([expect.stringContaining('3.0 hours old')]);
  await expect(gateOf(mainNode(10, '').rpc, [], 9 * 3_600_000)).rejects.toThrow(SourceUnavailableError);
});

test('an answer of another shape is no node', async () => {
  await expect(gateOf(mainNode(10, '', { blocks: '10' }).rpc)).rejects.toThrow(
    new SourceUnavailableError('bitcoind: getblockchaininfo: blocks: expected a whole number, got "10"'),
  );
});
