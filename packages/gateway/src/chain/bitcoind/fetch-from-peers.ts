/**
 * Recovers a block that a pruned node has deleted: asks the node to fetch it from one of its peers (`getblockfrompeer`), and from
 * another peer when that one does not send it. The node stores such a block until it prunes again. The reader checks it like any
 * other block.
 */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlockHash, BlockRef } from '../../kernel/chain.ts';
import { BlockMissingError } from '../source.ts';
import { asArray, asRecord } from './rpc/answer-parts.ts';
import { fetchBlock } from './fetch-block.ts';
import type { NodeLog } from './node-log.ts';
import { RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc } from './rpc/rpc.ts';

export interface PeerBlocksOptions {
  readonly rpc: NodeRpc;
  readonly log: NodeLog;
  /** How long a peer may take to send a block. Default 20 s. */
  readonly peerTimeoutMs?: number | undefined;
}

/** How many peers are asked for one block before this attempt gives up. */
const MAX_PEERS = 8;
/** How often to check whether a block has arrived: quickly at first, then at growing intervals. */
const FIRST_LOOK_MS = 10;
const MAX_LOOK_MS = 250;
/** Max number of failed peers that are remembered. */
const MAX_FAILURES = 1000;

export class PeerBlocks {
  readonly #options: PeerBlocksOptions;
  /** Failures by peer. Peers with fewer failures are asked first. */
  readonly #failures = new BoundedCache<number, number>({ maxEntries: MAX_FAILURES, evict: 'all' });
  #turn = 0;
  #fetched = 0;

  constructor(options: PeerBlocksOptions) {
    this.#options = options;
  }

  /** Counts the peers that could send a block of this height. */
  async peers(height: number, signal: AbortSignal): Promise<number> {
    return (await this.#candidates(height, signal)).length;
  }

  /**
   * Fetches a block that the node has pruned.
   *
   * @throws BlockMissingError when no peer has sent it.
   */
  async fetch({ height, hash }: BlockRef, signal: AbortSignal): Promise<Uint8Array> {
    const { rpc, log } = this.#options;
    const peers = (await this.#candidates(height, signal)).slice(0, MAX_PEERS);
    const reasons: string[] = [];
    for (const peer of peers) {
      const outcome = await this.#ask(peer, hash, signal);
      if (typeof outcome !== 'string') {
        this.#failures.delete(peer);
        if (this.#fetched++ === 0) log.info(`bitcoind at ${rpc.origin}: blocks that it has pruned are fetched from its peers`);
        return outcome;
      }
      reasons.push(`peer ${peer}: ${outcome}`);
      this.#failures.set(peer, (this.#failures.get(peer) ?? 0) + 1);
    }
    throw new BlockMissingError(
      `bitcoind at ${rpc.origin} has pruned block ${height} (${hash}), and ` +
        (peers.length === 0
          ? 'none of its peers keeps the whole chain: connect it to one that does (addnode), '
          : `its peers did not send it (${reasons.join('; ')}), `) +
        'or give up what is in the blocks in between: webpos chain restart-at --help',
    );
  }

  /** Peers that should have a block of this height: those with the fewest failures first, in rotation among equals. */
  async #candidates(height: number, signal: AbortSignal): Promise<readonly number[]> {
    const peers = asArray(await this.#options.rpc.call('getpeerinfo', [], signal), 'getpeerinfo').flatMap((each) => {
      const { id, servicesnames: services, synced_headers: headers, startingheight } = asRecord(each, 'getpeerinfo');
      const keepsAll = Array.isArray(services) && services.includes('NETWORK') && services.includes('WITNESS');
      const reaches = [headers, startingheight].some((known) => typeof known === 'number' && known >= height);
      return keepsAll && reaches && Number.isSafeInteger(id) ? [id as number] : [];
    });
    const turn = this.#turn++ % Math.max(1, peers.length);
    const byTurns = [...peers.slice(turn), ...peers.slice(0, turn)];
    const failures = (peer: number): number => this.#failures.get(peer) ?? 0;
    return byTurns.sort((a, b) => failures(a) - failures(b));
  }

  /** Returns the block, or the reason why it did not arrive. */
  async #ask(peer: number, hash: BlockHash, signal: AbortSignal): Promise<Uint8Array | string> {
    const { rpc, peerTimeoutMs = 20_000 } = this.#options;
    try {
      await rpc.call('getblockfrompeer', [hash, peer], signal);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      // "Block already downloaded": it has arrived in the meantime, from this peer or another.
      if (!/already downloaded/i.test(error.message)) return error.message;
    }
    const untilMs = performance.now() + peerTimeoutMs;
    for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_LOOK_MS)) {
      try {
        return await fetchBlock(rpc, hash, signal);
      } catch (error) {
        if (!(error instanceof BlockMissingError)) throw error;
        if (performance.now() > untilMs) return `sent nothing within ${peerTimeoutMs} ms`;
      }
      await sleep(pauseMs, undefined, { signal });
    }
  }
}
