/** Makes an empty file for its owner alone, whatever the umask, which SQLite would not see to. */
import { open } from 'node:fs/promises';

/** A file that is there stays as it is, and is not even opened: closing it would give up the locks of SQLite in this process. */
export async function makePrivate(path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
