/**
 * The chain as a Bitcoin node of the operator's tells it, over its JSON-RPC. Needs neither a wallet nor a transaction
 * index in the node; works with a pruned one as long as it keeps the blocks since we last looked.
 */
import type { Network } from '../../kernel/chain.ts';
import { systemClock, type Clock } from '../../kernel/clock.ts';
import { SourceUnavailableError, type ChainSource } from '../source.ts';
import { pollForChange, waitForBlocks } from './change-loops.ts';
import { fetchBlock } from './fetch-block.ts';
import { fetchBlockAt, fetchTip } from './fetch-position.ts';
import { fetchMempoolTransactions } from './fetch-mempool.ts';
import { createIdentityGate } from './identity-gate.ts';
import type { TipAgeLimits } from './judge-chain.ts';
import { MempoolMirror } from './mempool-mirror.ts';
import type { NodeLog } from './node-log.ts';
import { RpcError } from './rpc-error.ts';
import { createNodeRpc, type NodeRpcOptions } from './rpc.ts';
import { readSequenceMessage } from './sequence-message.ts';
import { parseZmtpEndpoint } from './zmtp-endpoint.ts';
import { subscribeZmtp } from './zmtp-subscriber.ts';

export interface BitcoindSourceOptions extends NodeRpcOptions {
  readonly network: Network;
  /** `tcp://host:port` of the node's `-zmqpubsequence`: wakes within milliseconds. */
  readonly zmqSequence?: string;
  /** How often to look for a change by asking, which alone suffices. Default 500 ms. */
  readonly pollIntervalMs?: number;
  /** Also let the node hold a call until a block comes; takes one of its threads. Default false. */
  readonly longPoll?: boolean;
  /** How old the tip may be. Default: what is usual on the network. */
  readonly tipAgeLimits?: TipAgeLimits;
  readonly log?: NodeLog;
  readonly clock?: Clock;
}

const SILENT: NodeLog = { info: () => undefined, warn: () => undefined };

/**
 * A source that connects when first asked, and then as needed.
 *
 * @throws RangeError when the URL or the ZMQ endpoint is none; the message never holds the password.
 * @example createBitcoindSource({ url: 'http://127.0.0.1:8332', cookieFile: '/var/lib/bitcoind/.cookie', network: 'bitcoin' })
 */
export function createBitcoindSource(options: BitcoindSourceOptions): ChainSource {
  const { network, log = SILENT, pollIntervalMs = 500 } = options;
  const zmqSequence = options.zmqSequence === undefined ? undefined : parseZmtpEndpoint(options.zmqSequence);
  const rpc = createNodeRpc(options);
  const mirror = new MempoolMirror({ rpc, nowMs: () => performance.now() });
  const gate = createIdentityGate({
    rpc,
    network,
    log,
    clock: options.clock ?? systemClock,
    ...(options.tipAgeLimits !== undefined && { tipAgeLimits: options.tipAgeLimits }),
  });

  return {
    name: 'bitcoind',
    network,
    check: (signal) => withPortErrors(gate(signal)),
    tip: (signal) => withPortErrors(fetchTip(rpc, signal)),
    blockAt: (height, signal) => withPortErrors(fetchBlockAt(rpc, height, signal)),
    block: (hash, signal) => withPortErrors(fetchBlock(rpc, hash, signal)),
    mempool: (signal) => withPortErrors(mirror.read(signal)),
    mempoolTransactions: (txids, signal) => withPortErrors(fetchMempoolTransactions(rpc, txids, signal)),
    onChange(wakeGiven, signal) {
      const wake = (): void => {
        if (signal.aborted) return;
        try {
          wakeGiven();
        } catch (error) {
          log.warn(`bitcoind: waking failed: ${error instanceof Error ? error.message : String(error)}`);
        }
      };
      // None of these rejects; each goes on alone when the others are dead.
      void pollForChange(pollIntervalMs, { rpc, wake, signal, log });
      if (options.longPoll === true) void waitForBlocks(pollIntervalMs, { rpc, wake, signal, log });
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
      void subscribeZmtp({ endpoint: zmqSequence, topic: 'sequence', wake, listener, signal, log });
    },
  };
}

/** What the node refuses without a reason that the port knows, it cannot do for us now. */
async function withPortErrors<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof RpcError ? new SourceUnavailableError(error.message, { cause: error }) : error;
  }
}
