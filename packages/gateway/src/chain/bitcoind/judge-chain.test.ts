import { expect, test } from 'vitest';
import type { BlockHash, Network } from '../../kernel/chain.ts';
import { epochMs } from '../../kernel/clock.ts';
import { FORKED_BLOCK, GENESIS } from '../view/chain-identity.ts';
import { judgeChain, type ChainFacts } from './judge-chain.ts';
import type { RelayFacts } from './judge-relay.ts';
import { HOUR_MS } from '../../kernel/durations.ts';

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
  blockAtHeight: GENESIS.bitcoin,
  downloading: false,
  relay: { takesTransactions: true, connections: 10, outboundConnections: 10, minFeeRateSatPerVb: 1 },
  blockAtFork: '00'.repeat(32) as BlockHash,
};
const regtest: ChainFacts = {
  ...main,
  chain: 'regtest',
  genesis: GENESIS.regtest,
  tipHash: GENESIS.regtest,
  blockAtHeight: GENESIS.regtest,
  relay: { ...main.relay, connections: 0, outboundConnections: 0 },
  tipHeader: header(`01000000${zero}${merkleRoot}dae5494dffff7f2002000000`),
  downloading: true,
  blockAtFork: undefined,
};
const mainTipMs = 1_231_006_505_000;
const USABLE = { kind: 'usable', concerns: [] };
const concern = (kind: string, blind: boolean, says: string, more: object = {}): object => ({
  kind: 'usable',
  concerns: [{ kind, blind, says: expect.stringContaining(says), ...more }],
});

const withRelay = (relay: Partial<RelayFacts>): ChainFacts => ({ ...main, relay: { ...main.relay, ...relay } });

test.each<[string, ChainFacts, Network, number, object]>([
  ['a fresh main chain', main, 'bitcoin', mainTipMs + HOUR_MS, USABLE],
  ['below the height of the fork', { ...main, blockAtFork: undefined }, 'bitcoin', mainTipMs, USABLE],
  ['a tip of three hours', main, 'bitcoin', mainTipMs + 3 * HOUR_MS, concern('old_tip', false, '961700, is 3.0 hours old')],
  [
    'a tip of seven hours',
    main,
    'bitcoin',
    mainTipMs + 7 * HOUR_MS,
    concern('stale_tip', true, '7.0 hours old', { since: mainTipMs }),
  ],
  ['a slow clock', main, 'bitcoin', mainTipMs - 3 * HOUR_MS, concern('clock', false, 'clock')],
  [
    'a node that is still downloading',
    { ...main, downloading: true, height: 10 },
    'bitcoin',
    mainTipMs,
    { kind: 'not-ready', reason: 'still downloading the chain: block 10 of 961700' },
  ],
  [
    'fewer headers than blocks',
    { ...main, headerHeight: 10 },
    'bitcoin',
    mainTipMs,
    { kind: 'not-ready', reason: 'it has 961700 blocks and only 10 headers' },
  ],
  [
    'a best block that its own chain does not have',
    { ...main, blockAtHeight: GENESIS.signet },
    'bitcoin',
    mainTipMs,
    { kind: 'not-ready', reason: expect.stringContaining(`its chain has ${GENESIS.signet} there`) },
  ],
  [
    'a best block above its own chain',
    { ...main, blockAtHeight: undefined },
    'bitcoin',
    mainTipMs,
    { kind: 'not-ready', reason: expect.stringContaining('its chain has no block there') },
  ],
  [
    'blocksonly',
    withRelay({ takesTransactions: false }),
    'bitcoin',
    mainTipMs,
    concern('blocks_only', true, 'remove blocksonly=1'),
  ],
  [
    'blocksonly on regtest',
    { ...regtest, relay: { ...regtest.relay, takesTransactions: false } },
    'regtest',
    mainTipMs,
    concern('blocks_only', true, 'remove blocksonly=1'),
  ],
  [
    'no peers',
    withRelay({ connections: 0, outboundConnections: 0 }),
    'bitcoin',
    mainTipMs,
    concern('no_peers', true, 'it has no peers'),
  ],
  [
    'inbound peers only',
    withRelay({ connections: 3, outboundConnections: 0 }),
    'bitcoin',
    mainTipMs,
    concern('no_outbound_peers', false, 'opened by its peers'),
  ],
  [
    'a raised minimum fee',
    withRelay({ minFeeRateSatPerVb: 12.5 }),
    'bitcoin',
    mainTipMs,
    concern('mempool_min_fee', false, '12.5 sat/vB'),
  ],
  ['a common minimum fee', withRelay({ minFeeRateSatPerVb: 4.9 }), 'bitcoin', mainTipMs, USABLE],
  [
    'a node that reports neither peers nor fees',
    withRelay({
      takesTransactions: undefined,
      connections: undefined,
      outboundConnections: undefined,
      minFeeRateSatPerVb: undefined,
    }),
    'bitcoin',
    mainTipMs,
    USABLE,
  ],
  ['a regtest chain with an old tip', regtest, 'regtest', Date.UTC(2040, 0), USABLE],
  ['another network', main, 'testnet4', mainTipMs, { kind: 'wrong', reason: 'expected the chain "testnet4", got "main"' }],
  [
    'test coins instead of real ones',
    regtest,
    'bitcoin',
    mainTipMs,
    { kind: 'wrong', reason: 'expected the chain "main", got "regtest"' },
  ],
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
    'another chain that is still downloading is wrong, not just unready',
    { ...main, downloading: true, blockAtFork: FORKED_BLOCK },
    'bitcoin',
    mainTipMs,
    { kind: 'wrong', reason: expect.any(String) },
  ],
])('a chain is judged: %s', (_, facts, network, now, verdict) => {
  expect(judgeChain(facts, { network, now: epochMs(now) })).toEqual(verdict);
});
