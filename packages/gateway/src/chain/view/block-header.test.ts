import { expect, test } from 'vitest';
import type { BlockHash, Network } from '../../kernel/chain.ts';
import { hashOfHeader, headerFault, timeOfHeaderS } from './block-header.ts';
import { bitsOf, targetOf } from './compact-target.ts';
import { GENESIS } from './chain-identity.ts';
import { WORK_RULES } from './work-rules.ts';

// Headers of mainnet and regtest, as any node returns them: getblockheader <hash> false.
const MAIN_0 =
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c';
const MAIN_1 =
  '010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000982051fd1e4ba744bbbe680e1fee14677ba1a3c3540bf7b1cdb606e857233e0e61bc6649ffff001d01e36299';
const MAIN_1_HASH = '00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048' as BlockHash;
const REGTEST_0 =
  '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4adae5494dffff7f2002000000';

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const changed = (hex: string, at: number, value: string): string =>
  hex.slice(0, at * 2) + value + hex.slice(at * 2 + value.length);

test('the hash of a header is its double SHA-256', () => {
  expect(hashOfHeader(bytes(MAIN_0))).toBe(GENESIS.bitcoin);
  expect(hashOfHeader(bytes(MAIN_1))).toBe(MAIN_1_HASH);
  expect(hashOfHeader(bytes(REGTEST_0))).toBe(GENESIS.regtest);
});

test('the time of a header is in seconds', () => {
  expect(timeOfHeaderS(bytes(MAIN_0))).toBe(Date.UTC(2009, 0, 3, 18, 15, 5) / 1000);
});

test.each<[string, string, BlockHash, Network, string]>([
  ['the first block', MAIN_0, GENESIS.bitcoin, 'bitcoin', 'no fault'],
  ['the second block', MAIN_1, MAIN_1_HASH, 'bitcoin', 'no fault'],
  ['the first block of regtest', REGTEST_0, GENESIS.regtest, 'regtest', 'no fault'],
  ['a header of 164 bytes', MAIN_1 + '00'.repeat(84), MAIN_1_HASH, 'bitcoin', 'expected a header of 80 bytes, got 164'],
  ['no header', '', MAIN_1_HASH, 'bitcoin', 'expected a header of 80 bytes, got 0'],
  [
    'another header',
    MAIN_0,
    MAIN_1_HASH,
    'bitcoin',
    `expected a header whose double SHA-256 is ${MAIN_1_HASH}, got one with ${GENESIS.bitcoin}`,
  ],
  ['a target too easy for the network', REGTEST_0, GENESIS.regtest, 'bitcoin', 'expected a target that the network allows'],
  [
    'no work',
    changed(MAIN_1, 76, 'ffffffff'),
    hashOfHeader(bytes(changed(MAIN_1, 76, 'ffffffff'))),
    'bitcoin',
    'expected a proof of work',
  ],
])('a faulty header is detected: %s', (_, header, hash, network, fault) => {
  expect(headerFault(bytes(header), hash, WORK_RULES[network]) ?? 'no fault').toContain(fault);
});

// From arith_uint256_tests.cpp of bitcoin/bitcoin (bignum_SetCompact).
test.each<[number, bigint | undefined]>([
  [0x1d00ffff, 0xffffn << 208n],
  [0x05009234, 0x92340000n],
  [0x04123456, 0x12345600n],
  [0x03123456, 0x123456n],
  [0x02123456, 0x1234n],
  [0x01123456, 0x12n],
  [0x20123456, 0x123456n << 232n],
  [0, undefined],
  [0x00123456, undefined],
  [0x01003456, undefined],
  [0x04923456, undefined],
  [0xff123456, undefined],
])('compact bits 0x%s are converted to a target', (bits, target) => {
  expect(targetOf(bits)).toBe(target);
});

test.each([0x1d00ffff, 0x207fffff, 0x1e0377ae, 0x17021ec5, 0x05009234, 0x04123456, 0x03123456, 0x02123400, 0x01120000])(
  'a target is converted back to its compact bits',
  (bits) => {
    expect(bitsOf(targetOf(bits)!)).toBe(bits);
  },
);

test('a target whose first byte would be read as a sign takes one more byte', () => {
  expect(bitsOf(0x80n)).toBe(0x02008000);
  expect(bitsOf(0x80_0000n)).toBe(0x04008000);
});
