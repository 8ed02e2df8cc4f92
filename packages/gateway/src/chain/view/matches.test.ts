import { expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import type { ScriptHex } from '../../kernel/chain.ts';
import { matchOutputs } from './matches.ts';
import { parseTransaction } from './transaction.ts';

const [vector] = loadVectors<{ type: string; raw: string }>('chain').filter(({ type }) => type === 'transaction');
const transaction = parseTransaction(Buffer.from(vector!.raw, 'hex'));
const watching = (...scripts: string[]) => new Set(scripts as ScriptHex[]);
const [first, second] = transaction.outputs.map(({ script }) => script) as [ScriptHex, ScriptHex];

it('finds each output that pays a watched script, with its index and amount', () => {
  const { txid } = transaction;
  const normalizedTxid = transaction.normalizedTxid();
  expect(matchOutputs(transaction, watching(second))).toEqual([
    { outPoint: { txid, vout: 1 }, amount: 223_450_000n, script: second, normalizedTxid },
  ]);
  expect(matchOutputs(transaction, watching(first, second)).map(({ outPoint }) => outPoint.vout)).toEqual([0, 1]);
});

it('finds a script that is paid twice in one transaction twice', () => {
  const twice = { ...transaction, outputs: transaction.outputs.map((output) => ({ ...output, script: first })) };
  expect(matchOutputs(twice, watching(first)).map(({ amount }) => amount)).toEqual([112_340_000n, 223_450_000n]);
});

it('finds nothing for other scripts, the beginning of a paid one included', () => {
  expect(matchOutputs(transaction, watching('51', first.slice(0, -2)))).toEqual([]);
});
