/** Whether a gateway may be relied on now, and why not. */
import type { Health } from '../api/health-routes.ts';
import type { ChainSource } from '../chain/source.ts';
import type { Watcher, WatcherStatus } from '../chain/watcher.ts';
import { isoDate, type EpochMs } from '../kernel/clock.ts';

/** How long a good reading of the chain may be relied on. */
const GOOD_FOR_MS = 60_000;

/** What is known of the chain, from the last reading of it. */
export function healthOf(source: ChainSource, { status }: Watcher, now: EpochMs): Health {
  const trouble = status.trouble ?? lateness(status, now);
  return {
    ready: trouble === undefined,
    chain: {
      source: source.name,
      network: source.network,
      height: status.tip?.height ?? null,
      synced_at: status.syncedAt === undefined ? null : isoDate(status.syncedAt),
      trouble: trouble ?? null,
      concerns: status.concerns.map(({ kind, says }) => ({ kind, says })),
      reading: status.reading ?? null,
    },
  };
}

/** Why the last good reading can no longer be relied on. */
function lateness({ syncedAt, reading }: WatcherStatus, now: EpochMs): string | undefined {
  if (syncedAt !== undefined && now - syncedAt <= GOOD_FOR_MS) return undefined;
  const since = syncedAt === undefined ? 'since the start' : `for ${Math.round((now - syncedAt) / 1000)} s`;
  const progress =
    reading === undefined
      ? ''
      : `: ${reading.read} of ${reading.of} blocks are read, ${reading.fetched} of them fetched from the node's peers`;
  return `the chain has not been read to its tip ${since}${progress}`;
}
