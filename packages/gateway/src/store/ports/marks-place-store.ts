import type { EpochMs } from '../../kernel/clock.ts';

/** Where the marks file is that this database was last served with. */
export interface MarksPlaceStore {
  get(): Promise<MarksPlace | undefined>;
  put(place: MarksPlace): Promise<void>;
}

export interface MarksPlace {
  /** Absolute. */
  readonly path: string;
  /** When a start found no marks file although the database had been served with one; null when none ever did. */
  readonly missingAt: EpochMs | null;
}
