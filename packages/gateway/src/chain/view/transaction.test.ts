import { createHash } from 'node:crypto';
import { RawOldTx, RawTx } from '@scure/btc-signer/script.js';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import { MAX_SATS } from '../../kernel/sats.ts';
import { MalformedChainDataError } from './byte-reader.ts';
import { parseTransaction } from './transaction.ts';

interface TransactionVector {
  readonly type: string;
  readonly name: string;
  readonly txid: string;
  readonly unsigned: string;
  readonly raw: string;
}

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const hashOf = (raw: Uint8Array): string => {
  const once = createHash('sha256').update(raw).digest();
  return createHash('sha256').update(once).digest().reverse().toString('hex');
};

const vectors = loadVectors<TransactionVector>('chain').filter(({ type }) => type === 'transaction');

describe('a transaction of BIP 143', () => {
  it.each(vectors)('$name has an id without its witness', ({ raw, txid }) => {
    expect(parseTransaction(bytes(raw)).txid).toBe(txid);
  });

  it.each(vectors)('$name has the hash of its unsigned form as its normalized id', ({ raw, unsigned }) => {
    expect(parseTransaction(bytes(raw)).normalizedTxid()).toBe(hashOf(bytes(unsigned)));
  });

  it.each(vectors)('$name has its hash as both ids when unsigned', ({ unsigned }) => {
    const transaction = parseTransaction(bytes(unsigned));
    expect([transaction.txid, transaction.normalizedTxid()]).toEqual([hashOf(bytes(unsigned)), hashOf(bytes(unsigned))]);
  });

  it('is parsed with its inputs and outputs', () => {
    const { outputs, spends } = parseTransaction(bytes(vectors[0]!.raw));
    expect(spends).toEqual([
      { txid: '9f96ade4b41d5433f4eda31e1738ec2b36f6e7d1420d94a6af99801a88f7f7ff', vout: 0 },
      { txid: '8ac60eb9575db5b2d987e29f301b5b819ea83a5c6579d282d189cc04b8e151ef', vout: 1 },
    ]);
    expect(outputs).toEqual([
      { vout: 0, amount: 112_340_000n, script: '76a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac' },
      { vout: 1, amount: 223_450_000n, script: '76a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac' },
    ]);
  });

  it.each(vectors)('$name is refused wherever it is truncated, and with an extra byte', ({ raw, unsigned }) => {
    for (const whole of [bytes(raw), bytes(unsigned)]) {
      for (let length = 0; length < whole.length; length += 1) {
        expect(() => parseTransaction(whole.subarray(0, length)), `${length} bytes`).toThrow(MalformedChainDataError);
      }
      expect(() => parseTransaction(Buffer.concat([whole, Uint8Array.of(0)]))).toThrow(/1 more bytes/);
    }
  });
});

describe('any transaction', () => {
  const script = fc.uint8Array({ maxLength: 300 });
  const input = fc.record({
    // A hash of zeros stands for a coinbase, which spends nothing.
    txid: fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((hash) => hash.some((byte) => byte !== 0)),
    index: fc.integer({ min: 0, max: 0xffffffff }),
    finalScriptSig: script,
    sequence: fc.integer({ min: 0, max: 0xffffffff }),
  });
  const output = fc.record({ amount: fc.bigInt({ min: 0n, max: MAX_SATS }), script });
  const transaction = fc
    .record({
      version: fc.integer({ min: 1, max: 0x7fffffff }),
      inputs: fc.array(input, { minLength: 1, maxLength: 300, size: 'small' }),
      outputs: fc.array(output, { minLength: 1, maxLength: 300, size: 'small' }),
      lockTime: fc.integer({ min: 0, max: 0xffffffff }),
    })
    .chain((plain) =>
      fc
        .array(
          fc.oneof(fc.constant<Uint8Array<ArrayBuffer>[]>([]), fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 4 })),
          {
            minLength: plain.inputs.length,
            maxLength: plain.inputs.length,
          },
        )
        .map((witnesses) => ({ ...plain, witnesses, segwitFlag: witnesses.some((items) => items.length > 0) })),
    );

  it('is read as another library wrote it', () => {
    fc.assert(
      fc.property(transaction, (written) => {
        const read = parseTransaction(RawTx.encode(written));
        expect(read.txid).toBe(hashOf(RawOldTx.encode(written)));
        expect(Buffer.from(read.hash).reverse().toString('hex')).toBe(read.txid);
        const emptied = written.inputs.map((input) => ({ ...input, finalScriptSig: new Uint8Array(0) }));
        expect(read.normalizedTxid()).toBe(hashOf(RawOldTx.encode({ ...written, inputs: emptied })));
        expect(read.spends).toEqual(
          written.inputs.map(({ txid, index }) => ({ txid: Buffer.from(txid).toString('hex'), vout: index })),
        );
        expect(read.outputs).toEqual(
          written.outputs.map(({ amount, script }, vout) => ({ vout, amount, script: Buffer.from(script).toString('hex') })),
        );
      }),
    );
  });

  it('is never read from random bytes without the documented error', () => {
    const noisy = fc.tuple(transaction, fc.nat(), fc.nat({ max: 255 })).map(([written, at, byte]) => {
      const raw = Buffer.from(RawTx.encode(written));
      raw[at % raw.length] = byte;
      return raw;
    });
    fc.assert(
      fc.property(fc.oneof(noisy, fc.uint8Array({ maxLength: 200 })), (raw) => {
        try {
          expect(parseTransaction(raw).txid).toMatch(/^[0-9a-f]{64}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedChainDataError);
        }
      }),
    );
  });
});

describe('a transaction with false counts or amounts', () => {
  const version = '02000000';
  const inputFromAnywhere = `${'ab'.repeat(32)}0000000000ffffffff`;
  it.each([
    ['4 billion inputs', `${version}feffffffff${'00'.repeat(60)}`, /4294967295 entries do not fit into 60 bytes/],
    ['4 billion outputs', `${version}01${inputFromAnywhere}feffffffff${'00'.repeat(60)}`, /4294967295 entries do not fit/],
    [
      '4 billion witness items',
      `${version}000101${inputFromAnywhere}01${'00'.repeat(8)}00feffffffff${'00'.repeat(8)}`,
      /4294967295 witness items do not fit into 8 bytes/,
    ],
    ['a witness of an unknown kind', vectors[0]!.raw.replace(/^010000000001/, '010000000002'), /more than all bitcoin/],
    ['a script beyond its end', `${version}01${'ab'.repeat(36)}fdffff${'00'.repeat(60)}`, /expected 65535 bytes/],
    [
      'more satoshi than there are',
      `${version}01${inputFromAnywhere}01${'ff'.repeat(8)}0000000000`,
      /18446744073709551615 satoshi is more than all bitcoin/,
    ],
  ])('is refused: %s', (_, hex, message) => {
    expect(() => parseTransaction(bytes(hex))).toThrow(MalformedChainDataError);
    expect(() => parseTransaction(bytes(hex))).toThrow(message);
  });
});
