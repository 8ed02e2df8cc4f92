/**
 * Decides from what a node reports about itself whether it serves the expected chain, whether it can be used now, and what may
 * hide payments from it. The chain is checked first, because waiting never turns a wrong chain into the right one.
 */
import type { BlockHash, Network } from '../../kernel/chain.ts';
import { epochMs, type EpochMs } from '../../kernel/clock.ts';
import type { SourceConcern } from '../source-concern.ts';
import { headerFault, timeOfHeaderS } from '../view/block-header.ts';
import { FORK_HEIGHT, FORKED_BLOCK, GENESIS } from '../view/chain-identity.ts';
import { TIP_AGE_LIMITS, type TipAgeLimits } from '../view/tip-age.ts';
import { WORK_RULES } from '../view/work-rules.ts';
import { judgeRelay, type RelayFacts } from './judge-relay.ts';
import { HOUR_MS } from '../../kernel/durations.ts';

/** What a node reports about itself. */
export interface ChainFacts {
  /** `chain` of getblockchaininfo. */
  readonly chain: string;
  readonly genesis: BlockHash;
  readonly height: number;
  readonly tipHash: BlockHash;
  readonly tipHeader: Uint8Array;
  /** The block at `height`, from a separate call; undefined if the node has none. */
  readonly blockAtHeight: BlockHash | undefined;
  /** The height of the best header, at least `height`. */
  readonly headerHeight: number;
  readonly downloading: boolean;
  /** The block at {@link FORK_HEIGHT}. Undefined below that height, and optional on networks other than mainnet. */
  readonly blockAtFork: BlockHash | undefined;
  readonly relay: RelayFacts;
}

export type ChainVerdict =
  | { readonly kind: 'usable'; readonly concerns: readonly SourceConcern[] }
  | { readonly kind: 'wrong'; readonly reason: string }
  /** The fault may resolve by itself. */
  | { readonly kind: 'not-ready'; readonly reason: string };

/** bitcoind's name of each network (`ChainTypeToString` in bitcoin/bitcoin). */
const CHAIN_NAME: Record<Network, string> = {
  bitcoin: 'main',
  testnet4: 'testnet4',
  signet: 'signet',
  regtest: 'regtest',
};

export interface JudgedBy {
  readonly network: Network;
  readonly now: EpochMs;
  /** Default: those of the network. */
  readonly tipAgeLimits?: TipAgeLimits | undefined;
  /**
   * Whether a node without peers is considered blind. Default: true, except on regtest, where one node is often the whole
   * network.
   */
  readonly needsPeers?: boolean | undefined;
}

export function judgeChain(facts: ChainFacts, by: JudgedBy): ChainVerdict {
  const { network } = by;
  const strange = strangeness(facts, network);
  if (strange !== undefined) return { kind: 'wrong', reason: strange };
  const contradiction = selfContradiction(facts);
  if (contradiction !== undefined) return { kind: 'not-ready', reason: contradiction };
  // A regtest node reports an initial download whenever its tip is old.
  if (facts.downloading && network !== 'regtest') {
    return { kind: 'not-ready', reason: `still downloading the chain: block ${facts.height} of ${facts.headerHeight}` };
  }
  const relay = judgeRelay(facts.relay, by.needsPeers ?? network !== 'regtest');
  return { kind: 'usable', concerns: [...judgeAge(facts, by), ...relay] };
}

function strangeness(facts: ChainFacts, network: Network): string | undefined {
  if (facts.chain !== CHAIN_NAME[network])
    return `expected the chain "${CHAIN_NAME[network]}", got ${JSON.stringify(facts.chain.slice(0, 40))}`;
  if (facts.genesis !== GENESIS[network]) return `expected the genesis block ${GENESIS[network]}, got ${facts.genesis}`;
  if (network === 'bitcoin' && facts.blockAtFork === FORKED_BLOCK) {
    return `expected Bitcoin, got the chain that left it at block ${FORK_HEIGHT} with ${FORKED_BLOCK}`;
  }
  const fault = headerFault(facts.tipHeader, facts.tipHash, WORK_RULES[network]);
  return fault === undefined ? undefined : `block ${facts.height}: ${fault}`;
}

/** If the answers contradict each other, they come from two nodes behind one address, or not from a node at all. */
function selfContradiction({ height, headerHeight, tipHash, blockAtHeight }: ChainFacts): string | undefined {
  if (headerHeight < height) return `it has ${height} blocks and only ${headerHeight} headers`;
  if (blockAtHeight === tipHash) return undefined;
  return `its best block is ${tipHash} at height ${height}, and its chain has ${blockAtHeight ?? 'no block'} there: do several nodes answer at this address?`;
}

function judgeAge({ height, tipHeader }: ChainFacts, { network, now, tipAgeLimits }: JudgedBy): SourceConcern[] {
  const limits = tipAgeLimits ?? TIP_AGE_LIMITS[network];
  const madeAtMs = timeOfHeaderS(tipHeader) * 1000;
  const ageMs = now - madeAtMs;
  const says = `its last block, ${height}, is ${(ageMs / HOUR_MS).toFixed(1)} hours old`;
  if (ageMs > limits.staleMs) {
    const advice = 'is the node connected to peers, and is the clock here right?';
    return [{ kind: 'stale_tip', blind: true, since: epochMs(madeAtMs), says: `${says}: ${advice}` }];
  }
  if (ageMs > limits.warnMs) return [{ kind: 'old_tip', blind: false, says }];
  // Consensus allows a block time up to two hours in the future; more than that means that the clock here is slow.
  if (ageMs < -2 * HOUR_MS && network !== 'regtest')
    return [{ kind: 'clock', blind: false, says: `${says}: is the clock here right?` }];
  return [];
}
