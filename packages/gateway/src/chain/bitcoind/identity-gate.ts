/** Asks a node what it is, before any money is watched on it: see `judge-chain.ts` for what it must be. */
import { parseBlockHash, type BlockHash, type Network } from '../../kernel/chain.ts';
import type { Clock } from '../../kernel/clock.ts';
import { SourceUnavailableError, WrongChainError } from '../source.ts';
import { asBytes, asInteger, asRecord, asText, parsedBy } from './answer-parts.ts';
import { FORK_HEIGHT, judgeChain, type ChainFacts, type TipAgeLimits } from './judge-chain.ts';
import type { NodeLog } from './node-log.ts';
import { RPC_CODE } from './rpc-error.ts';
import { resultOf, type NodeRpc } from './rpc.ts';

export interface IdentityGateOptions {
  readonly rpc: NodeRpc;
  readonly network: Network;
  readonly clock: Clock;
  readonly log: NodeLog;
  /** Default: `TIP_AGE_LIMITS` of the network. */
  readonly tipAgeLimits?: TipAgeLimits;
}

/** @throws WrongChainError when the node serves another chain; SourceUnavailableError when it cannot be used now. */
export type IdentityGate = (signal: AbortSignal) => Promise<void>;

export function createIdentityGate(options: IdentityGateOptions): IdentityGate {
  const { rpc, network, clock, log } = options;
  return async (signal) => {
    const facts = await chainFacts(rpc, network, signal);
    const verdict = judgeChain(facts, network, clock.now(), options.tipAgeLimits);
    const node = `bitcoind at ${rpc.origin}`;
    switch (verdict.kind) {
      case 'wrong':
        throw new WrongChainError(`${node} is not on the network "${network}": ${verdict.reason}`);
      case 'not-ready':
        throw new SourceUnavailableError(`${node} is not ready: ${verdict.reason}`);
      case 'trusted':
        if (verdict.warning !== undefined) log.warn(`${node}: ${verdict.warning}`);
    }
  };
}

async function chainFacts(rpc: NodeRpc, network: Network, signal: AbortSignal): Promise<ChainFacts> {
  const answer = asRecord(await rpc.call('getblockchaininfo', [], signal), 'getblockchaininfo');
  const height = asInteger(answer['blocks'], 'getblockchaininfo: blocks');
  const tipHash = parsedBy(parseBlockHash, answer['bestblockhash'], 'getblockchaininfo: bestblockhash');
  const [genesis, header, fork] = await rpc.batch(
    [
      { method: 'getblockhash', params: [0] },
      { method: 'getblockheader', params: [tipHash, false] },
      ...(network === 'bitcoin' && height >= FORK_HEIGHT ? [{ method: 'getblockhash', params: [FORK_HEIGHT] }] : []),
    ],
    signal,
  );
  return {
    chain: asText(answer['chain'], 'getblockchaininfo: chain'),
    genesis: blockHash(resultOf(genesis)),
    height,
    tipHash,
    tipHeader: asBytes(resultOf(header), 'getblockheader'),
    headerHeight: asInteger(answer['headers'], 'getblockchaininfo: headers'),
    downloading: answer['initialblockdownload'] === true,
    // The chain may have become shorter since the first answer: then the block is not in it.
    blockAtFork:
      fork === undefined || (fork.kind === 'error' && fork.error.code === RPC_CODE.outOfRange)
        ? undefined
        : blockHash(resultOf(fork)),
  };
}

function blockHash(result: unknown): BlockHash {
  return parsedBy(parseBlockHash, result, 'getblockhash');
}
