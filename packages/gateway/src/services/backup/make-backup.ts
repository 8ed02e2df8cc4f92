/**
 * Makes a backup: a folder with a snapshot of the database, the key file that decrypts its secrets, and the marks of its wallets. The
 * folder is written under a temporary name, read back, and renamed when it is complete, so that a folder with the final name is always
 * whole. The marks are copied after the database, so that they cover every address that it has handed out.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isoDate, type Clock } from '../../kernel/clock.ts';
import { errorCode, errorMessage } from '../../kernel/error-message.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { VERSION } from '../../kernel/version.ts';
import type { CopiedDatabase, DatabaseCopies } from '../../store/database-copy.ts';
import { mergeMarks, type Marks, type WalletMark } from '../../store/marks.ts';
import { syncFolder } from '../../store/sync-folder.ts';
import type { WalletId } from '../../wallet/wallet-id.ts';
import { pairFaults, walletOf } from './check-pair.ts';
import { fileExists } from './file-exists.ts';
import { lockOf, removeLeftovers, type WhileLocked } from './leftovers.ts';
import { DATABASE_FILE, describeFile, KEY_FILE, MANIFEST_FILE, MARKS_FILE, newManifest, type Manifest } from './manifest.ts';

export interface BackupOptions {
  /** The folder to create. */
  readonly target: string;
  readonly clock: Clock;
  readonly keyFile: string;
  readonly database:
    | { readonly kind: 'sqlite'; readonly copies: DatabaseCopies }
    /** Backed up with its own tools. It is read here to check it against the key and the marks. */
    | { readonly kind: 'postgres'; read(): Promise<CopiedDatabase> };
  /** Reads the present marks. Returns undefined if the file does not exist. */
  readonly readMarks: () => Promise<Marks | undefined>;
  readonly formatMarks: (marks: Marks) => string;
  readonly parseMarks: (text: string) => Marks;
  readonly whileLocked: WhileLocked;
}

export interface MadeBackup extends Manifest {
  /** The drafts of interrupted backups that were removed. */
  readonly removed: readonly string[];
}

/** @throws OperatorError if the target exists, the disk is full, or the files do not belong together. Nothing is left behind then. */
export async function makeBackup(options: BackupOptions): Promise<MadeBackup> {
  const target = resolve(options.target);
  await refuseExisting(target);
  const parent = dirname(target);
  const draft = join(parent, `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    const removed = await removeLeftovers(parent, options.whileLocked);
    const manifest = await options.whileLocked(lockOf(draft), () => fillAndName(draft, target, options));
    if (manifest === undefined) throw new Error(`${lockOf(draft)} is locked by another process`);
    return { ...manifest, removed };
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`backup ${options.target}: ${errorMessage(error)}; nothing was left behind`, { cause: error });
  }
}

async function fillAndName(draft: string, target: string, options: BackupOptions): Promise<Manifest> {
  try {
    await mkdir(draft, { mode: 0o700 });
    await chmod(draft, 0o700);
    const manifest = await fill(draft, options);
    await refuseExisting(target);
    await rename(draft, target);
    await syncFolder(dirname(target));
    return manifest;
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(lockOf(draft), { force: true });
  }
}

async function fill(draft: string, options: BackupOptions): Promise<Manifest> {
  const { database, keyFile, clock } = options;
  const madeAt = isoDate(clock.now());
  if (database.kind === 'sqlite') await database.copies.copyTo(join(draft, DATABASE_FILE));
  const keyText = await readFile(keyFile, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (keyText !== undefined) await writeWhole(join(draft, KEY_FILE), keyText);

  const copied = await (database.kind === 'sqlite' ? database.copies.read(join(draft, DATABASE_FILE)) : database.read());
  const live = (await options.readMarks()) ?? new Map<WalletId, WalletMark>();
  await writeWhole(join(draft, MARKS_FILE), options.formatMarks(mergeMarks(marksOf(copied), live)));

  const marks = options.parseMarks(await readFile(join(draft, MARKS_FILE), 'utf8'));
  const faults = pairFaults(copied, keyText, marks);
  if (faults.length > 0) throw new OperatorError(`backup ${options.target}: not made, because ${faults.join('; ')}`);

  const names = [
    ...(database.kind === 'sqlite' ? [DATABASE_FILE] : []),
    ...(keyText === undefined ? [] : [KEY_FILE]),
    MARKS_FILE,
  ];
  const manifest = newManifest({
    made_at: madeAt,
    version: VERSION,
    database: database.kind,
    rows: copied.rows,
    accounts: copied.accounts.map(({ id, name, nextIndex }) => ({ uuid: id, name, next_index: nextIndex })),
    files: Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await describeFile(join(draft, name))] as const)),
    ),
  });
  await writeWhole(join(draft, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  await syncFolder(draft);
  return manifest;
}

/** Returns the marks that follow from the database alone. */
function marksOf({ accounts }: CopiedDatabase): Marks {
  return new Map(
    accounts.map((account) => [walletOf(account), { from: account.nextIndex, mark: account.nextIndex, by: '0'.repeat(16) }]),
  );
}

async function refuseExisting(target: string): Promise<void> {
  if (await fileExists(target))
    throw new OperatorError(`backup: ${target} exists already, and nothing is overwritten: name a folder that does not exist`);
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flag: 'wx', flush: true });
  await chmod(path, 0o600);
}
