import type { MerchantId, PosId } from '../../kernel/ids.ts';
import type { PersonScope } from '../../people/person.ts';
import type { StoreReads } from '../../store/ports/store.ts';

/** What a scope names and does not exist. */
export type ScopeGap = { readonly kind: 'pos'; readonly id: PosId } | { readonly kind: 'merchant'; readonly id: MerchantId };

/** Returns the first POS or merchant of a scope that does not exist; undefined if all do. */
export async function scopeGap(store: Pick<StoreReads, 'pos' | 'merchants'>, scope: PersonScope): Promise<ScopeGap | undefined> {
  if (scope.kind === 'all') return undefined;
  for (const id of scope.pos) if ((await store.pos.get(id)) === undefined) return { kind: 'pos', id };
  for (const id of scope.merchants) if ((await store.merchants.get(id)) === undefined) return { kind: 'merchant', id };
  return undefined;
}
