import { afterEach, expect, test, vi } from 'vitest';
import { countArrival } from '../../kernel/thread/arrivals.ts';
import { parseId, type PosId } from '../../kernel/ids.ts';
import { orderPages } from './report-rows.ts';

const POS = parseId<PosId>('3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f');
const FULL_PAGE = 500;
const PAGES = 4;

afterEach(() => void vi.restoreAllMocks());

/** Reads a report of four full pages. @returns how often it paused. */
async function pausesOf(read: (page: number) => void, inPause = (): void => {}): Promise<number> {
  let pages = 0;
  const rows = { length: FULL_PAGE, at: () => undefined };
  const orders = async (): Promise<unknown> => {
    pages += 1;
    read(pages);
    return pages > PAGES ? { length: 0, at: () => undefined } : rows;
  };
  const { setTimeout } = globalThis;
  const timers = vi.spyOn(globalThis, 'setTimeout').mockImplementation((...timer: Parameters<typeof setTimeout>) => {
    inPause();
    return setTimeout(...timer);
  });
  const store = { reports: { orders } };
  const report = { from: 0, until: 1, pos: new Map([[POS, {}]]) };
  for await (const page of orderPages({ store } as never, report as never, new AbortController().signal)) void page;
  return timers.mock.calls.length;
}

test('a report goes on at once after each page while no request arrives', async () => {
  expect(await pausesOf(() => {})).toBe(0);
});

test('a report pauses after each page during which a request arrived', async () => {
  expect(await pausesOf(countArrival)).toBe(PAGES);
});

test('a report pauses as long as requests arrive in its pauses: who waits for an answer sends none during a page', async () => {
  const arriveFirst = (page: number): void => void (page === 1 && countArrival());
  expect(await pausesOf(arriveFirst, countArrival)).toBe(PAGES);
});

test('a report pauses once for a request that no other follows', async () => {
  expect(await pausesOf((page) => void (page === 1 && countArrival()))).toBe(1);
});
