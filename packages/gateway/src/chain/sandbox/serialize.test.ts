import { RawTx } from '@scure/btc-signer/script.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BlockHash, ScriptHex, Txid } from '../../kernel/chain.ts';
import { MAX_SATS, sats } from '../../kernel/sats.ts';
import { headerFault } from '../view/block-header.ts';
import { WORK_RULES } from '../view/work-rules.ts';
import { parseBlock } from '../view/block.ts';
import { parseTransaction } from '../view/transaction.ts';
import { blockTransactions } from './transaction.ts';
import { buildBlock, buildCoinbase, buildTransaction } from './serialize.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const outPoint = fc.record({
  txid: hash.filter((text) => /[^0]/.test(text)).map((text) => text as Txid),
  vout: fc.integer({ min: 0, max: 0xffffffff }),
});
const output = fc.record({
  script: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('hex') as ScriptHex),
  amount: fc.bigInt({ min: 0n, max: MAX_SATS }).map(sats),
});
const parts = fc.tuple(fc.array(outPoint, { minLength: 1, maxLength: 5 }), fc.array(output, { minLength: 1, maxLength: 5 }));

describe('a transaction of the sandbox', () => {
  it('is read back as written, by us and by another library', () => {
    fc.assert(
      fc.property(parts, ([spends, outputs]) => {
        const { txid, raw } = buildTransaction(spends, outputs);
        const read = parseTransaction(raw);
        expect(read.txid).toBe(txid);
        expect(read.spends).toEqual(spends);
        expect(read.outputs).toEqual(outputs.map((output, vout) => ({ vout, ...output })));
        const other = RawTx.decode(raw);
        expect([other.version, other.lockTime, other.inputs.length]).toEqual([2, 0, spends.length]);
        expect(other.outputs).toMatchObject(outputs.map(({ amount }) => ({ amount })));
      }),
    );
  });
});

const IDLE = [{ script: '51' as ScriptHex, amount: sats(5_000_000_000n) }];

describe('a coinbase of the sandbox', () => {
  it('spends nothing, pays the given outputs, and differs from that of every other height', () => {
    const txids = [0, 1, 255, 256, 70_000].map((height) => {
      const { txid, raw } = buildCoinbase(height, new Uint8Array(8), IDLE);
      const { spends, outputs } = parseTransaction(raw);
      expect([spends, outputs.map(({ amount }) => amount)]).toEqual([[], [5_000_000_000n]]);
      return txid;
    });
    expect(new Set(txids).size).toBe(5);
  });

  it('differs from another of the same height, so that a branch has its own blocks', () => {
    expect(buildCoinbase(7, Uint8Array.of(1), IDLE).txid).not.toBe(buildCoinbase(7, Uint8Array.of(2), IDLE).txid);
  });
});

describe('a block of the sandbox', () => {
  const coinbase = buildCoinbase(1, new Uint8Array(8), IDLE);

  it('is valid on regtest, and is read back as written', () => {
    fc.assert(
      fc.property(
        hash,
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.array(parts, { maxLength: 5 }),
        (previous, timeS, nonce, contents) => {
          const mined = contents.map(([spends, outputs]) => buildTransaction(spends, outputs));
          const transactions = [coinbase, ...mined].map(({ raw }) => raw);
          const built = buildBlock({ previous: previous as BlockHash, timeS, transactions, nonce });
          expect(headerFault(built.raw.subarray(0, 80), built.hash, WORK_RULES.regtest)).toBeUndefined();
          const block = parseBlock(built.raw, built.hash);
          expect([block.hash, block.previous]).toEqual([built.hash, previous]);
          expect(block.transactions.map(({ txid }) => txid)).toEqual([coinbase.txid, ...mined.map(({ txid }) => txid)]);
          expect(blockTransactions(built.raw).map(({ txid, raw }) => [txid, Buffer.from(raw)])).toEqual(
            [coinbase, ...mined].map(({ txid, raw }) => [txid, Buffer.from(raw)]),
          );
        },
      ),
    );
  });
});
