import type { PosId } from '../kernel/ids.ts';
import type { Zone } from '../kernel/time/zone.ts';

/** What the rows of a report need beside their records. */
export interface ReportNames {
  readonly zone: Zone;
  readonly posName: (id: PosId) => string;
  /** Null without a merchant. */
  readonly merchantName: (id: PosId) => string | null;
}
