import { expect, test } from 'vitest';
import type { BlockHash } from '../../kernel/chain.ts';
import { BlockMissingError, WrongChainError } from '../source.ts';
import { hashOfHeader } from '../view/block-header.ts';
import { fetchBlock } from './fetch-block.ts';
import { RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc } from './rpc/rpc.ts';

const signal = new AbortController().signal;
const block = Buffer.alloc(200, 7);
const hash = hashOfHeader(block.subarray(0, 80));

function node(overRpc: string | RpcError, overRest?: Uint8Array): NodeRpc {
  return {
    origin: 'http://node',
    call: () => (overRpc instanceof RpcError ? Promise.reject(overRpc) : Promise.resolve(overRpc)),
    batch: () => Promise.resolve([]),
    rest: () => Promise.resolve(overRest),
  };
}

test('a block is fetched over REST where it is enabled', async () => {
  expect(await fetchBlock(node('never asked', block), hash, signal)).toEqual(block);
});

test('a block is fetched over RPC where REST is disabled, or returns something else', async () => {
  expect(await fetchBlock(node(block.toString('hex')), hash, signal)).toEqual(block);
  expect(await fetchBlock(node(block.toString('hex'), Buffer.from('<html>')), hash, signal)).toEqual(block);
});

test.each([
  [-1, 'Block not available (pruned data)'],
  [-5, 'Block not found'],
])('error %d means that the block is missing', async (code, message) => {
  const failure = fetchBlock(node(new RpcError('getblock', code, message)), hash, signal);
  await expect(failure).rejects.toThrow(BlockMissingError);
  await expect(failure).rejects.toThrow(`has no block ${hash}: bitcoind: getblock: ${message}`);
});

test('any other error is passed on unchanged', async () => {
  await expect(fetchBlock(node(new RpcError('getblock', -32601, 'Method not found')), hash, signal)).rejects.toThrow(RpcError);
});

test('bytes without the right hash are never accepted as the block', async () => {
  const other = '00'.repeat(32) as BlockHash;
  await expect(fetchBlock(node(block.toString('hex'), block), other, signal)).rejects.toThrow(WrongChainError);
  await expect(fetchBlock(node(''), hash, signal)).rejects.toThrow(WrongChainError);
});
