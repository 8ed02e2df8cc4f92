/**
 * The marks in a file. Every change reads what is there, under a lock among processes, and replaces the file as a whole: written
 * beside it, synced, renamed, and the folder synced. Anyone who copies the file at any moment has one that is whole.
 */
import { errorMessage } from '../../kernel/error-message.ts';
import { access, constants, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { WalletId } from '../../wallet/wallet-id.ts';
import { MarksNotWrittenError, MarksUnreadableError, type Marks, type MarksFile, type WalletMark } from '../marks.ts';
import { withFileLock } from '../sql/file-lock.ts';
import { formatMarks, parseMarks } from './marks-text.ts';
import { syncFolder } from '../sync-folder.ts';

/** A change takes milliseconds: who holds the lock for longer is stuck. */
const LOCK_TIMEOUT_MS = 5_000;

/** A change that waits for its turn; the changes that wait share one write. */
interface Waiting {
  /** Changes the draft; answers how its caller is to be told once the draft is on the disk. */
  readonly apply: (draft: Map<WalletId, WalletMark>) => () => void;
  readonly reject: (error: unknown) => void;
}

/** @param path The file; the lock lies beside it. Neither is touched before the first call. */
export function openMarksFile(path: string): MarksFile {
  let waiting: Waiting[] = [];
  let writing = false;

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const together = waiting;
      waiting = [];
      const settle = await writeTogether(path, together).catch((error: unknown) => () => {
        for (const { reject } of together) reject(error);
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
 * What a file of marks holds; undefined when none exists.
 *
 * @throws MarksUnreadableError when it holds something else, or cannot be read.
 */
export async function readMarks(path: string): Promise<Marks | undefined> {
  try {
    return parseMarks(await readFile(path, 'utf8'));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new MarksUnreadableError(
      `marks file ${path}: ${errorMessage(cause)}. It says which addresses may have been handed out, so nothing is sold without it. ` +
        'Put the file back from a backup. Where none exists, move this one away and start again: then the gateway goes on from ' +
        'its database, and `webpos account skip` skips what may have been handed out since the database was written',
      { cause },
    );
  }
}

/** Answers how all are to be told. */
async function writeTogether(path: string, changes: readonly Waiting[]): Promise<() => void> {
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
    `marks file ${path}: cannot be written: ${errorMessage(cause)}. No order is made until it can; WEBPOS_MARKS_FILE puts it elsewhere`,
    { cause },
  );
}

/** The draft always has the same name, so that a process that dies here leaves one file and not one more each time. */
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
