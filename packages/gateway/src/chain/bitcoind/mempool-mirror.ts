/**
 * The ids of the node's mempool, kept by its ZMQ `sequence` messages, so that a new transaction costs one message and not the
 * whole list, which a full mempool makes 20 MB.
 *
 * The list (`getrawmempool false true`) is taken anew with every block, because transactions that a block takes along are not
 * told of one by one; when messages were lost; when the node counts other than we do; and once a minute in any case. Between
 * two lists, messages are applied that are younger than the last one, as its `mempool_sequence` says. So a message that is lost,
 * late or a lie costs time and never a payment: a mirror that cannot be trusted is a list.
 *
 * Format of the messages: `doc/zmq.md` of Bitcoin Core.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseBlockHash, parseTxid, type BlockHash, type Txid } from '../../kernel/chain.ts';
import { SourceUnavailableError, type MempoolIds } from '../source.ts';
import { asArray, asInteger, asRecord, parsedBy } from './answer-parts.ts';
import { resultOf, type NodeRpc } from './rpc.ts';
import type { SequenceMessage } from './sequence-message.ts';

export interface MempoolMirrorOptions {
  readonly rpc: NodeRpc;
  /** Milliseconds that only grow. */
  readonly nowMs: () => number;
  /** After how long the list is taken anew though nothing seems amiss. Default 60 s. */
  readonly reconcileMs?: number;
  /** How long messages may be on their way, before they are taken for lost. Default 100 ms. */
  readonly patienceMs?: number;
}

/** One list, and all that has changed since. */
interface Listed {
  readonly tip: BlockHash;
  readonly takenAtMs: number;
  readonly ids: Set<Txid>;
  readonly added: Txid[];
  readonly removed: Txid[];
  /** The number of the next message. */
  nextSequence: number;
  /** What the node said of its mempool when we last agreed, and how many messages had come by then. */
  agreed: { readonly figures: string; readonly messages: number };
  messages: number;
  /** How many ids there were since the node was last asked. */
  leastSize: number;
  mostSize: number;
}

interface Figures {
  readonly tip: BlockHash;
  readonly size: number;
  readonly text: string;
}

const MOST_BUFFERED = 100_000;
const LISTING_TRIES = 3;

export class MempoolMirror {
  readonly #options: MempoolMirrorOptions;
  #listed: Listed | undefined;
  /** Whether messages come: without them every reading is a list. */
  #live = false;
  /** Messages that come while a list is on its way. */
  #buffer: SequenceMessage[] | undefined;
  #onMessage: (() => void) | undefined;
  /** How often the whole list was asked for, for whoever wants to know what this saves. */
  lists = 0;

  constructor(options: MempoolMirrorOptions) {
    this.#options = options;
  }

  /** The publisher can be heard, from now on. */
  connected(): void {
    this.#live = true;
    this.#forget();
  }

  /** Messages were lost. */
  lost(): void {
    this.#forget();
  }

  /** The publisher cannot be heard any more. */
  disconnected(): void {
    this.#live = false;
    this.#forget();
  }

  /** Takes the next message, in the order of their coming. */
  take(message: SequenceMessage): void {
    if (!this.#live) this.connected();
    if (this.#buffer !== undefined) {
      if (this.#buffer.length >= MOST_BUFFERED) this.#forget();
      else this.#buffer.push(message);
    } else if (this.#listed !== undefined && !apply(this.#listed, message)) {
      this.#listed = undefined;
    }
    this.#onMessage?.();
  }

  /** The mempool as it is now. @throws SourceUnavailableError while the node still reads its mempool from disk. */
  async read(signal: AbortSignal): Promise<MempoolIds> {
    return (await this.#agreed(signal)) ?? (await this.#list(signal));
  }

  /** What the messages have made of the last list, if the node agrees that this is its mempool. */
  async #agreed(signal: AbortSignal): Promise<MempoolIds | undefined> {
    const { nowMs, reconcileMs = 60_000, patienceMs = 100 } = this.#options;
    const listed = this.#listed;
    if (!this.#live || listed === undefined || nowMs() - listed.takenAtMs > reconcileMs) return undefined;
    listed.leastSize = listed.mostSize = listed.ids.size;
    const figures = await this.#figures(signal);
    const untilMs = nowMs() + patienceMs;
    while (this.#listed === listed && listed.tip === figures.tip) {
      const isComplete = listed.leastSize <= figures.size && figures.size <= listed.mostSize;
      if (isComplete && (figures.text === listed.agreed.figures || listed.messages > listed.agreed.messages)) {
        listed.agreed = { figures: figures.text, messages: listed.messages };
        return readingOf(listed);
      }
      const leftMs = untilMs - nowMs();
      if (leftMs <= 0) {
        // Nothing came though something had to: until the publisher is heard again, we do not wait for it.
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
        // A block between the two: whether the list is from before it or after, nobody can tell.
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
      throw new SourceUnavailableError(`bitcoind at ${rpc.origin} still reads its mempool from disk`);
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

  #forget(): void {
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
    // Where the two differ, the mempool moved between them: the next figures are compared with what will then have come.
    agreed: { figures: ids.size === size ? text : '', messages: ids.size === size ? 0 : -1 },
    messages: 0,
    leastSize: ids.size,
    mostSize: ids.size,
  };
}

/** Changes the list as a message says; answers false when the list cannot be kept any more. */
function apply(listed: Listed, message: SequenceMessage): boolean {
  if (message.kind === 'block') return message.hash === listed.tip;
  if (message.sequence < listed.nextSequence) return true;
  // Between two blocks the numbers have no gap: one means that a message was lost.
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
  listed.leastSize = Math.min(listed.leastSize, listed.ids.size);
  listed.mostSize = Math.max(listed.mostSize, listed.ids.size);
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
  has(txid: Txid): boolean {
    return this.#listed.ids.has(txid);
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
