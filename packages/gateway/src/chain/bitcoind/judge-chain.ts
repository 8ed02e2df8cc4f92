/**
 * Says whether what a node told about itself is the chain that we were told, and whether it can be used now. Another
 * chain is never a matter of waiting, so that question comes first.
 */
import type { BlockHash, Network } from '../../kernel/chain.ts';
import type { EpochMs } from '../../kernel/clock.ts';
import { headerFault, timeOfHeaderS } from './block-header.ts';

/** What a node says of itself. */
export interface ChainFacts {
  /** `chain` of getblockchaininfo. */
  readonly chain: string;
  readonly genesis: BlockHash;
  readonly height: number;
  readonly tipHash: BlockHash;
  readonly tipHeader: Uint8Array;
  /** The height of the best header, at least `height`. */
  readonly headerHeight: number;
  readonly downloading: boolean;
  /** The block at {@link FORK_HEIGHT}; undefined below that height, and may be left out on other networks than the main one. */
  readonly blockAtFork: BlockHash | undefined;
}

export type ChainVerdict =
  | { readonly kind: 'trusted'; readonly warning: string | undefined }
  | { readonly kind: 'wrong'; readonly reason: string }
  | { readonly kind: 'not-ready'; readonly reason: string };

/** How old a tip may be, in milliseconds. */
export interface TipAgeLimits {
  readonly warnMs: number;
  readonly refuseMs: number;
}

/** What bitcoind calls each network (`ChainTypeToString` in bitcoin/bitcoin). */
const CHAIN_NAME: Record<Network, string> = {
  bitcoin: 'main',
  testnet4: 'testnet4',
  signet: 'signet',
  regtest: 'regtest',
};

/** The first block of each network. */
export const GENESIS: Record<Network, BlockHash> = {
  bitcoin: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f' as BlockHash,
  testnet4: '00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043' as BlockHash,
  signet: '00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6' as BlockHash,
  regtest: '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206' as BlockHash,
};

/** Where the chain of Bitcoin Knots left Bitcoin in 2026, and its first block there. */
export const FORK_HEIGHT = 961_640;
export const FORKED_BLOCK: BlockHash = '0000000000000050c1e5f69672f459293be14f46e5a494e7a8c8541396f18eeb' as BlockHash;

const HOUR_MS = 3_600_000;
const NEVER: TipAgeLimits = { warnMs: Infinity, refuseMs: Infinity };

/**
 * At the main network's pace, two hours without a block come about every third year (e^-12 for each block), six hours never.
 * Test networks do stand still at times, and on regtest a block comes when a person asks for one.
 */
const TIP_AGE_LIMITS: Record<Network, TipAgeLimits> = {
  bitcoin: { warnMs: 2 * HOUR_MS, refuseMs: 6 * HOUR_MS },
  testnet4: { warnMs: 6 * HOUR_MS, refuseMs: Infinity },
  signet: { warnMs: 6 * HOUR_MS, refuseMs: Infinity },
  regtest: NEVER,
};

/** Judges the facts at the time `now`. */
export function judgeChain(
  facts: ChainFacts,
  network: Network,
  now: EpochMs,
  limits: TipAgeLimits = TIP_AGE_LIMITS[network],
): ChainVerdict {
  const strange = strangeness(facts, network);
  if (strange !== undefined) return { kind: 'wrong', reason: strange };
  // A regtest node says that it downloads whenever its tip is old.
  if (facts.downloading && network !== 'regtest') {
    return { kind: 'not-ready', reason: `still downloading the chain: block ${facts.height} of ${facts.headerHeight}` };
  }
  const ageMs = now - timeOfHeaderS(facts.tipHeader) * 1000;
  const age = `its last block, ${facts.height}, is ${(ageMs / HOUR_MS).toFixed(1)} hours old`;
  if (ageMs > limits.refuseMs)
    return { kind: 'not-ready', reason: `${age}: is the node connected to others, and the clock here right?` };
  if (ageMs > limits.warnMs) return { kind: 'trusted', warning: age };
  // Consensus lets a block be two hours ahead; more means that the clock here is late.
  return {
    kind: 'trusted',
    warning: ageMs < -2 * HOUR_MS && network !== 'regtest' ? `${age}: is the clock here right?` : undefined,
  };
}

function strangeness(facts: ChainFacts, network: Network): string | undefined {
  if (facts.chain !== CHAIN_NAME[network])
    return `expected the chain "${CHAIN_NAME[network]}", got ${JSON.stringify(facts.chain.slice(0, 40))}`;
  if (facts.genesis !== GENESIS[network]) return `expected the genesis block ${GENESIS[network]}, got ${facts.genesis}`;
  if (network === 'bitcoin' && facts.blockAtFork === FORKED_BLOCK) {
    return `expected Bitcoin, got the chain that left it at block ${FORK_HEIGHT} with ${FORKED_BLOCK}`;
  }
  const fault = headerFault(facts.tipHeader, facts.tipHash, network);
  return fault === undefined ? undefined : `block ${facts.height}: ${fault}`;
}
