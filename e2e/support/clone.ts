/** A fresh clone of this repository, as far as `npm ci` goes: the files of the working tree, and the packages that are installed here. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './started.ts';

export interface Clone extends AsyncDisposable {
  readonly folder: string;
}

export async function makeClone(): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-clone-'));
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    maxBuffer: 2 ** 26,
  });
  for (const file of stdout.split('\0').filter((name) => name !== '' && !name.startsWith('docs/screenshots/'))) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    // A file that was deleted and not committed yet is not there.
    await copyFile(join(ROOT, file), join(folder, file)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
