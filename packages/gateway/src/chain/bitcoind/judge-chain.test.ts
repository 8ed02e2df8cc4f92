import { expect, test } from 'vitest';
import type { BlockHash, Network } from '../../kernel/chain.ts';
import { epochMs } from '../../kernel/clock.ts';
import { FORKED_BLOCK, GENESIS, judgeChain, type ChainFacts } from './judge-chain.ts';

const HOUR_MS = 3_600_000;
const header = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const zero = '00'.repeat(32);
const merkleRoot = '3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a';

// The first blocks stand in for tips: they are real headers with real work.
const main: ChainFacts = {
  chain: 'main',
  genesis: GENESIS.bitcoin,
  height: 961_700,
  headerHeight: 961_700,
  tipHash: GENESIS.bitcoin,
  tipHeader: header(`01000000${zero}${merkleRoot}29ab5f49ffff001d1dac2b7c`),
  downloading: false,
  blockAtFork: '00'.repeat(32) as BlockHash,
};
const regtest: ChainFacts = {
  ...main,
  chain: 'regtest',
  genesis: GENESIS.regtest,
  tipHash: GENESIS.regtest,
  tipHeader: header(`01000000${zero}${merkleRoot}dae5494dffff7f2002000000`),
  downloading: true,
  blockAtFork: undefined,
};
const mainTipMs = 1_231_006_505_000;

test.each<[string, ChainFacts, Network, number, object]>([
  ['a fresh main chain', main, 'bitcoin', mainTipMs + HOUR_MS, { kind: 'trusted', warning: undefined }],
  [
    'below the height of the fork',
    { ...main, blockAtFork: undefined },
    'bitcoin',
    mainTipMs,
    { kind: 'trusted', warning: undefined },
  ],
  [
    'a tip of three hours',
    main,
    'bitcoin',
    mainTipMs + 3 * HOUR_MS,
    { kind: 'trusted', warning: expect.stringContaining('961700, is 3.0 hours old') },
  ],
  [
    'a tip of seven hours',
    main,
    'bitcoin',
    mainTipMs + 7 * HOUR_MS,
    { kind: 'not-ready', reason: expect.stringContaining('7.0 hours old') },
  ],
  [
    'a clock that is late',
    main,
    'bitcoin',
    mainTipMs - 3 * HOUR_MS,
    { kind: 'trusted', warning: expect.stringContaining('clock') },
  ],
  [
    'a node that still downloads',
    { ...main, downloading: true, height: 10 },
    'bitcoin',
    mainTipMs,
    { kind: 'not-ready', reason: 'still downloading the chain: block 10 of 961700' },
  ],
  ['a regtest chain with an old tip', regtest, 'regtest', Date.UTC(2040, 0), { kind: 'trusted', warning: undefined }],
  ['another network', main, 'testnet4', mainTipMs, { kind: 'wrong', reason: 'expected the chain "testnet4", got "main"' }],
  ['play money for real', regtest, 'bitcoin', mainTipMs, { kind: 'wrong', reason: 'expected the chain "main", got "regtest"' }],
  [
    'another genesis',
    { ...main, genesis: GENESIS.signet },
    'bitcoin',
    mainTipMs,
    { kind: 'wrong', reason: expect.stringContaining(`got ${GENESIS.signet}`) },
  ],
  [
    'the chain that left Bitcoin',
    { ...main, blockAtFork: FORKED_BLOCK },
    'bitcoin',
    mainTipMs,
    { kind: 'wrong', reason: expect.stringContaining('left it at block 961640') },
  ],
  [
    'other headers',
    { ...main, tipHeader: new Uint8Array(164) },
    'bitcoin',
    mainTipMs,
    { kind: 'wrong', reason: 'block 961700: expected a header of 80 bytes, got 164' },
  ],
  [
    'another chain that still downloads is wrong, not late',
    { ...main, downloading: true, blockAtFork: FORKED_BLOCK },
    'bitcoin',
    mainTipMs,
    { kind: 'wrong', reason: expect.any(String) },
  ],
])('judgeChain: %s', (_, facts, network, now, verdict) => {
  expect(judgeChain(facts, network, epochMs(now))).toEqual(verdict);
});
