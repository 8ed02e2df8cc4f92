/**
 * Checks the node's identity and condition, before any money is watched on it and regularly from then on. `judge-chain.ts` has
 * the criteria.
 */
import { parseBlockHash, type BlockHash, type Network } from '../../kernel/chain.ts';
import type { Clock } from '../../kernel/clock.ts';
import { SourceUnavailableError, WrongChainError } from '../source.ts';
import type { SourceConcern } from '../source-concern.ts';
import { FORK_HEIGHT } from '../view/chain-identity.ts';
import type { TipAgeLimits } from '../view/tip-age.ts';
import { asBytes, asInteger, asRecord, asText, parsedBy } from './rpc/answer-parts.ts';
import { judgeChain, type ChainFacts } from './judge-chain.ts';
import type { RelayFacts } from './judge-relay.ts';
import type { RpcOutcome } from './rpc/rpc-answer.ts';
import { RPC_CODE } from './rpc/rpc-error.ts';
import { resultOf, type NodeRpc } from './rpc/rpc.ts';

export interface IdentityGateOptions {
  readonly rpc: NodeRpc;
  readonly network: Network;
  readonly clock: Clock;
  /** Default: `TIP_AGE_LIMITS` of the network. */
  readonly tipAgeLimits?: TipAgeLimits | undefined;
  /** Whether a node without peers is considered blind. Default: true, except on regtest. */
  readonly needsPeers?: boolean | undefined;
}

/**
 * Returns what may hide payments from the node.
 *
 * @throws WrongChainError when the node serves another chain; SourceUnavailableError when it cannot be used now.
 */
export type IdentityGate = (signal: AbortSignal) => Promise<readonly SourceConcern[]>;

export function createIdentityGate({ rpc, network, clock, ...limits }: IdentityGateOptions): IdentityGate {
  return async (signal) => {
    let facts = await chainFacts(rpc, network, signal);
    // A reorganisation between the two calls no longer shows on a second reading; a real contradiction does.
    if (facts.blockAtHeight !== facts.tipHash) facts = await chainFacts(rpc, network, signal);
    const verdict = judgeChain(facts, { network, now: clock.now(), ...limits });
    const node = `bitcoind at ${rpc.origin}`;
    switch (verdict.kind) {
      case 'wrong':
        throw new WrongChainError(`${node} is not on the network "${network}": ${verdict.reason}`);
      case 'not-ready':
        throw new SourceUnavailableError(`${node} is not ready: ${verdict.reason}`);
      case 'usable':
        return verdict.concerns.map((concern) => ({ ...concern, says: `${node}: ${concern.says}` }));
    }
  };
}

async function chainFacts(rpc: NodeRpc, network: Network, signal: AbortSignal): Promise<ChainFacts> {
  const answer = asRecord(await rpc.call('getblockchaininfo', [], signal), 'getblockchaininfo');
  const height = asInteger(answer['blocks'], 'getblockchaininfo: blocks');
  const tipHash = parsedBy(parseBlockHash, answer['bestblockhash'], 'getblockchaininfo: bestblockhash');
  const [genesis, atHeight, header, networkInfo, mempoolInfo, fork] = await rpc.batch(
    [
      { method: 'getblockhash', params: [0] },
      { method: 'getblockhash', params: [height] },
      { method: 'getblockheader', params: [tipHash, false] },
      { method: 'getnetworkinfo', params: [] },
      { method: 'getmempoolinfo', params: [] },
      ...(network === 'bitcoin' && height >= FORK_HEIGHT ? [{ method: 'getblockhash', params: [FORK_HEIGHT] }] : []),
    ],
    signal,
  );
  return {
    chain: asText(answer['chain'], 'getblockchaininfo: chain'),
    genesis: parsedBy(parseBlockHash, resultOf(genesis), 'getblockhash'),
    height,
    tipHash,
    tipHeader: asBytes(resultOf(header), 'getblockheader'),
    blockAtHeight: blockHashIn(atHeight),
    headerHeight: asInteger(answer['headers'], 'getblockchaininfo: headers'),
    downloading: answer['initialblockdownload'] === true,
    // The chain may have become shorter since the first answer, so that it no longer includes this block.
    blockAtFork: fork === undefined ? undefined : blockHashIn(fork),
    relay: relayFacts(networkInfo, mempoolInfo),
  };
}

/** Undefined above the tip. */
function blockHashIn(outcome: RpcOutcome | undefined): BlockHash | undefined {
  if (outcome?.kind === 'error' && outcome.error.code === RPC_CODE.outOfRange) return undefined;
  return parsedBy(parseBlockHash, resultOf(outcome), 'getblockhash');
}

function relayFacts(networkInfo: RpcOutcome | undefined, mempoolInfo: RpcOutcome | undefined): RelayFacts {
  const network = recordIn(networkInfo, 'getnetworkinfo');
  const minFee = recordIn(mempoolInfo, 'getmempoolinfo')['mempoolminfee'];
  const takesTransactions = network['localrelay'];
  return {
    takesTransactions: typeof takesTransactions === 'boolean' ? takesTransactions : undefined,
    connections: countIn(network['connections']),
    outboundConnections: countIn(network['connections_out']),
    // BTC per 1,000 virtual bytes, as a float: precise enough for a limit, and not the amount of a payment.
    minFeeRateSatPerVb: typeof minFee === 'number' && Number.isFinite(minFee) ? Math.round(minFee * 1e8) / 1000 : undefined,
  };
}

/** Empty when the node does not support the call. */
function recordIn(outcome: RpcOutcome | undefined, what: string): Record<string, unknown> {
  return outcome?.kind === 'result' ? asRecord(outcome.result, what) : {};
}

function countIn(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}
