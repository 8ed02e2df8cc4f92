import type { EpochMs } from '../../kernel/clock.ts';

/** The path of the marks file that this database was last served with. */
export interface MarksPlaceStore {
  get(): Promise<MarksPlace | undefined>;
  put(place: MarksPlace): Promise<void>;
}

export interface MarksPlace {
  /** The absolute path. */
  readonly path: string;
  /** When a start found the marks file missing, although the database had been served with one; null if that never happened. */
  readonly missingAt: EpochMs | null;
}
