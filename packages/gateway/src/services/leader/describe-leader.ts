/** Describes which process leads, for operators. */
import type { Store } from '../../store/ports/store.ts';
import { leaderStatusOf } from './leader-view.ts';

export interface DescribedLeader {
  /** Whether a process follows the chain. */
  readonly isLed: boolean;
  readonly says: string;
}

/** @returns undefined if only one process has ever served the database. */
export async function describeLeader({ lease }: Pick<Store, 'lease'>): Promise<DescribedLeader | undefined> {
  const { holder, term, validMs, status, statusAgeMs } = await lease.read();
  if (term === 0) return undefined;
  if (holder === undefined || validMs <= 0)
    return {
      isLed: false,
      says: `no process has followed the chain since term ${term} ended; the next one that serves begins at once`,
    };
  const { synced_age_ms: ageMs, watched_scripts: scripts } = leaderStatusOf(status);
  const hasRead = typeof ageMs === 'number';
  const read = hasRead
    ? `read the chain ${Math.round((ageMs + statusAgeMs) / 1000)} s ago`
    : 'has not read the chain to its tip yet';
  // The name of the takeover is for the database alone.
  const [name = holder] = holder.split(' ');
  const watched = scripts === undefined ? '' : `; it watches ${scripts} scripts`;
  return { isLed: true, says: `process ${name} leads in term ${term}, and ${read}${watched}` };
}
