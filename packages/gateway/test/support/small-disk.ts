/**
 * Full disks: a small file system if this process may mount one, and a limit on the size of files for any process. SQLite sees the limit
 * as a failing disk rather than a full one.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SmallDisk {
  readonly folder: string;
  /** @param pid The process whose writes fail from now on. */
  fill(pid: number): Promise<void>;
  makeRoom(pid: number): Promise<void>;
  remove(): Promise<void>;
}

export const DISKS: Readonly<Record<string, () => Promise<SmallDisk>>> = {
  ...((await mayMount()) ? { 'a full file system': smallFileSystem } : {}),
  'files that cannot grow': limitedFiles,
};

/** Whether this process may mount file systems. */
export const MAY_MOUNT: boolean = 'a full file system' in DISKS;

export interface ReadOnlyDisk extends AsyncDisposable {
  readonly folder: string;
}

/** Creates a file system that is read-only once `fill` has written its contents. */
export async function readOnlyDisk(fill: (folder: string) => Promise<void>): Promise<ReadOnlyDisk> {
  const disk = await smallFileSystem();
  await fill(disk.folder);
  await run('mount', ['-o', 'remount,ro', disk.folder]);
  return { folder: disk.folder, [Symbol.asyncDispose]: () => disk.remove() };
}

async function mayMount(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-mount-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
    await run('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function smallFileSystem(): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-small-'));
  await run('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', folder]);
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: async () => {
      const file = await open(ballast, 'a');
      try {
        for (let bytes = 1024 * 1024; bytes >= 1024;) {
          try {
            const { bytesWritten } = await file.write(Buffer.alloc(bytes));
            if (bytesWritten < bytes) bytes /= 2;
          } catch {
            bytes /= 2;
          }
        }
      } finally {
        await file.close();
      }
    },
    makeRoom: async () => rm(ballast, { force: true }),
    remove: async () => {
      // Lazily, because a process that has just ended may still be closing its files.
      await run('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function limitedFiles(): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-limited-'));
  return {
    folder,
    fill: async (pid) => {
      const { size } = await stat(join(folder, 'webpos.db-wal'));
      await run('prlimit', ['--pid', String(pid), `--fsize=${size + 1}:`]);
    },
    makeRoom: async (pid) => void (await run('prlimit', ['--pid', String(pid), '--fsize=unlimited:'])),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
