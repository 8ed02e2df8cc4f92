import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Txid } from '../../kernel/chain.ts';
import { SourceUnavailableError } from '../source.ts';
import { fetchMempoolTransactions } from './fetch-mempool.ts';
import type { RpcOutcome } from './rpc/rpc-answer.ts';
import { RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc, RpcCall } from './rpc/rpc.ts';

const signal = new AbortController().signal;
const txid = (n: number): Txid => n.toString(16).padStart(64, '0') as Txid;

function node(answer: (call: RpcCall) => RpcOutcome, onBatch: () => Promise<unknown> = () => Promise.resolve()): NodeRpc {
  return {
    origin: 'http://node',
    call: () => Promise.reject(new Error('not asked')),
    batch: async (calls) => {
      await onBatch();
      return calls.map(answer);
    },
    rest: () => Promise.resolve(undefined),
  };
}

test('transactions are fetched in batches, a few at a time, without those that have left', async () => {
  let now = 0;
  let most = 0;
  const gone = new RpcError('getrawtransaction', -5, 'No such mempool transaction');
  const rpc = node(
    ({ params }) => (params[0] === txid(7) ? { kind: 'error', error: gone } : { kind: 'result', result: 'beef' }),
    async () => {
      most = Math.max(most, ++now);
      await sleep(1);
      now--;
    },
  );
  const txids = Array.from({ length: 1001 }, (_, n) => txid(n));
  const found = await fetchMempoolTransactions(rpc, txids, signal);
  expect(most).toBe(4);
  expect(found.size).toBe(1000);
  expect(found.has(txid(7))).toBe(false);
  expect(found.get(txid(1000))).toEqual(Buffer.from('beef', 'hex'));
  expect((await fetchMempoolTransactions(rpc, [], signal)).size).toBe(0);
});

test('a failure stops the remaining batches', async () => {
  let batches = 0;
  const rpc = node(
    () => ({ kind: 'result', result: '' }),
    async () => {
      await sleep(1);
      if (++batches === 3) throw new SourceUnavailableError('gone');
    },
  );
  const txids = Array.from({ length: 10_000 }, (_, n) => txid(n));
  await expect(fetchMempoolTransactions(rpc, txids, signal)).rejects.toThrow('gone');
  const atFailure = batches;
  await sleep(30);
  expect(batches - atFailure).toBeLessThanOrEqual(4);
});
