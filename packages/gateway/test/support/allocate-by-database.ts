import type { IndexAllocator } from '../../src/services/addresses/index-allocator.ts';

/** Indexes by the database alone, for tests that are not about restored ones. */
export const ALLOCATE_BY_DATABASE: IndexAllocator = {
  take: (id, _count, work) => work((tx, count) => tx.accounts.takeIndexes(id, count)),
};
