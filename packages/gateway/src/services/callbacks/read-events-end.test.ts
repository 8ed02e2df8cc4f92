import { expect, it } from 'vitest';
import { NOON, sampleCallback, sampleOrder, samplePos, sampleAccount } from '../../../test/support/samples.ts';
import { plusMs } from '../../kernel/clock.ts';
import type { FeedEnd } from '../../store/ports/callback-store.ts';
import type { Store } from '../../store/ports/store.ts';
import { readEventsEnd } from './read-events.ts';

const pos = samplePos(sampleAccount());
const callback = { ...sampleCallback(sampleOrder(pos)), sequence: 0, attempts: 0, wantedAt: plusMs(NOON, 0) };

/** A store whose feed needs this number of transactions to reach its end. */
function storeThatNeeds(transactions: number): { store: Store; limits: number[] } {
  const limits: number[] = [];
  const feedEnd = (_pos: unknown, limit: number): Promise<FeedEnd> => {
    limits.push(limit);
    const newest = { position: 7, id: callback.id };
    return Promise.resolve(limits.length < transactions ? { isReached: false } : { isReached: true, newest });
  };
  const transaction = (work: (tx: object) => unknown): unknown => work({ callbacks: { feedEnd } });
  return { store: { transaction } as never, limits };
}

it('finds the end of a long feed that was never read, in several short transactions', async () => {
  const { store, limits } = storeThatNeeds(10);
  const found = await readEventsEnd({ store }, pos.id);
  expect(found).toEqual({ events: [], next: expect.not.stringMatching(/^end$/) as string, has_more: false });
  expect(limits).toEqual(Array.from({ length: 10 }, () => 1000));
});

it('asks the client to repeat the request if one is not enough for a long feed', async () => {
  const { store, limits } = storeThatNeeds(11);
  expect(await readEventsEnd({ store }, pos.id)).toEqual({ events: [], next: 'end', has_more: true });
  expect(await readEventsEnd({ store }, pos.id)).toMatchObject({ has_more: false });
  expect(limits).toHaveLength(11);
});
