/** Syncs a folder to the disk, so that a rename or a new file in it survives a power failure. */
import { open } from 'node:fs/promises';

export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; there a rename is on the disk when it returns.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
