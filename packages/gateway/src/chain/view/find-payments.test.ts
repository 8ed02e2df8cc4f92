import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import type { BlockHash, ScriptHex } from '../../kernel/chain.ts';
import { OutPointIndex } from '../out-point-index.ts';
import { parseBlock } from './block.ts';
import { MalformedChainDataError } from './byte-reader.ts';
import type { Match } from './match.ts';
import { findPaymentsInBlock, findPaymentsInTransaction } from './find-payments.ts';
import { toDisplayHex } from './hash.ts';
import { merkleRootOf } from './merkle.ts';
import type { ScriptSet } from './script-set.ts';
import { compactSizeBytes, parseTransaction } from './transaction.ts';

const watching = (...scripts: string[]): ScriptSet => ({
  has: (bytes, start, end) => scripts.includes(Buffer.from(bytes.subarray(start, end)).toString('hex')),
});
const EVERYTHING: ScriptSet = { has: () => true };
const twice = (bytes: Uint8Array): Buffer => createHash('sha256').update(createHash('sha256').update(bytes).digest()).digest();
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

const vectors = loadVectors<{ type: string; raw: string; hash: BlockHash }>('chain');
const blocks = vectors.filter(({ type }) => type === 'block');
const raw = bytes(vectors.find(({ type }) => type === 'transaction')!.raw);
const transaction = parseTransaction(raw);
const [first, second] = transaction.outputs.map(({ script }) => script) as [ScriptHex, ScriptHex];

const withoutBytes = (matches: readonly Match[]): unknown[] => matches.map((match) => ({ ...match, raw: undefined }));

/** The result of the full parser, which serves as the oracle. */
function expected(parsed: typeof transaction, scripts: readonly string[]): unknown[] {
  return parsed.outputs
    .filter(({ script }) => scripts.includes(script))
    .map(({ vout, amount, script }) => ({
      outPoint: { txid: parsed.txid, vout },
      amount,
      script,
      normalizedTxid: parsed.normalizedTxid(),
    }));
}

describe('payments in a transaction', () => {
  it('are the outputs to a watched script, with index and amount', () => {
    const normalizedTxid = transaction.normalizedTxid();
    expect(findPaymentsInTransaction(raw, watching(second))).toEqual([
      {
        outPoint: { txid: transaction.txid, vout: 1 },
        amount: 223_450_000n,
        script: second,
        normalizedTxid,
        raw: Uint8Array.from(raw),
      },
    ]);
    expect(findPaymentsInTransaction(raw, watching(first, second)).map(({ outPoint }) => outPoint.vout)).toEqual([0, 1]);
  });

  it('are not found for other scripts, including the beginning of a paid one', () => {
    expect(findPaymentsInTransaction(raw, watching('51', first.slice(0, -2)))).toEqual([]);
  });

  it('are the same for the walk and the parser, which refuse the same bytes', () => {
    const part = (max: number): fc.Arbitrary<Buffer> => fc.uint8Array({ maxLength: max }).map((each) => Buffer.from(each));
    const input = fc
      .tuple(fc.uint8Array({ minLength: 36, maxLength: 36 }), part(300))
      .map(([outPoint, script]) => Buffer.concat([outPoint, compactSizeBytes(script.length), script, Buffer.alloc(4, 0xfd)]));
    const output = fc.tuple(
      fc.bigInt({ min: 0n, max: 2_100_000_000_000_000n }),
      fc.constantFrom('51', '0014aa', 'ff'.repeat(300)),
    );
    const outputBytes = output.map(([amount, script]) => {
      const value = Buffer.alloc(8);
      value.writeBigUInt64LE(amount);
      return Buffer.concat([value, compactSizeBytes(script.length / 2), bytes(script)]);
    });
    const witness = fc
      .array(part(80), { maxLength: 3 })
      .map((items) =>
        Buffer.concat([compactSizeBytes(items.length), ...items.flatMap((item) => [compactSizeBytes(item.length), item])]),
      );
    const whole = fc
      .tuple(
        fc.array(fc.tuple(input, witness), { minLength: 1, maxLength: 4 }),
        fc.array(outputBytes, { maxLength: 300, size: 'max' }),
        fc.boolean(),
      )
      .map(([inputs, outputs, segwit]) =>
        Buffer.concat([
          Uint8Array.of(2, 0, 0, 0),
          segwit ? Uint8Array.of(0, 1) : Buffer.alloc(0),
          compactSizeBytes(inputs.length),
          ...inputs.map(([each]) => each),
          compactSizeBytes(outputs.length),
          ...outputs,
          ...(segwit ? inputs.map(([, each]) => each) : []),
          Buffer.alloc(4),
        ]),
      );
    const damage = fc.option(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { nil: undefined });
    const attempt = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedChainDataError);
        return 'refused';
      }
    };
    fc.assert(
      fc.property(whole, damage, fc.nat({ max: 3 }), (good, damaged, cut) => {
        const spoilt = Buffer.from(good.subarray(0, good.length - cut));
        if (damaged !== undefined) spoilt[damaged[0] % spoilt.length] = damaged[1];
        const byParser = attempt(() => expected(parseTransaction(spoilt), ['0014aa']));
        const byWalk = attempt(() => withoutBytes(findPaymentsInTransaction(spoilt, watching('0014aa'))));
        // The walk does not check the amounts of outputs that pay others.
        if (byParser !== 'refused' || cut > 0) expect(byWalk).toEqual(byParser);
      }),
    );
  });
});

describe('payments in a block', () => {
  it.each(blocks)('on mainnet are those that the parser finds: $height', ({ raw: hex, hash }) => {
    const parsed = parseBlock(bytes(hex), hash);
    const scripts = parsed.transactions.flatMap(({ outputs }) => outputs.map(({ script }) => script));
    const { previous, matches } = findPaymentsInBlock(bytes(hex), hash, EVERYTHING);
    expect(previous).toBe(parsed.previous);
    for (const { outPoint, raw: ofTransaction } of matches) expect(parseTransaction(ofTransaction).txid).toBe(outPoint.txid);
    expect(withoutBytes(matches)).toEqual(parsed.transactions.flatMap((each) => expected(each, scripts)));
    expect(findPaymentsInBlock(bytes(hex), hash, watching()).matches).toEqual([]);
  });

  it.each(blocks)('include the transactions that spend the given outputs, except coinbases: $height', ({ raw: hex, hash }) => {
    const spends = parseBlock(bytes(hex), hash).transactions.flatMap(({ txid, spends: of }) =>
      of.map((outPoint) => ({ outPoint, by: txid })),
    );
    const some = new OutPointIndex([1, 2]);
    expect(findPaymentsInBlock(bytes(hex), hash, watching(), some).spends).toEqual([]);
    const wanted = spends.filter((_, n) => n % 2 === 0);
    for (const { outPoint } of wanted) some.add(outPoint);
    expect(findPaymentsInBlock(bytes(hex), hash, watching(), some).spends).toEqual(wanted);
  });

  const [genesis, hundredThousand] = blocks as [(typeof blocks)[0], (typeof blocks)[0]];
  const good = bytes(hundredThousand.raw);

  it.each([
    ['another block', bytes(genesis.raw), /^expected block 000000000003ba27.*, got block 000000000019d668/],
    ['a header alone', good.subarray(0, 80), /expected a byte at 80/],
    ['no transaction', Buffer.concat([good.subarray(0, 80), Uint8Array.of(0)]), /0 transactions do not fit/],
    ['bytes after its last transaction', Buffer.concat([good, Uint8Array.of(0)]), /1 bytes too many/],
    ['an output changed', bytes(hundredThousand.raw.replace('0200e32321', '0200e32322')), /do not match its merkle root/],
  ])('are not accepted from %s', (_, spoilt, message) => {
    expect(() => findPaymentsInBlock(spoilt, hundredThousand.hash, EVERYTHING)).toThrow(MalformedChainDataError);
    expect(() => findPaymentsInBlock(spoilt, hundredThousand.hash, EVERYTHING)).toThrow(message);
  });

  it('are not accepted from a truncated block', () => {
    for (let length = 0; length < good.length; length += 1)
      expect(() => findPaymentsInBlock(good.subarray(0, length), hundredThousand.hash, EVERYTHING)).toThrow(
        MalformedChainDataError,
      );
  });

  it('are not accepted where two hashes of the tree pass for a transaction of 64 bytes', () => {
    const spendsSomething = Buffer.concat([
      Uint8Array.of(2, 0, 0, 0, 1),
      Buffer.alloc(32, 7),
      Buffer.alloc(4),
      Uint8Array.of(0),
      Buffer.alloc(4, 0xff),
      Uint8Array.of(1),
      Buffer.alloc(8),
      Uint8Array.of(4),
      bytes('51515151'),
      Buffer.alloc(4),
    ]);
    expect(spendsSomething).toHaveLength(64);
    const header = Buffer.concat([good.subarray(0, 36), twice(spendsSomething), good.subarray(68, 80)]);
    const name = toDisplayHex(twice(header)) as BlockHash;
    const block = Buffer.concat([header, Uint8Array.of(1), spendsSomething]);
    for (const read of [() => findPaymentsInBlock(block, name, EVERYTHING), () => parseBlock(block, name)])
      expect(read).toThrow(`block ${name}: expected a coinbase as its first transaction, got another`);
  });

  it('are not accepted where the last transaction is repeated, although the merkle root is the same (CVE-2012-2459)', () => {
    const other = Buffer.from(raw).fill(1, raw.length - 4); // another lock time
    const three = [bytes(genesis.raw).subarray(81), other, raw];
    const root = merkleRootOf(three.map((each) => parseTransaction(each).hash)).root;
    const header = Buffer.concat([good.subarray(0, 36), root, good.subarray(68, 80)]);
    const name = toDisplayHex(twice(header)) as BlockHash;
    const block = (list: readonly Uint8Array[]): Buffer => Buffer.concat([header, Uint8Array.of(list.length), ...list]);
    expect(findPaymentsInBlock(block(three), name, watching(second)).matches).toHaveLength(2);
    expect(() => findPaymentsInBlock(block([...three, raw]), name, EVERYTHING)).toThrow(/do not match its merkle root/);
  });
});
