import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import { sampleOrder, storedPos } from '../../../../../test/support/samples.ts';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts';
import { openSqlStore } from '../../sql-store.ts';
import { CheckpointThread, PAGES_PER_CHECKPOINT, PAGES_WITH_THREAD } from './checkpoint-thread.ts';
import { sqliteDialect } from './sqlite.ts';

const WAIT = { timeout: 60_000 };

/** Stores orders, and returns the size of the database's file before, and a function that returns it now. */
async function sizes(
  checkpointThread: boolean,
): Promise<{ before: number; open: () => Promise<number>; close: () => Promise<void> }> {
  const path = join(await temporaryFolder(), 'webpos.db');
  const store = await openSqlStore(sqliteDialect(path, { checkpointThread }));
  const size = async (): Promise<number> => (await stat(path)).size;
  const pos = await storedPos(store);
  const before = await size();
  for (let batch = 0; batch < 10; batch += 1)
    await store.transaction((tx) => tx.orders.insert(...Array.from({ length: 200 }, () => sampleOrder(pos))));
  return {
    before,
    open: size,
    close: () => store.close(),
  };
}

test('the log is copied into the database while the store is open, long before it is so large that the writer does it', async () => {
  const { before, open, close } = await sizes(true);
  await vi.waitFor(async () => expect(await open()).toBeGreaterThan(before + 100_000), WAIT);
  await close();
});

test('a store without the thread leaves the log as it is until then', async () => {
  const { before, open, close } = await sizes(false);
  expect(await open()).toBe(before);
  await close();
});

test('the writer makes the checkpoints itself when the thread has ended', async () => {
  const limits: number[] = [];
  const workers: Worker[] = [];
  const program = `require('node:worker_threads').parentPort.on('message', () => require('node:worker_threads').parentPort.postMessage('done'))`;
  const thread = new CheckpointThread({
    path: 'unused',
    limitLog: (pages) => void limits.push(pages),
    startWorker: () => {
      workers.push(new Worker(program, { eval: true }));
      return workers.at(-1)!;
    },
  });
  thread.committed(999);
  expect(workers).toEqual([]);
  thread.committed(1_000);
  await vi.waitFor(() => expect(limits).toEqual([PAGES_WITH_THREAD]), WAIT);
  await workers[0]!.terminate();
  await vi.waitFor(() => expect(limits).toEqual([PAGES_WITH_THREAD, PAGES_PER_CHECKPOINT]), WAIT);
  thread.committed(5_000);
  expect(workers).toHaveLength(1);
  await thread.close();
});

test('a thread that cannot open the database leaves the checkpoints to the writer', async () => {
  const limits: number[] = [];
  const path = join(await temporaryFolder(), 'missing', 'webpos.db');
  const thread = new CheckpointThread({ path, limitLog: (pages) => void limits.push(pages) });
  thread.committed(1_000);
  await vi.waitFor(() => expect(limits).toEqual([PAGES_PER_CHECKPOINT]), WAIT);
  await thread.close();
});

test('a thread that the system refuses to start leaves the checkpoints to the writer', async () => {
  const limits: number[] = [];
  let started = 0;
  const thread = new CheckpointThread({
    path: 'unused',
    limitLog: (pages) => void limits.push(pages),
    startWorker: () => {
      started += 1;
      throw new Error('ERR_WORKER_INIT_FAILED: EAGAIN');
    },
  });
  thread.committed(1_000);
  thread.committed(5_000);
  expect({ limits, started }).toEqual({ limits: [PAGES_PER_CHECKPOINT], started: 1 });
  await thread.close();
});
