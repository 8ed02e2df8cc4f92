/**
 * The pages that follow their order: each has one stream of server-sent events (HTML, 9.2), on which it hears that something
 * has changed, and then asks for itself again. A stream carries no more than that, so that a page that sleeps costs next to nothing.
 *
 * - Anyone who does not read is let go once a few kilobytes wait for it.
 * - When very many orders change at once, as with a block, their pages are told in turns, so that they do not all ask at once.
 * - No more streams are open than leave room for other requests, and no address has more than its share; a page without one asks every
 *   few seconds.
 */
import type { ServerResponse } from 'node:http';
import type { OrderId } from '../../kernel/ids.ts';

export interface OrderStreamsOptions {
  /** How many may be open at once. */
  readonly most: number;
  /** How many of them may belong to one address. Default: all. */
  readonly maxPerAddress?: number;
  readonly beatEveryMs?: number;
}

/** Well within the minute after which proxies, and our own server, take a silent connection for a dead one. */
const BEAT_EVERY_MS = 25_000;
const SLOTS = 25;
const MAX_WAITING_BYTES = 16 * 1024;
const TURN_PAGES = 100;
const TURN_MS = 100;

export class OrderStreams {
  readonly #max: number;
  readonly #maxPerAddress: number;
  readonly #ofAddress = new Map<string, number>();
  readonly #ofOrder = new Map<OrderId, Set<ServerResponse>>();
  /** The last known version of each order that pages are open for. */
  readonly #versions = new Map<OrderId, string>();
  /** All streams, spread over the time between two beats. */
  readonly #slots: readonly Set<ServerResponse>[] = Array.from({ length: SLOTS }, () => new Set<ServerResponse>());
  readonly #toNotify = new Set<OrderId>();
  readonly #beat: NodeJS.Timeout;
  #turn: NodeJS.Timeout | undefined;
  #slot = 0;
  #open = 0;
  #closed = false;

  constructor({ most, maxPerAddress = most, beatEveryMs = BEAT_EVERY_MS }: OrderStreamsOptions) {
    this.#max = most;
    this.#maxPerAddress = maxPerAddress;
    this.#beat = setInterval(() => this.#beatNextSlot(), beatEveryMs / SLOTS).unref();
  }

  get open(): number {
    return this.#open;
  }

  /** Whether one more may be opened, by this address. */
  hasRoom(address: string): boolean {
    return !this.#closed && this.#open < this.#max && (this.#ofAddress.get(address) ?? 0) < this.#maxPerAddress;
  }

  /** @param version Of the order as it is now: a page that shows another one asks again at once. */
  add(id: OrderId, response: ServerResponse, version: string, address: string): void {
    const slot = this.#slots[this.#open % SLOTS] as Set<ServerResponse>;
    const ofOrder = this.#ofOrder.get(id) ?? new Set();
    this.#ofOrder.set(id, ofOrder.add(response));
    slot.add(response);
    this.#open += 1;
    this.#ofAddress.set(address, (this.#ofAddress.get(address) ?? 0) + 1);
    response.once('close', () => {
      this.#open -= 1;
      const left = (this.#ofAddress.get(address) ?? 1) - 1;
      if (left === 0) this.#ofAddress.delete(address);
      else this.#ofAddress.set(address, left);
      slot.delete(response);
      ofOrder.delete(response);
      if (ofOrder.size > 0) return;
      this.#ofOrder.delete(id);
      this.#versions.delete(id);
    });
    write(response, `event: version\ndata: ${version}\n\n`);
    this.noteVersion(id, version);
  }

  /** The orders that pages are open for. */
  openOrders(): OrderId[] {
    return [...this.#ofOrder.keys()];
  }

  /** Notifies the pages of an order if its version is another one than the last known. */
  noteVersion(id: OrderId, version: string): void {
    if (!this.#ofOrder.has(id)) return;
    const known = this.#versions.get(id);
    this.#versions.set(id, version);
    if (known !== undefined && known !== version) this.notify([id]);
  }

  /** Tells the pages of these orders that something has changed. */
  notify(ids: Iterable<OrderId>): void {
    for (const id of ids) if (this.#ofOrder.has(id)) this.#toNotify.add(id);
    if (this.#turn === undefined) this.#notifySome();
  }

  /** Ends every stream, and opens none any more. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#beat);
    clearTimeout(this.#turn);
    for (const slot of this.#slots) for (const response of slot) response.end();
  }

  #notifySome(): void {
    this.#turn = undefined;
    let reported = 0;
    for (const id of this.#toNotify) {
      if (reported >= TURN_PAGES) break;
      this.#toNotify.delete(id);
      for (const response of this.#ofOrder.get(id) ?? []) {
        write(response, 'event: change\ndata:\n\n');
        reported += 1;
      }
    }
    if (this.#toNotify.size > 0) this.#turn = setTimeout(() => this.#notifySome(), TURN_MS).unref();
  }

  #beatNextSlot(): void {
    this.#slot = (this.#slot + 1) % SLOTS;
    for (const response of this.#slots[this.#slot] ?? []) write(response, ':\n\n');
  }
}

function write(response: ServerResponse, text: string): void {
  if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
  else response.write(text);
}
