import { expect, test } from 'vitest';
import type { ScriptHex } from '../../kernel/chain.ts';
import { SourceUnavailableError } from '../source.ts';
import { RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc } from './rpc/rpc.ts';
import { scanScripts } from './scan-scripts.ts';

const signal = new AbortController().signal;
const SCRIPT = `0014${'aa'.repeat(20)}` as ScriptHex;
const [TXID, BLOCK] = ['ab'.repeat(32), 'cd'.repeat(32)];
const unspent = { txid: TXID, vout: 3, scriptPubKey: SCRIPT, amount: 0.1, height: 7 };

function nodeThat(start: () => unknown): { rpc: NodeRpc; asked: string[] } {
  const asked: string[] = [];
  const rpc: NodeRpc = {
    origin: 'http://node',
    call: async (method, params) => {
      asked.push(`${method} ${String(params[0])}`);
      if (method === 'getrawtransaction') throw new RpcError(method, -1, 'Block not available');
      if (method === 'getblockhash') return BLOCK;
      if (params[0] === 'status') return { progress: 42.7 };
      return params[0] === 'start' ? start() : true;
    },
    batch: async () => [],
    rest: async () => undefined,
  };
  return { rpc, asked };
}
const scan = (rpc: NodeRpc, progress: (percent: number) => void = () => {}): ReturnType<typeof scanScripts> =>
  scanScripts(rpc, [SCRIPT], { signal, progress, pollMs: 5 });

test('unspent outputs are exact to the satoshi, even when their transactions are pruned', async () => {
  const amounts = [0.1, 1e-8, 0.29, 20_999_999.97690001, 5.67891234];
  const { rpc } = nodeThat(() => ({
    success: true,
    height: 9,
    bestblock: BLOCK,
    unspents: amounts.map((amount, vout) => ({ ...unspent, amount, vout })),
  }));
  const { tip, outputs } = await scan(rpc);
  expect(tip).toEqual({ height: 9, hash: BLOCK });
  expect(outputs.map(({ match }) => match.amount)).toEqual([10_000_000n, 1n, 29_000_000n, 2_099_999_997_690_001n, 567_891_234n]);
  expect(outputs[0]).toEqual({
    height: 7,
    match: { outPoint: { txid: TXID, vout: 0 }, amount: 10_000_000n, script: SCRIPT, normalizedTxid: TXID },
  });
});

test('a scan reports its progress', async () => {
  let done: (answer: unknown) => void = () => {};
  const { rpc } = nodeThat(() => new Promise((resolve) => (done = resolve)));
  const reported = new Promise<number>((resolve) => {
    void scan(rpc, resolve);
  });
  expect(await reported).toBe(42);
  done({ success: true, height: 9, bestblock: BLOCK, unspents: [] });
});

test('a failed scan is aborted in the node, and a scan of someone else is left alone', async () => {
  const failing = nodeThat(() => {
    throw new SourceUnavailableError('no answer within 5 ms');
  });
  await expect(scan(failing.rpc)).rejects.toThrow('no answer');
  expect(failing.asked).toContain('scantxoutset abort');
  const busy = nodeThat(() => {
    throw new RpcError('scantxoutset', -8, 'Scan already in progress, use action "abort" or "status"');
  });
  await expect(scan(busy.rpc)).rejects.toThrow('already in progress');
  expect(busy.asked).not.toContain('scantxoutset abort');
  await expect(scan(nodeThat(() => ({ success: false })).rpc)).rejects.toThrow('someone has aborted the scan');
});
