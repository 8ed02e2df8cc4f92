/** Which process leads, for operators. */
import type { Store } from '../../store/ports/store.ts';
import { leaderStatusOf } from './leader-view.ts';

export interface LeaderFacts {
  readonly term: number;
  /** Undefined if no process follows the chain. */
  readonly process: LeadingProcess | undefined;
}

export interface LeadingProcess {
  readonly name: string;
  /** How long ago it read the chain to its tip; undefined if it has not yet. */
  readonly readAgeMs: number | undefined;
  /** How many scripts it watches; undefined if it does not say. */
  readonly watchedScripts: number | undefined;
}

/** @returns undefined if only one process has ever served the database. */
export async function readLeader({ lease }: Pick<Store, 'lease'>): Promise<LeaderFacts | undefined> {
  const { holder, term, validMs, status, statusAgeMs } = await lease.read();
  if (term === 0) return undefined;
  if (holder === undefined || validMs <= 0) return { term, process: undefined };
  const { synced_age_ms: ageMs, watched_scripts: watchedScripts } = leaderStatusOf(status);
  const readAgeMs = typeof ageMs === 'number' ? ageMs + statusAgeMs : undefined;
  // The name of the takeover is for the database alone.
  const [name = holder] = holder.split(' ');
  return { term, process: { name, readAgeMs, watchedScripts } };
}

export interface DescribedLeader {
  /** Whether a process follows the chain. */
  readonly isLed: boolean;
  readonly says: string;
}

/** Describes the leader for commands. @returns undefined if only one process has ever served the database. */
export async function describeLeader(store: Pick<Store, 'lease'>): Promise<DescribedLeader | undefined> {
  const leader = await readLeader(store);
  if (leader === undefined) return undefined;
  const { term, process } = leader;
  if (process === undefined)
    return {
      isLed: false,
      says: `no process has followed the chain since term ${term} ended; the next one that serves begins at once`,
    };
  const { name, readAgeMs, watchedScripts } = process;
  const read =
    readAgeMs === undefined ? 'has not read the chain to its tip yet' : `read the chain ${Math.round(readAgeMs / 1000)} s ago`;
  const watched = watchedScripts === undefined ? '' : `; it watches ${watchedScripts} scripts`;
  return { isLed: true, says: `process ${name} leads in term ${term}, and ${read}${watched}` };
}
