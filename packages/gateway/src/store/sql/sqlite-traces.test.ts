import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { clearTraces } from './sqlite-traces.ts';

type Database = InstanceType<typeof DatabaseSync>;

async function databaseWithLog(): Promise<{ path: string; database: Database }> {
  const path = join(await temporaryFolder(), 'webpos.db');
  const database = new DatabaseSync(path, { timeout: 0 });
  database.exec('pragma journal_mode = wal; create table notes (note text)');
  return { path, database };
}

/** Reads for a while in a thread, as a backup does, and returns when it has begun. */
async function longRead(path: string, durationMs: number): Promise<Worker> {
  const driver = import.meta.resolve('@photostructure/sqlite');
  const program = `
    const { parentPort, workerData: { driver, path, durationMs } } = require('node:worker_threads');
    import(driver).then(({ DatabaseSync }) => {
      const database = new DatabaseSync(path);
      database.exec('begin; select * from notes');
      database.prepare('select count(*) from notes').get();
      parentPort.postMessage('reading');
      setTimeout(() => database.close(), durationMs);
    });`;
  const worker = new Worker(program, { eval: true, workerData: { driver, path, durationMs } });
  await new Promise((resolve) => worker.once('message', resolve));
  return worker;
}

test('the log is emptied', async () => {
  const { path, database } = await databaseWithLog();
  database.exec(`insert into notes values ('one')`);
  expect(await clearTraces(path, { vacuum: false })).toBe(true);
  database.close();
});

test('while a long read keeps the log in use, others can write', async () => {
  const { path, database } = await databaseWithLog();
  const reader = await longRead(path, 60_000);
  database.exec(`insert into notes values ('one')`);
  const clearing = { isOver: false };
  const cleared = clearTraces(path, { vacuum: false, giveUpAfterMs: 2_000 }).finally(() => {
    clearing.isOver = true;
  });
  let written = 0;
  while (!clearing.isOver) {
    database.exec(`insert into notes values ('two')`);
    written += 1;
    await sleep(20);
  }
  expect(await cleared).toBe(false);
  expect(written).toBeGreaterThan(3);
  await reader.terminate();
  database.close();
}, 120_000);
