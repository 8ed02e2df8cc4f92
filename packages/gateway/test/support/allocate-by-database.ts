import type { IndexAllocator } from '../../src/services/addresses/index-allocator.ts';

/** Allocates indexes from the database alone, without marks, for tests that are not about restored databases. */
export const ALLOCATE_BY_DATABASE: IndexAllocator = {
  take: (id, _count, work) => work((tx, count) => tx.accounts.takeIndexes(id, count)),
};
