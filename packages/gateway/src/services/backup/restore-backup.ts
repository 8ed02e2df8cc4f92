/**
 * Puts a backup in its place: the marks first, which only ever rise, then the key file, then the database. Nothing that is there is
 * overwritten, and each file appears whole or not at all; interrupted, it is simply run again.
 */
import { chmod, copyFile, link, lstat, open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { CopiedDatabase, DatabaseCopies } from '../../store/database-copy.ts';
import { mergeMarks, type Marks, type MarksFile } from '../../store/marks.ts';
import { pairFaults } from './check-pair.ts';
import { DATABASE_FILE, describeFile, KEY_FILE, MARKS_FILE, readManifest, type FileEntry, type Manifest } from './manifest.ts';

export interface RestoreOptions {
  /** The folder of the backup. */
  readonly source: string;
  readonly keyFile: string;
  readonly marks: MarksFile;
  readonly parseMarks: (text: string) => Marks;
  readonly database:
    | { readonly kind: 'sqlite'; readonly path: string; readonly copies: DatabaseCopies }
    /** Put in place by its own tools before; read here to be checked with the key and the marks. */
    | { readonly kind: 'postgres'; read(): Promise<CopiedDatabase> };
}

/** To be called while no gateway serves. @throws OperatorError when the backup is not whole, or its place is taken. */
export async function restoreBackup(options: RestoreOptions): Promise<Manifest> {
  const { source, database } = options;
  const manifest = await readManifest(source);
  if (manifest.database !== database.kind)
    throw new OperatorError(
      `WEBPOS_DATABASE_URL: expected ${manifest.database === 'sqlite' ? 'sqlite:PATH' : 'postgres://...'}, since the backup ${source} is of that database, got another`,
    );
  const keyText = KEY_FILE in manifest.files ? await readFile(join(source, KEY_FILE), 'utf8') : undefined;
  const marks = options.parseMarks(await readFile(join(source, MARKS_FILE), 'utf8'));
  const copied = await (database.kind === 'sqlite' ? database.copies.read(join(source, DATABASE_FILE)) : database.read());
  const faults = pairFaults(copied, keyText, marks);
  if (faults.length > 0) throw new OperatorError(`restore ${source}: nothing was restored, since ${faults.join('; ')}`);

  const isPlaced = database.kind === 'sqlite' && (await isDatabasePlaced(database.path, manifest.files[DATABASE_FILE]));
  await refuseOtherKey(options.keyFile, keyText);
  await options.marks.update((draft) => {
    for (const [wallet, mark] of mergeMarks(draft, marks)) draft.set(wallet, mark);
  });
  if (keyText !== undefined)
    await place(options.keyFile, (draft) => writeFile(draft, keyText, { mode: 0o600, flag: 'wx' }), keyText);
  if (database.kind === 'sqlite') {
    // What an interrupted restore has left beside the database that it had put in place already.
    if (isPlaced) await rm(draftOf(database.path), { force: true });
    else await place(database.path, (draft) => copyFile(join(source, DATABASE_FILE), draft));
  }
  return manifest;
}

/**
 * Whether the very file of the backup is there, as after a restore that was interrupted at its end.
 *
 * @throws OperatorError where another one is, or a log: left beside a database, it would be taken for the restored one's, and spoil it.
 */
async function isDatabasePlaced(path: string, inBackup: FileEntry | undefined): Promise<boolean> {
  const isThere = await exists(path);
  const log = await firstOf([`${path}-wal`, `${path}-shm`, `${path}-journal`]);
  if (isThere && log === undefined && (await describeFile(path)).sha256 === inBackup?.sha256) return true;
  const taken = isThere ? path : log;
  if (taken === undefined) return false;
  throw new OperatorError(
    `restore: ${taken} exists already, and nothing is overwritten: move it away first, with all that lies beside it`,
  );
}

async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
  return undefined;
}

async function refuseOtherKey(path: string, keyText: string | undefined): Promise<void> {
  if (!(await exists(path))) return;
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found?.trim() !== keyText?.trim())
    throw new OperatorError(
      `restore: ${path} exists already and holds another key than the backup, and nothing is overwritten: move it away first`,
    );
}

const draftOf = (path: string): string => `${path}.restoring`;

/** @param same What may be there already. */
async function place(path: string, write: (draft: string) => Promise<unknown>, same?: string): Promise<void> {
  const draft = draftOf(path);
  await rm(draft, { force: true });
  try {
    await write(draft);
    await chmod(draft, 0o600);
    await sync(draft);
    // A link, unlike a renaming, never takes the place of a file that has come meanwhile.
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if (same === undefined || (await readFile(path, 'utf8')).trim() !== same.trim())
      throw new OperatorError(`restore: ${path} has come about meanwhile, and nothing is overwritten`, { cause: error });
  } finally {
    await rm(draft, { force: true });
  }
  if (process.platform !== 'win32') await sync(dirname(path));
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'ENOENT'),
  );
}
