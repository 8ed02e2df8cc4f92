import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { sampleOrder, storedPos } from '../../../../../test/support/samples.ts';
import { temporaryFolder } from '../../../../../test/support/temporary-folder.ts';
import { openSqlStore } from '../../sql-store.ts';
import { CheckpointThread, NO_CHECKPOINT, PAGES_PER_CHECKPOINT, type CheckpointResult } from './checkpoint-thread.ts';
import { sqliteDialect } from './sqlite.ts';

const WAIT = { timeout: 60_000 };

/** Answers each request with the next result, and with the last one from then on. */
function workerThatAnswers(...results: CheckpointResult[]): Worker {
  const program = `
    const { parentPort, workerData: results } = require('node:worker_threads');
    parentPort.on('message', (message) =>
      message === 'close' ? parentPort.close() : parentPort.postMessage(results.length > 1 ? results.shift() : results[0]));`;
  return new Worker(program, { eval: true, workerData: results });
}

/** Stores orders, and returns the size of the database's file before, and a function that returns it now. */
async function sizes(serves: boolean): Promise<{ before: number; open: () => Promise<number>; close: () => Promise<void> }> {
  const path = join(await temporaryFolder(), 'webpos.db');
  const store = await openSqlStore(sqliteDialect(path, { serves }));
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

test('the log is copied into the database while the store is open', async () => {
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
  const thread = new CheckpointThread({
    path: 'unused',
    limitLog: (pages) => void limits.push(pages),
    startWorker: () => {
      workers.push(workerThatAnswers({ log: 10, checkpointed: 10 }));
      return workers.at(-1)!;
    },
  });
  thread.committed(999);
  expect(workers).toEqual([]);
  thread.committed(1_000);
  await vi.waitFor(() => expect(limits).toEqual([NO_CHECKPOINT]), WAIT);
  await workers[0]!.terminate();
  await vi.waitFor(() => expect(limits).toEqual([NO_CHECKPOINT, PAGES_PER_CHECKPOINT]), WAIT);
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

describe('the writer', () => {
  const asked = async (...results: CheckpointResult[]): Promise<{ thread: CheckpointThread; worker: Worker }> => {
    const worker = workerThatAnswers(...results);
    const thread = new CheckpointThread({ path: 'unused', limitLog: () => {}, startWorker: () => worker });
    thread.committed(1_000);
    await once(worker, 'message');
    return { thread, worker };
  };

  test('pauses when the log is large and not copied to its end, until the thread has copied the rest', async () => {
    const { thread, worker } = await asked({ log: 16_000, checkpointed: 15_000 }, { log: 16_200, checkpointed: 16_200 });
    const paused = thread.pause;
    expect(paused).toBeInstanceOf(Promise);
    await paused;
    expect(thread.pause).toBeUndefined();
    // It may ask for the next checkpoint.
    thread.committed(2_000);
    await once(worker, 'message');
    await thread.close();
  });

  test.each([
    { log: 15_999, checkpointed: 10 },
    { log: 20_000, checkpointed: 20_000 },
  ])('does not pause for a log of $log pages of which $checkpointed are copied', async (result) => {
    const { thread } = await asked(result);
    expect(thread.pause).toBeUndefined();
    await thread.close();
  });

  test('does not pause again soon while a reader keeps the log from beginning again', async () => {
    const kept = (log: number): CheckpointResult => ({ log, checkpointed: 12_000 });
    const { thread, worker } = await asked(kept(16_000), kept(16_000), kept(23_999), kept(24_000));
    await thread.pause;
    thread.committed(2_000);
    await once(worker, 'message');
    expect(thread.pause).toBeUndefined();
    thread.committed(3_000);
    await once(worker, 'message');
    expect(thread.pause).toBeInstanceOf(Promise);
    await thread.pause;
    await thread.close();
  });

  test('goes on when the thread ends', async () => {
    const worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
      let asked = 0;
      parentPort.on('message', () => ((asked += 1) === 1 ? parentPort.postMessage({ log: 16000, checkpointed: 0 }) : process.exit()));`,
      { eval: true },
    );
    const thread = new CheckpointThread({ path: 'unused', limitLog: () => {}, startWorker: () => worker });
    thread.committed(1_000);
    await once(worker, 'message');
    const paused = thread.pause;
    expect(paused).toBeInstanceOf(Promise);
    await paused;
    expect(thread.pause).toBeUndefined();
    await thread.close();
  });
});
