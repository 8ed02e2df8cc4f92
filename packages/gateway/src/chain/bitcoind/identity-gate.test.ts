import { expect, test } from 'vitest';
import { epochMs } from '../../kernel/clock.ts';
import { SourceUnavailableError, WrongChainError } from '../source.ts';
import { createIdentityGate } from './identity-gate.ts';
import { FORK_HEIGHT, FORKED_BLOCK, GENESIS } from '../view/chain-identity.ts';
import type { SourceConcern } from '../source-concern.ts';
import { RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc, RpcCall } from './rpc/rpc.ts';

const TIP_HEADER =
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c';
const signal = new AbortController().signal;

/** A node on mainnet; `blockAtFork` is its answer for that height. */
function mainNode(blocks: number, blockAtFork: string | RpcError, more: object = {}): { rpc: NodeRpc; asked: RpcCall[] } {
  const asked: RpcCall[] = [];
  const answer = ({ method, params }: RpcCall): unknown => {
    if (method === 'getblockchaininfo') {
      return { chain: 'main', blocks, headers: blocks, bestblockhash: GENESIS.bitcoin, initialblockdownload: false, ...more };
    }
    if (method === 'getblockheader') return TIP_HEADER;
    if (method === 'getnetworkinfo' || method === 'getmempoolinfo') return new RpcError(method, -32601, 'Method not found');
    return params[0] === FORK_HEIGHT && blocks !== FORK_HEIGHT ? blockAtFork : GENESIS.bitcoin;
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

function gateOf(rpc: NodeRpc, ageMs = 0): Promise<readonly SourceConcern[]> {
  return createIdentityGate({ rpc, network: 'bitcoin', clock: { now: () => epochMs(1_231_006_505_000 + ageMs) } })(signal);
}

test('Bitcoin passes, and its block at the fork height is requested', async () => {
  const { rpc, asked } = mainNode(FORK_HEIGHT, '11'.repeat(32));
  await gateOf(rpc);
  expect(asked).toContainEqual({ method: 'getblockhash', params: [FORK_HEIGHT] });
});

test('below the fork height that block is not requested', async () => {
  const { rpc, asked } = mainNode(FORK_HEIGHT - 1, 'never asked');
  await gateOf(rpc);
  expect(asked).not.toContainEqual({ method: 'getblockhash', params: [FORK_HEIGHT] });
});

test('a chain that becomes shorter during the check passes', async () => {
  const { rpc } = mainNode(FORK_HEIGHT + 1, new RpcError('getblockhash', -8, 'Block height out of range'));
  await expect(gateOf(rpc)).resolves.toEqual([]);
});

test('the chain that left Bitcoin is refused, and the error names it', async () => {
  const refusal = gateOf(mainNode(FORK_HEIGHT + 9, FORKED_BLOCK).rpc);
  await expect(refusal).rejects.toThrow(WrongChainError);
  await expect(refusal).rejects.toThrow(
    'bitcoind at http://node is not on the network "bitcoin": expected Bitcoin, got the chain that left it',
  );
});

test('a node that is still downloading is not ready', async () => {
  const refusal = gateOf(mainNode(10, '', { headers: 900_000, initialblockdownload: true }).rpc);
  await expect(refusal).rejects.toThrow(SourceUnavailableError);
  await expect(refusal).rejects.toThrow('block 10 of 900000');
});

test('an old tip is a concern, and a very old one hides payments', async () => {
  expect(await gateOf(mainNode(10, '').rpc, 3 * 3_600_000)).toMatchObject([{ kind: 'old_tip', blind: false }]);
  expect(await gateOf(mainNode(10, '').rpc, 9 * 3_600_000)).toMatchObject([
    { kind: 'stale_tip', blind: true, since: 1_231_006_505_000, says: expect.stringContaining('bitcoind at http://node: ') },
  ]);
});

test('a reorganisation between two calls is not a contradiction, but two nodes behind one address are', async () => {
  const other = `00${'ab'.repeat(31)}`;
  let heights = [other, GENESIS.bitcoin];
  const { rpc } = mainNode(10, '');
  const between: NodeRpc = {
    ...rpc,
    batch: async (calls, ...rest) =>
      (await rpc.batch(calls, ...rest)).map((outcome, place) =>
        calls[place]?.params[0] === 10 ? { kind: 'result', result: heights.shift() } : outcome,
      ),
  };
  expect(await gateOf(between)).toEqual([]);
  heights = [other, other];
  await expect(gateOf(between)).rejects.toThrow(`and its chain has ${other} there: do several nodes answer`);
});

test('an answer of an unexpected shape makes the source unavailable', async () => {
  await expect(gateOf(mainNode(10, '', { blocks: '10' }).rpc)).rejects.toThrow(
    new SourceUnavailableError('bitcoind: getblockchaininfo: blocks: expected a whole number, got "10"'),
  );
});
