/**
 * The chain as read from the operator's own Bitcoin node over JSON-RPC. The node needs no wallet and no transaction index. It may
 * be pruned, as long as it still has the blocks since the last reading.
 */
import { errorMessage } from '../../kernel/error-message.ts';
import type { Network } from '../../kernel/chain.ts';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { SourceUnavailableError, type ChainSource } from '../source.ts';
import type { TipAgeLimits } from '../view/tip-age.ts';
import { pollForChange, waitForBlocks } from './change-loops.ts';
import { fetchBlock } from './fetch-block.ts';
import { fetchHeaders } from './fetch-headers.ts';
import { fetchBlockAt, fetchTip } from './fetch-position.ts';
import { fetchMempoolTransactions } from './fetch-mempool.ts';
import { PeerBlocks } from './fetch-from-peers.ts';
import { fetchFeeRate, fetchUnspent } from './fetch-unspent.ts';
import { fetchSpenders } from './fetch-spenders.ts';
import { createIdentityGate } from './identity-gate.ts';
import { MempoolMirror } from './mempool-mirror.ts';
import type { NodeLog } from './node-log.ts';
import { RpcError } from './rpc/rpc-error.ts';
import { createNodeRpc, type NodeRpc, type NodeRpcOptions } from './rpc/rpc.ts';
import { readSequenceMessage } from './zmq/sequence-message.ts';
import { submitTransaction } from './submit-transaction.ts';
import { parseZmtpEndpoint, type ZmtpEndpoint } from './zmq/zmtp-endpoint.ts';
import { scanScripts } from './scan-scripts.ts';
import { probeZmtp, subscribeZmtp } from './zmq/zmtp-subscriber.ts';

export interface BitcoindSourceOptions extends NodeRpcOptions {
  readonly network: Network;
  /** `tcp://host:port` of the node's `-zmqpubsequence`, which reports a change within milliseconds. */
  readonly zmqSequence?: string;
  /** How often the node is polled for a change. Polling alone is enough. Default 500 ms. */
  readonly pollIntervalMs?: number;
  /** Whether to wait for blocks with a long poll as well, which occupies one of the node's threads. Default false. */
  readonly longPoll?: boolean;
  /** Limits on the age of the tip. Default: those of the network. */
  readonly tipAgeLimits?: TipAgeLimits | undefined;
  /**
   * Whether a node without peers is considered blind. Default: true, except on regtest, where one node is often the whole
   * network.
   */
  readonly needsPeers?: boolean | undefined;
  /** How long a peer may take to send a block that the node has pruned. Default 20 s. */
  readonly peerTimeoutMs?: number | undefined;
  readonly log?: NodeLog;
  readonly clock?: Clock;
}

const SEQUENCE = 'sequence';
const SILENT: NodeLog = { info: () => undefined, warn: () => undefined };

/**
 * Creates a source that connects on first use.
 *
 * @throws RangeError when the URL or the ZMQ endpoint is invalid; the message never contains the password.
 * @example createBitcoindSource({ url: 'http://127.0.0.1:8332', cookieFile: '/var/lib/bitcoind/.cookie', network: 'bitcoin' })
 */
export function createBitcoindSource(options: BitcoindSourceOptions): ChainSource {
  const { network, log = SILENT, pollIntervalMs = 500 } = options;
  const zmqSequence = options.zmqSequence === undefined ? undefined : parseZmtpEndpoint(options.zmqSequence);
  const rpc = createNodeRpc(options);
  const mirror = new MempoolMirror({ rpc, nowMs: () => performance.now() });
  const peerBlocks = new PeerBlocks({ rpc, log, peerTimeoutMs: options.peerTimeoutMs });
  const gate = createIdentityGate({
    rpc,
    network,
    clock: options.clock ?? systemClock,
    tipAgeLimits: options.tipAgeLimits,
    needsPeers: options.needsPeers,
  });

  return {
    name: 'bitcoind',
    network,
    check: (signal) => withPortErrors(gate(signal)),
    tip: (signal) => withPortErrors(fetchTip(rpc, signal)),
    blockAt: (height, signal) => withPortErrors(fetchBlockAt(rpc, height, signal)),
    block: (hash, signal) => withPortErrors(fetchBlock(rpc, hash, signal)),
    unspent: (scripts, scan) => withPortErrors(scanScripts(rpc, scripts, scan)),
    pruned: {
      fetch: (block, signal) => withPortErrors(peerBlocks.fetch(block, signal)),
      peers: (height, signal) => withPortErrors(peerBlocks.peers(height, signal)),
    },
    headers: (from, count, signal) => withPortErrors(fetchHeaders(rpc, from, count, signal)),
    mempool: (signal) => withPortErrors(mirror.read(signal)),
    mempoolTransactions: (txids, signal) => withPortErrors(fetchMempoolTransactions(rpc, txids, signal)),
    spendersOf: (outPoints, signal) => withPortErrors(fetchSpenders(rpc, outPoints, signal)),
    unspentAmong: (outPoints, signal) => withPortErrors(fetchUnspent(rpc, outPoints, signal)),
    feeRate: (signal) => withPortErrors(fetchFeeRate(rpc, signal)),
    submit: (raw, signal) => withPortErrors(submitTransaction(rpc, raw, signal)),
    ...(zmqSequence === undefined
      ? {}
      : { notificationTrouble: (signal: AbortSignal) => probeZmtp({ endpoint: zmqSequence, topic: SEQUENCE, signal, log }) }),
    onChange: (wake, signal) => watchNode({ ...options, rpc, mirror, zmqSequence, log, pollIntervalMs }, wake, signal),
  };
}

interface NodeWatch extends Pick<BitcoindSourceOptions, 'longPoll'> {
  readonly rpc: NodeRpc;
  readonly mirror: MempoolMirror;
  readonly zmqSequence: ZmtpEndpoint | undefined;
  readonly log: NodeLog;
  readonly pollIntervalMs: number;
}

/** Calls `wakeGiven` when the node may have changed: polls, and listens to notifications if they are configured. */
function watchNode(
  { rpc, mirror, zmqSequence, log, pollIntervalMs, longPoll = false }: NodeWatch,
  wakeGiven: () => void,
  signal: AbortSignal,
): void {
  const wake = (): void => {
    if (signal.aborted) return;
    try {
      wakeGiven();
    } catch (error) {
      log.warn(`bitcoind: waking failed: ${errorMessage(error)}`);
    }
  };
  // None of these rejects, and each keeps running when the others fail.
  void pollForChange(pollIntervalMs, { rpc, wake, signal, log });
  if (longPoll) void waitForBlocks(pollIntervalMs, { rpc, wake, signal, log });
  if (zmqSequence === undefined) return;
  const listener = {
    connected: () => mirror.connected(),
    lost: () => mirror.lost(),
    disconnected: () => mirror.disconnected(),
    message: (body: Buffer) => {
      const message = readSequenceMessage(body);
      if (message === undefined) mirror.lost();
      else mirror.take(message);
    },
  };
  void subscribeZmtp({ endpoint: zmqSequence, topic: SEQUENCE, wake, listener, signal, log });
}

/** Reports a refusal that the port has no error for as an unavailable source. */
async function withPortErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof RpcError ? new SourceUnavailableError(error.message, { cause: error }) : error;
  }
}
