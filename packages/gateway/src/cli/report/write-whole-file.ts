/** Writes a file under a temporary name beside it, and renames it when it is complete, so that a file with the final name is always whole. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { OperatorError } from '../../kernel/operator-error.ts';

export async function writeWholeFile(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.part`;
  // Only its owner may read what the shop has earned.
  const file = await open(draft, 'wx', 0o600).catch((error: unknown) => {
    throw unwritable(error);
  });
  let bytes = 0;
  try {
    try {
      for await (const chunk of chunks) {
        for (let written = 0; written < chunk.length;) written += (await file.write(chunk, written)).bytesWritten;
        bytes += chunk.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error instanceof Error && 'syscall' in error ? unwritable(error) : error;
  }
  return bytes;
}

function unwritable(error: unknown): OperatorError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an error';
  return new OperatorError(`--out: expected the path of a file that can be written, got one that cannot (${code})`, {
    cause: error,
  });
}
