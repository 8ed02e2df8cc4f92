/**
 * Stores the marks in a file. Every change reads the file under a lock between processes and replaces it atomically: it writes a new
 * file beside it, syncs that, renames it, and syncs the folder. A copy of the file is therefore complete at any moment.
 */
import { errorMessage } from '../../kernel/error-message.ts';
import { access, constants, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { WalletId } from '../../wallet/wallet-id.ts';
import { MarksNotWrittenError, MarksUnreadableError, type Marks, type MarksFile, type WalletMark } from '../marks.ts';
import { withFileLock } from '../sql/file-lock.ts';
import { formatMarks, parseMarks } from './marks-text.ts';
import { syncFolder } from '../sync-folder.ts';

/** A change takes milliseconds; a process that holds the lock for this long is stuck. */
const LOCK_TIMEOUT_MS = 5_000;

/** A change that waits to be written. Waiting changes share one write. */
interface Waiting {
  /** Changes the draft, and returns a function that settles the caller's promise once the draft is on the disk. */
  readonly apply: (draft: Map<WalletId, WalletMark>) => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens a marks file. Nothing is read or written before the first call.
 *
 * @param path The file. The lock file is beside it.
 */
export function openMarksFile(path: string): MarksFile {
  let waiting: Waiting[] = [];
  let writing = false;

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const settle = await writeBatch(path, batch).catch((error: unknown) => () => {
        for (const { reject } of batch) reject(error);
      });
      settle();
    }
    writing = false;
  }

  return {
    path,
    read: () => readMarks(path),
    checkWritable: async () => {
      try {
        await access(dirname(path), constants.W_OK | constants.X_OK);
      } catch (cause) {
        throw notWritten(path, cause);
      }
    },
    update: (change) =>
      new Promise((resolve, reject) => {
        const apply: Waiting['apply'] = (draft) => {
          const result = change(draft);
          return () => resolve(result);
        };
        waiting.push({ apply, reject });
        if (!writing) void writeAll();
      }),
  };
}

/**
 * Returns the marks in a file, or undefined if it does not exist.
 *
 * @throws MarksUnreadableError if it cannot be read or does not hold marks.
 */
export async function readMarks(path: string): Promise<Marks | undefined> {
  try {
    return parseMarks(await readFile(path, 'utf8'));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new MarksUnreadableError(
      `marks file ${path}: ${errorMessage(cause)}. It records which addresses may have been handed out, so no order is created without it. ` +
        'Restore the file from a backup. If you have none, move this file away and start again: the gateway then continues from ' +
        'its database, and `webpos account skip` skips the addresses that may have been handed out since the database was written',
      { cause },
    );
  }
}

/** Writes a batch of changes, and returns a function that settles them. */
async function writeBatch(path: string, changes: readonly Waiting[]): Promise<() => void> {
  try {
    return await withFileLock(`${path}.lock`, LOCK_TIMEOUT_MS, async () => {
      const before = await readMarks(path);
      let draft = new Map(before);
      const settlers: (() => void)[] = [];
      for (const { apply, reject } of changes) {
        const changed = new Map(draft);
        try {
          settlers.push(apply(changed));
          draft = changed;
        } catch (error) {
          settlers.push(() => reject(error));
        }
      }
      const text = formatMarks(draft);
      if (before === undefined || text !== formatMarks(before)) await replaceFile(path, text);
      return () => {
        for (const settle of settlers) settle();
      };
    });
  } catch (cause) {
    if (cause instanceof MarksUnreadableError) throw cause;
    throw notWritten(path, cause);
  }
}

function notWritten(path: string, cause: unknown): MarksNotWrittenError {
  return new MarksNotWrittenError(
    `marks file ${path}: cannot be written: ${errorMessage(cause)}. No order is created until it can; WEBPOS_MARKS_FILE sets another path`,
    { cause },
  );
}

/** Replaces a file atomically. The draft always has the same name, so processes that die here leave at most one file behind. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
