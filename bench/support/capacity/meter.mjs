/** Measures what a gateway spends on a piece of work: processor time and bytes written. */
import process from 'node:process';
import { bytesWrittenBy, cpuMsOf } from '../gateway-process.mjs';

/**
 * Measures a piece of work.
 *
 * On SQLite, the log is written into the database before and after, and what that writes counts: the gateway would do it later. On
 * PostgreSQL, the processes that serve the gateway count too. They write the log; the server's checkpoints write the tables later, for all
 * databases at once, and are not counted.
 *
 * @param work returns how many things it did.
 * @returns the processor time in microseconds and the bytes written, for each of them.
 */
export async function metered({ gateway, database }, work) {
  await checkpoint(database);
  const before = await spent(gateway, database);
  const count = await work();
  const beforeCheckpoint = await spent(gateway, database);
  await checkpoint(database);
  const after = await spent(gateway, database);
  return {
    count,
    cpuUs: ((beforeCheckpoint.cpuMs - before.cpuMs) * 1000) / count,
    serverCpuUs: ((beforeCheckpoint.serverCpuMs - before.serverCpuMs) * 1000) / count,
    // The checkpoint is made by this process.
    written: (after.written - before.written + (database.kind === 'sqlite' ? after.own - beforeCheckpoint.own : 0)) / count,
  };
}

async function checkpoint(database) {
  if (database.kind === 'sqlite') await database.exec('pragma wal_checkpoint(truncate)');
}

async function spent(gateway, database) {
  const servers = database.kind === 'sqlite' ? [] : await serversOf(database);
  return {
    cpuMs: cpuMsOf(gateway.pid),
    serverCpuMs: servers.reduce((total, pid) => total + cpuMsOf(pid), 0),
    written: [gateway.pid, ...servers].reduce((total, pid) => total + bytesWrittenBy(pid), 0),
    own: bytesWrittenBy(process.pid),
  };
}

async function serversOf(database) {
  const rows = await database.all(
    `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  return rows.map(({ pid }) => pid);
}
