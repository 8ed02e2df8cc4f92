/** The health of a gateway: whether it can be relied on now, and if not, why. */
import type { Health } from '../api/health-routes.ts';
import type { WatcherStatus } from '../chain/watcher.ts';
import type { ChainView } from './roles/role.ts';
import { isoDate, type EpochMs } from '../kernel/clock.ts';

/** How long a successful round of the watcher can be relied on. */
const MAX_AGE_MS = 60_000;

/** Returns the health according to the last round of the watcher, here or in the process that leads. */
export function healthOf({ source, status }: ChainView, now: EpochMs): Health {
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

/** Returns why the last successful round can no longer be relied on; undefined if it can. */
function lateness({ syncedAt, reading }: WatcherStatus, now: EpochMs): string | undefined {
  if (syncedAt !== undefined && now - syncedAt <= MAX_AGE_MS) return undefined;
  const since = syncedAt === undefined ? 'since startup' : `for ${Math.round((now - syncedAt) / 1000)} s`;
  const progress =
    reading === undefined
      ? ''
      : `: ${reading.read} of ${reading.of} blocks have been read, ${reading.fetched} of them fetched from the node's peers`;
  return `the chain has not been read to its tip ${since}${progress}`;
}
