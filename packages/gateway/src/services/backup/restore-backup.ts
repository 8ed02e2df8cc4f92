/**
 * Restores a backup: first the marks, which are only ever raised, then the key file, then the database. No existing file is overwritten,
 * and each file appears whole or not at all, so an interrupted restore can be run again.
 */
import { chmod, copyFile, link, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../../kernel/error-message.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { CopiedDatabase, DatabaseCopies } from '../../store/database-copy.ts';
import { mergeMarks, type Marks, type MarksFile } from '../../store/marks.ts';
import { syncFolder } from '../../store/sync-folder.ts';
import { pairFaults } from './check-pair.ts';
import { fileExists } from './file-exists.ts';
import { DATABASE_FILE, describeFile, KEY_FILE, MARKS_FILE, readManifest, type FileEntry, type Manifest } from './manifest.ts';

export interface RestoreOptions {
  /** The folder of the backup. */
  readonly source: string;
  readonly keyFile: string;
  readonly marks: MarksFile;
  readonly parseMarks: (text: string) => Marks;
  readonly database:
    | { readonly kind: 'sqlite'; readonly path: string; readonly copies: DatabaseCopies }
    /** Restored before with its own tools. It is read here to check it against the key and the marks. */
    | { readonly kind: 'postgres'; read(): Promise<CopiedDatabase> };
}

/** Call it while no gateway is serving. @throws OperatorError if the backup is not whole, or a file is in its way. */
export async function restoreBackup(options: RestoreOptions): Promise<Manifest> {
  const { source, database } = options;
  const manifest = await readManifest(source);
  if (manifest.database !== database.kind)
    throw new OperatorError(
      `WEBPOS_DATABASE_URL: expected ${manifest.database === 'sqlite' ? 'sqlite:PATH' : 'postgres://...'}, because the backup ${source} is of that database, got another`,
    );
  const keyText = KEY_FILE in manifest.files ? await readFile(join(source, KEY_FILE), 'utf8') : undefined;
  const marks = options.parseMarks(await readFile(join(source, MARKS_FILE), 'utf8'));
  const copied = await (database.kind === 'sqlite' ? database.copies.read(join(source, DATABASE_FILE)) : database.read());
  const faults = pairFaults(copied, keyText, marks);
  if (faults.length > 0) throw new OperatorError(`restore ${source}: nothing was restored, because ${faults.join('; ')}`);

  const isPlaced = database.kind === 'sqlite' && (await isDatabasePlaced(database.path, manifest.files[DATABASE_FILE]));
  await refuseOtherKey(options.keyFile, keyText);
  await options.marks.update((draft) => {
    for (const [wallet, mark] of mergeMarks(draft, marks)) draft.set(wallet, mark);
  });
  if (keyText !== undefined)
    await place(options.keyFile, (draft) => writeFile(draft, keyText, { mode: 0o600, flag: 'wx' }), keyText);
  if (database.kind === 'sqlite') {
    // A leftover of an interrupted restore that had already placed the database.
    if (isPlaced) await rm(draftOf(database.path), { force: true });
    else await place(database.path, (draft) => copyFile(join(source, DATABASE_FILE), draft));
  }
  return manifest;
}

/**
 * Whether the database of the backup is already in place, as after a restore that was interrupted at its end.
 *
 * @throws OperatorError if another database is there, or the log of one, which SQLite would apply to the restored one and corrupt it.
 */
async function isDatabasePlaced(path: string, inBackup: FileEntry | undefined): Promise<boolean> {
  const isThere = await fileExists(path);
  const log = await firstOf([`${path}-wal`, `${path}-shm`, `${path}-journal`]);
  if (isThere && log === undefined && (await describeFile(path)).sha256 === inBackup?.sha256) return true;
  const taken = isThere ? path : log;
  if (taken === undefined) return false;
  throw new OperatorError(
    `restore: ${taken} exists already, and nothing is overwritten: move it away first, with its -wal, -shm and -journal files`,
  );
}

async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await fileExists(path)) return path;
  return undefined;
}

async function refuseOtherKey(path: string, keyText: string | undefined): Promise<void> {
  if (!(await fileExists(path))) return;
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found?.trim() !== keyText?.trim())
    throw new OperatorError(
      `restore: ${path} exists already with another key than the backup, and nothing is overwritten: move it away first`,
    );
}

const draftOf = (path: string): string => `${path}.restoring`;

/** Writes a file without overwriting one. @param same The content with which the file may exist already. */
async function place(path: string, write: (draft: string) => Promise<unknown>, same?: string): Promise<void> {
  const draft = draftOf(path);
  await rm(draft, { force: true });
  try {
    await write(draft);
    await chmod(draft, 0o600);
    await syncFile(draft);
    // Unlike a rename, a link never replaces a file that was created meanwhile.
    await link(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    if (same === undefined || (await readFile(path, 'utf8')).trim() !== same.trim())
      throw new OperatorError(`restore: ${path} was created meanwhile, and nothing is overwritten`, { cause: error });
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(dirname(path));
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
