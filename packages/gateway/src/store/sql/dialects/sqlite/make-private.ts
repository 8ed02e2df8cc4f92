/** Creates files that only their owner can read, whatever the umask. SQLite itself would follow the umask. */
import { open } from 'node:fs/promises';

/** Creates an empty file. An existing file is not even opened, because closing it would release SQLite's locks in this process. */
export async function makePrivate(path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
