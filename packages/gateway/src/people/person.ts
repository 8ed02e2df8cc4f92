/** Somebody who uses the panel. */
import type { EpochMs } from '../kernel/clock.ts';
import type { MerchantId, PersonId, PosId } from '../kernel/ids.ts';
import type { Role } from './role.ts';

export interface Person {
  readonly id: PersonId;
  /** Unique; the person logs in with it. Lower case. */
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly scope: PersonScope;
  /** BCP 47; null: as the browser prefers. */
  readonly language: string | null;
  readonly createdAt: EpochMs;
  /** Null while the person may log in. */
  readonly disabledAt: EpochMs | null;
}

/** The POS that a person sees: all, or those that are named and those of the merchants that are named. */
export type PersonScope =
  { readonly kind: 'all' } | { readonly kind: 'some'; readonly merchants: readonly MerchantId[]; readonly pos: readonly PosId[] };
