import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import type { BlockHash } from '../../kernel/chain.ts';
import { parseBlock } from './block.ts';
import { MalformedChainDataError } from './byte-reader.ts';
import { fromDisplayHex, toDisplayHex } from './hash.ts';
import { merkleRootOf } from './merkle.ts';

interface BlockVector {
  readonly type: string;
  readonly height: number;
  readonly hash: BlockHash;
  readonly previous: string;
  readonly txids: readonly string[];
  readonly raw: string;
}

const vectors = loadVectors<BlockVector>('chain').filter(({ type }) => type === 'block');
const [genesis, hundredThousand] = vectors as [BlockVector, BlockVector];
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const doubleSha256 = (part: Uint8Array): Buffer =>
  createHash('sha256').update(createHash('sha256').update(part).digest()).digest();

describe('a mainnet block', () => {
  it.each(vectors)('$height is parsed with its previous block and its transactions', ({ hash, previous, txids, raw }) => {
    const block = parseBlock(bytes(raw), hash);
    expect([block.hash, block.previous]).toEqual([hash, previous]);
    expect(block.transactions.map(({ txid }) => txid)).toEqual(txids);
  });

  it('0 has a coinbase, which spends nothing, of 50 bitcoin', () => {
    const [coinbase] = parseBlock(bytes(genesis.raw), genesis.hash).transactions;
    expect(coinbase?.spends).toEqual([]);
    expect(coinbase?.outputs).toEqual([
      {
        vout: 0,
        amount: 5_000_000_000n,
        script:
          '4104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac',
      },
    ]);
  });

  it('100,000 has the merkle root of its header', () => {
    const { root, mutated } = merkleRootOf(hundredThousand.txids.map(fromDisplayHex));
    expect(toDisplayHex(root)).toBe('f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766');
    expect(mutated).toBe(false);
  });
});

describe('bytes that are not the requested block', () => {
  const raw = hundredThousand.raw;
  /** The four transactions of block 100,000, found by the beginning of their first inputs. */
  const starts = [...raw.matchAll(/01000000010(?:0{63}|32e38e9|b6072b3)|0100000001c33ebff2/g)].map(({ index }) => index);
  const transactions = starts.map((start, index) => bytes(raw.slice(start, starts[index + 1])));
  const headerAndCount = (count: string): string => raw.slice(0, 160) + count;

  it.each([
    ['another block', genesis.raw, /^expected block 000000000003ba27.*, got block 000000000019d668/],
    ['a header that was tampered with', `02${raw.slice(2)}`, /^expected block 000000000003ba27/],
    ['half a header', raw.slice(0, 100), /expected 80 bytes/],
    ['nothing', '', /expected 80 bytes/],
    ['a header alone', raw.slice(0, 160), /expected a byte at 80/],
    ['no transaction', headerAndCount('00'), /0 transactions do not fit/],
    ['a count beyond its size', headerAndCount('feffffffff') + raw.slice(162), /4294967295 transactions do not fit/],
    ['a count just beyond its size', `${headerAndCount('0f')}${raw.slice(162)}`, /: 15 transactions do not fit/],
    ['bytes after its last transaction', `${raw}00`, /1 bytes too many/],
    [
      'a missing transaction',
      headerAndCount('03') + Buffer.concat(transactions.slice(0, 3)).toString('hex'),
      /do not match its merkle root/,
    ],
    ['an output changed', raw.replace('0200e32321', '0200e32322'), /do not match its merkle root/],
    ['an input script changed', raw.replace('08044c86041b', '08044c86041c'), /do not match its merkle root/],
  ])('are refused: %s', (_, hex, message) => {
    expect(() => parseBlock(bytes(hex), hundredThousand.hash)).toThrow(MalformedChainDataError);
    expect(() => parseBlock(bytes(hex), hundredThousand.hash)).toThrow(message);
  });

  it('are refused wherever the block is truncated', () => {
    for (let length = 0; length < bytes(raw).length; length += 1) {
      expect(() => parseBlock(bytes(raw).subarray(0, length), hundredThousand.hash), `${length} bytes`).toThrow(
        MalformedChainDataError,
      );
    }
  });

  it('are refused when the last transactions are repeated, although the merkle root is the same (CVE-2012-2459)', () => {
    // A block of three transactions has the same root as one that repeats the third.
    const three = transactions.slice(0, 3);
    const four = [...three, three[2]!];
    const { root } = merkleRootOf(three.map(doubleSha256));
    expect(merkleRootOf(four.map(doubleSha256)).root).toEqual(root);
    const header = Buffer.concat([bytes(raw).subarray(0, 36), root, bytes(raw).subarray(68, 80)]);
    const name = toDisplayHex(doubleSha256(header)) as BlockHash;

    const honest = Buffer.concat([header, Uint8Array.of(3), ...three]);
    expect(parseBlock(honest, name).transactions).toHaveLength(3);
    expect(() => parseBlock(Buffer.concat([header, Uint8Array.of(4), ...four]), name)).toThrow(/do not match its merkle root/);
  });
});
