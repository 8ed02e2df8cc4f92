/**
 * Mirrors the transaction ids of the node's mempool from its ZMQ `sequence` messages, so that a new transaction costs one message
 * instead of the whole list, which is 20 MB for a full mempool.
 *
 * The list (`getrawmempool false true`) is fetched again with every block, because no messages are sent for the transactions that
 * a block removes; when messages were lost; when the node's count differs from ours; and at least once a minute. Between two
 * lists, messages are applied that are newer than the last list, according to its `mempool_sequence`. A message that is lost,
 * late or false costs time and never a payment, because an untrusted mirror falls back to the list.
 *
 * Message format: `doc/zmq.md` of Bitcoin Core.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseBlockHash, parseTxid, type BlockHash, type Txid } from '../../kernel/chain.ts';
import { SourceUnavailableError, type MempoolIds, type MempoolPlace } from '../source.ts';
import { asArray, asInteger, asRecord, parsedBy } from './rpc/answer-parts.ts';
import { resultOf, type NodeRpc } from './rpc/rpc.ts';
import type { SequenceMessage } from './zmq/sequence-message.ts';

export interface MempoolMirrorOptions {
  readonly rpc: NodeRpc;
  /** A monotonic clock in milliseconds. */
  readonly nowMs: () => number;
  /** How old the list may become before it is fetched again although nothing seems wrong. Default 60 s. */
  readonly reconcileMs?: number;
  /** How long messages may take to arrive before they are considered lost. Default 100 ms. */
  readonly patienceMs?: number;
}

/** One list, and all changes since. */
interface Listed {
  readonly tip: BlockHash;
  readonly takenAtMs: number;
  readonly ids: Set<Txid>;
  readonly added: Txid[];
  readonly removed: Txid[];
  /** The number of the next message. */
  nextSequence: number;
  /** The mempool totals that the node reported when we last agreed, and how many messages had arrived by then. */
  agreed: { readonly figures: string; readonly messages: number };
  messages: number;
  /** The smallest and largest number of ids since the last call to the node. */
  minSize: number;
  maxSize: number;
}

interface Figures {
  readonly tip: BlockHash;
  readonly size: number;
  readonly text: string;
}

const MAX_BUFFERED = 100_000;
const LISTING_TRIES = 3;

export class MempoolMirror {
  readonly #options: MempoolMirrorOptions;
  #listed: Listed | undefined;
  /** Whether messages arrive. Without them, every reading fetches the list. */
  #live = false;
  /** Messages that arrive while a list is being fetched. */
  #buffer: SequenceMessage[] | undefined;
  #onMessage: (() => void) | undefined;
  /** How often the whole list was fetched, to measure what the mirror saves. */
  lists = 0;

  constructor(options: MempoolMirrorOptions) {
    this.#options = options;
  }

  /** Messages of the publisher arrive from now on. */
  connected(): void {
    this.#live = true;
    this.#reset();
  }

  /** Messages were lost. */
  lost(): void {
    this.#reset();
  }

  /** Messages of the publisher no longer arrive. */
  disconnected(): void {
    this.#live = false;
    this.#reset();
  }

  /** Applies the next message, in order of arrival. */
  take(message: SequenceMessage): void {
    if (!this.#live) this.connected();
    if (this.#buffer !== undefined) {
      if (this.#buffer.length >= MAX_BUFFERED) this.#reset();
      else this.#buffer.push(message);
    } else if (this.#listed !== undefined && !apply(this.#listed, message)) {
      this.#listed = undefined;
    }
    this.#onMessage?.();
  }

  /** Reads the current mempool. @throws SourceUnavailableError while the node is still loading its mempool from disk. */
  async read(signal: AbortSignal): Promise<MempoolIds> {
    return (await this.#agreed(signal)) ?? (await this.#list(signal));
  }

  /** Returns the last list with all messages applied, if the node's totals agree with it. */
  async #agreed(signal: AbortSignal): Promise<MempoolIds | undefined> {
    const { nowMs, reconcileMs = 60_000, patienceMs = 100 } = this.#options;
    const listed = this.#listed;
    if (!this.#live || listed === undefined || nowMs() - listed.takenAtMs > reconcileMs) return undefined;
    listed.minSize = listed.maxSize = listed.ids.size;
    const figures = await this.#figures(signal);
    const untilMs = nowMs() + patienceMs;
    while (this.#listed === listed && listed.tip === figures.tip) {
      const isComplete = listed.minSize <= figures.size && figures.size <= listed.maxSize;
      if (isComplete && (figures.text === listed.agreed.figures || listed.messages > listed.agreed.messages)) {
        listed.agreed = { figures: figures.text, messages: listed.messages };
        return readingOf(listed);
      }
      const leftMs = untilMs - nowMs();
      if (leftMs <= 0) {
        // A message was due and none arrived: stop waiting for the publisher until it is heard again.
        if (listed.messages === listed.agreed.messages) this.#live = false;
        return undefined;
      }
      await this.#nextMessage(leftMs, signal);
    }
    return undefined;
  }

  async #list(signal: AbortSignal): Promise<MempoolIds> {
    const { rpc, nowMs } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const buffer: SequenceMessage[] = [];
      this.#buffer = buffer;
      this.lists += 1;
      try {
        const before = await this.#figures(signal);
        const [list, tip] = await rpc.batch(
          [
            { method: 'getrawmempool', params: [false, true] },
            { method: 'getbestblockhash', params: [] },
          ],
          signal,
        );
        // A block arrived between the calls, and the list may be from before or after it.
        if (parsedBy(parseBlockHash, resultOf(tip), 'getbestblockhash') !== before.tip && attempt < LISTING_TRIES) continue;
        const listed = listedOf(resultOf(list), before, nowMs());
        const isWhole = this.#buffer === buffer && buffer.every((message) => apply(listed, message));
        this.#listed = isWhole && this.#live ? listed : undefined;
        return readingOf(listed);
      } finally {
        this.#buffer = undefined;
      }
    }
  }

  async #figures(signal: AbortSignal): Promise<Figures> {
    const { rpc } = this.#options;
    const [tip, info] = await rpc.batch(
      [
        { method: 'getbestblockhash', params: [] },
        { method: 'getmempoolinfo', params: [] },
      ],
      signal,
    );
    const figures = asRecord(resultOf(info), 'getmempoolinfo');
    if (figures['loaded'] === false) {
      throw new SourceUnavailableError(`bitcoind at ${rpc.origin} is still loading its mempool from disk`);
    }
    return {
      tip: parsedBy(parseBlockHash, resultOf(tip), 'getbestblockhash'),
      size: asInteger(figures['size'], 'getmempoolinfo: size'),
      text: JSON.stringify([figures['size'], figures['bytes'], figures['total_fee']]),
    };
  }

  async #nextMessage(forMs: number, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const stop = (): void => waiting.abort();
    this.#onMessage = stop;
    signal.addEventListener('abort', stop, { once: true });
    await sleep(forMs, undefined, { signal: waiting.signal }).catch(() => undefined);
    signal.removeEventListener('abort', stop);
    this.#onMessage = undefined;
    signal.throwIfAborted();
  }

  #reset(): void {
    this.#listed = undefined;
    if (this.#buffer !== undefined) this.#buffer = [];
  }
}

function listedOf(answer: unknown, { size, text, tip }: Figures, takenAtMs: number): Listed {
  const { txids, mempool_sequence: sequence } = asRecord(answer, 'getrawmempool');
  const ids = new Set(asArray(txids, 'getrawmempool').map((id) => parsedBy(parseTxid, id, 'getrawmempool')));
  return {
    tip,
    takenAtMs,
    ids,
    added: [],
    removed: [],
    nextSequence: asInteger(sequence, 'getrawmempool: mempool_sequence'),
    // If the two differ, the mempool changed between the calls. The next totals are then compared with the messages received by
    // that time.
    agreed: { figures: ids.size === size ? text : '', messages: ids.size === size ? 0 : -1 },
    messages: 0,
    minSize: ids.size,
    maxSize: ids.size,
  };
}

/** Applies a message to the list. Returns false when the list can no longer be used. */
function apply(listed: Listed, message: SequenceMessage): boolean {
  if (message.kind === 'block') return message.hash === listed.tip;
  if (message.sequence < listed.nextSequence) return true;
  // Between two blocks the numbers have no gaps, so a gap means that a message was lost.
  if (message.sequence > listed.nextSequence) return false;
  listed.nextSequence += 1;
  listed.messages += 1;
  if (message.kind === 'added') {
    listed.ids.add(message.txid);
    listed.added.push(message.txid);
  } else {
    listed.ids.delete(message.txid);
    listed.removed.push(message.txid);
  }
  listed.minSize = Math.min(listed.minSize, listed.ids.size);
  listed.maxSize = Math.max(listed.maxSize, listed.ids.size);
  return true;
}

class Reading implements MempoolIds {
  readonly #listed: Listed;
  readonly #added: number;
  readonly #removed: number;

  constructor(listed: Listed) {
    this.#listed = listed;
    this.#added = listed.added.length;
    this.#removed = listed.removed.length;
  }

  get size(): number {
    return this.#listed.ids.size;
  }
  /** Each node has a mempool of its own: a transaction that this one has dropped or never received may be in all others. */
  placeOf(txid: Txid): MempoolPlace {
    return this.#listed.ids.has(txid) ? 'waiting' : 'unknown';
  }
  [Symbol.iterator](): Iterator<Txid> {
    return this.#listed.ids[Symbol.iterator]();
  }
  changesSince(earlier: MempoolIds): { added: readonly Txid[]; removed: readonly Txid[] } | undefined {
    if (!(earlier instanceof Reading) || earlier.#listed !== this.#listed) return undefined;
    const { added, removed } = this.#listed;
    return { added: added.slice(earlier.#added, this.#added), removed: removed.slice(earlier.#removed, this.#removed) };
  }
}

function readingOf(listed: Listed): MempoolIds {
  return new Reading(listed);
}
