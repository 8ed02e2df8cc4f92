import { expect, test } from 'vitest';
import { SourceUnavailableError } from '../../source.ts';
import { readRpcAnswer } from './rpc-answer.ts';
import { RpcError } from './rpc-error.ts';

test.each([
  ['a result by JSON-RPC 2.0', 200, { jsonrpc: '2.0', id: 0, result: 5 }, { kind: 'result', result: 5 }],
  ['a result of an older node', 200, { result: 5, error: null, id: 0 }, { kind: 'result', result: 5 }],
  ['a result of null', 200, { id: 0, result: null }, { kind: 'result', result: null }],
  [
    'a JSON-RPC 2.0 error',
    200,
    { id: 0, error: { code: -8, message: 'no' } },
    { kind: 'error', error: new RpcError('m', -8, 'no') },
  ],
  [
    'an error of an older node',
    500,
    { result: null, error: { code: -8, message: 'no' }, id: 0 },
    { kind: 'error', error: new RpcError('m', -8, 'no') },
  ],
  [
    'an error without the id',
    500,
    { error: { code: -32700, message: 'Parse error' }, id: null },
    { kind: 'error', error: new RpcError('m', -32700, 'Parse error') },
  ],
])('%s is understood', (_, status, answer, outcome) => {
  expect(readRpcAnswer(['m'], status, JSON.stringify(answer))).toEqual([outcome]);
});

test.each([
  [
    'a node that is starting',
    200,
    '{"jsonrpc":"2.0","error":{"code":-28,"message":"Loading block index…"},"id":0}',
    'bitcoind is starting: Loading block index…',
  ],
  [
    'an older node that is starting',
    500,
    '{"result":null,"error":{"code":-28,"message":"Verifying"},"id":0}',
    'bitcoind is starting: Verifying',
  ],
  [
    'a full work queue',
    503,
    'Work queue depth exceeded',
    'bitcoind: m: HTTP 503: the node is too busy (rpcworkqueue), or is stopping',
  ],
  [
    'a machine that is not allowed',
    403,
    '',
    'bitcoind: m: HTTP 403: the node does not allow this machine (rpcallowip), or does not allow this user to call it (rpcwhitelist)',
  ],
  ['a web page', 200, '<html>', 'bitcoind: m: HTTP 200, and not JSON-RPC: is this bitcoind?'],
  ['an answer to something else', 200, '{"id":7,"result":1}', 'bitcoind: m: expected an object, got nothing'],
  ['neither result nor error', 200, '{"id":0}', 'bitcoind: m: expected a result or an error, got neither'],
  [
    'an error without a code',
    200,
    '{"id":0,"error":{"message":"x"}}',
    'bitcoind: m: error code: expected a whole number, got nothing',
  ],
])('%s makes the source unavailable', (_, status, body, message) => {
  expect(() => readRpcAnswer(['m'], status, body)).toThrow(new SourceUnavailableError(message));
});

test('outcomes of a batch are in the order of the calls, whatever the order of the answers', () => {
  const body = JSON.stringify([
    { id: 1, error: { code: -5, message: 'gone' } },
    { id: 0, result: 'a' },
  ]);
  expect(readRpcAnswer(['x', 'y'], 200, body)).toEqual([
    { kind: 'result', result: 'a' },
    { kind: 'error', error: new RpcError('y', -5, 'gone') },
  ]);
});
