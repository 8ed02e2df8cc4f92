/** What a process that does not lead knows of the chain: what the leader has stored with its lease. */
import type { SourceConcern } from '../../chain/source-concern.ts';
import type { WatcherStatus } from '../../chain/watcher.ts';
import type { BlockHash, BlockRef } from '../../kernel/chain.ts';
import { plusMs, type Clock, type EpochMs } from '../../kernel/clock.ts';
import type { StoredLease } from '../../store/ports/leader/lease-store.ts';

/** How a leader sees the chain. */
export interface LeaderStatus {
  readonly status: WatcherStatus;
  readonly mempoolSize: number;
  readonly watchedScripts: number;
}

/**
 * For so long after the end of a lease, the others count as well: one of them takes over, and they hand out the addresses that are ready.
 */
const TAKEOVER_MS = 12_000;

/** Formats a status for other processes. Times are ages, because the clocks of processes differ. */
export function leaderStatusText({ status, mempoolSize, watchedScripts }: LeaderStatus, now: EpochMs): string {
  const { syncedAt, tip, trouble, concerns, reading } = status;
  return JSON.stringify({
    synced_age_ms: syncedAt === undefined ? null : now - syncedAt,
    tip: tip === undefined ? null : { height: tip.height, hash: tip.hash },
    trouble: trouble ?? null,
    concerns: concerns.map(({ kind, blind, says }) => ({ kind, blind, says })),
    reading: reading ?? null,
    mempool_size: mempoolSize,
    watched_scripts: watchedScripts,
  });
}

/** What {@link leaderStatusText} has written. A leader of another version may leave out what this one knows. */
export interface StatusJson {
  readonly synced_age_ms?: number | null;
  readonly tip?: { readonly height: number; readonly hash: string } | null;
  readonly trouble?: string | null;
  readonly concerns?: readonly SourceConcern[];
  readonly reading?: WatcherStatus['reading'] | null;
  readonly mempool_size?: number;
  readonly watched_scripts?: number;
}

interface Seen {
  readonly lease: StoredLease;
  readonly json: StatusJson;
  readonly atMs: number;
}

export interface LeaderViewOptions {
  readonly clock: Clock;
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number;
}

export class LeaderView {
  readonly #options: LeaderViewOptions;
  #seen: Seen | undefined;
  #waiting: { readonly since: EpochMs; readonly resolve: () => void }[] = [];

  constructor(options: LeaderViewOptions) {
    this.#options = options;
  }

  /** Takes note of a lease that was just read. */
  see(lease: StoredLease): void {
    this.#seen = { lease, json: leaderStatusOf(lease.status), atMs: this.#options.nowMs() };
    const { syncedAt } = this.status;
    if (syncedAt === undefined) return;
    const reached = this.#waiting.filter(({ since }) => since <= syncedAt);
    this.#waiting = this.#waiting.filter(({ since }) => since > syncedAt);
    for (const { resolve } of reached) resolve();
  }

  /** The last term that was seen; 0 before the first. */
  get term(): number {
    return this.#seen?.lease.term ?? 0;
  }

  get status(): WatcherStatus {
    const seen = this.#seen;
    if (seen === undefined) return { syncedAt: undefined, tip: undefined, trouble: undefined, concerns: [], reading: undefined };
    const { lease, json } = seen;
    const sinceMs = this.#options.nowMs() - seen.atMs;
    const overMs = sinceMs - lease.validMs;
    const syncedAgeMs = json.synced_age_ms ?? undefined;
    return {
      syncedAt:
        syncedAgeMs === undefined
          ? undefined
          : plusMs(this.#options.clock.now(), -Math.round(syncedAgeMs + lease.statusAgeMs + sinceMs)),
      tip: tipOf(json),
      trouble: overMs > TAKEOVER_MS ? 'no process follows the chain' : (json.trouble ?? undefined),
      concerns: json.concerns ?? [],
      reading: json.reading ?? undefined,
    };
  }

  get mempoolSize(): number {
    return this.#seen?.json.mempool_size ?? 0;
  }

  get watchedScripts(): number {
    return this.#seen?.json.watched_scripts ?? 0;
  }

  /** Resolves when the leader has read the chain at a time after this call. */
  caughtUp(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const waiting = { since: this.#options.clock.now(), resolve };
      this.#waiting.push(waiting);
      signal.addEventListener(
        'abort',
        () => {
          this.#waiting = this.#waiting.filter((one) => one !== waiting);
          reject(signal.reason as Error);
        },
        { once: true },
      );
    });
  }
}

/** What cannot be read says nothing: it must not keep a process from taking over. */
export function leaderStatusOf(text: string | undefined): StatusJson {
  try {
    const json: unknown = JSON.parse(text ?? '{}');
    return typeof json === 'object' && json !== null ? json : {};
  } catch {
    return {};
  }
}

function tipOf({ tip }: StatusJson): BlockRef | undefined {
  return tip === undefined || tip === null ? undefined : { height: tip.height, hash: tip.hash as BlockHash };
}
