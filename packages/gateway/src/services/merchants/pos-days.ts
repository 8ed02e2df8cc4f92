/** The days of POS: those of their merchants' time zones. A POS without a merchant has the days of UTC. */
import type { EpochMs } from '../../kernel/clock.ts';
import type { PosId } from '../../kernel/ids.ts';
import { Zone } from '../../kernel/time/zone.ts';
import { DEFAULT_TIME_ZONE } from '../../merchants/merchant.ts';
import type { StoreReads } from '../../store/ports/store.ts';

export class PosDays {
  readonly #names: ReadonlyMap<PosId, string>;
  readonly #zones = new Map<string, Zone>();

  private constructor(names: ReadonlyMap<PosId, string>) {
    this.#names = names;
  }

  static async read({ pos, merchants }: Pick<StoreReads, 'pos' | 'merchants'>): Promise<PosDays> {
    const zones = new Map((await merchants.list()).map(({ id, timeZone }) => [id, timeZone]));
    const all = await pos.list();
    return new PosDays(
      new Map(all.map(({ id, merchantId }) => [id, (merchantId && zones.get(merchantId)) ?? DEFAULT_TIME_ZONE])),
    );
  }

  zoneOf(id: PosId): Zone {
    const name = this.#names.get(id) ?? DEFAULT_TIME_ZONE;
    const zone = this.#zones.get(name) ?? new Zone(name);
    this.#zones.set(name, zone);
    return zone;
  }

  /** Returns the zone that some POS have; UTC if they have several. `undefined`: of all. */
  commonZone(ids: Iterable<PosId> | undefined): Zone {
    const zones = new Set([...(ids ?? this.#names.keys())].map((id) => this.zoneOf(id)));
    const [only] = zones;
    return zones.size === 1 && only !== undefined ? only : new Zone(DEFAULT_TIME_ZONE);
  }

  /** Returns when the day of a POS began that it is now. */
  todayOf(id: PosId, now: EpochMs): EpochMs {
    const zone = this.zoneOf(id);
    return zone.startOf(zone.dayOf(now));
  }

  /** Returns when the first of the present days of some POS began; undefined: of all. */
  earliestToday(ids: Iterable<PosId> | undefined, now: EpochMs): EpochMs {
    const starts = new Map<string, EpochMs>();
    for (const id of ids ?? this.#names.keys()) {
      const { name } = this.zoneOf(id);
      if (!starts.has(name)) starts.set(name, this.todayOf(id, now));
    }
    return [...starts.values()].reduce((first, start) => (start < first ? start : first), now);
  }
}
