/** The manifest of a backup, `backup.json`: lists its content, so that a restore can check that it is whole. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { errorCode } from '../../kernel/error-message.ts';
import { OperatorError } from '../../kernel/operator-error.ts';

export const MANIFEST_FILE = 'backup.json';
export const DATABASE_FILE = 'webpos.db';
export const KEY_FILE = 'webpos.key';
export const MARKS_FILE = 'webpos.marks';

/** Grows when older versions can no longer read a backup. */
const FORMAT = 1;

export interface Manifest {
  readonly format: typeof FORMAT;
  /** ISO 8601. */
  readonly made_at: string;
  /** The version that made it. */
  readonly version: string;
  readonly database: 'sqlite' | 'postgres';
  /** The number of rows of each table; empty if the database is backed up with its own tools. */
  readonly rows: Readonly<Record<string, number>>;
  readonly accounts: readonly { readonly uuid: string; readonly name: string; readonly next_index: number }[];
  readonly files: Readonly<Record<string, FileEntry>>;
}

export interface FileEntry {
  readonly bytes: number;
  readonly sha256: string;
}

export async function describeFile(path: string): Promise<FileEntry> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

export function newManifest(content: Omit<Manifest, 'format'>): Manifest {
  return { format: FORMAT, ...content };
}

/**
 * Reads the manifest of a backup, and checks that no file has changed since.
 *
 * @throws OperatorError that names what is missing or different.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const manifest = parse(folder, await readText(folder));
  for (const [name, expected] of Object.entries(manifest.files)) {
    const found = await describeFile(join(folder, name)).catch(() => undefined);
    if (found === undefined) throw new OperatorError(`${folder}: ${name} is missing or cannot be read`);
    if (found.sha256 !== expected.sha256)
      throw new OperatorError(
        `${folder}: ${name} has changed since the backup was made: expected ${expected.bytes} bytes, found ${found.bytes}, and the SHA-256 differs`,
      );
  }
  return manifest;
}

async function readText(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, MANIFEST_FILE), 'utf8');
  } catch (cause) {
    const reason = errorCode(cause) === 'ENOENT' ? `it has no ${MANIFEST_FILE}` : String(cause);
    throw new OperatorError(`${folder}: expected a folder made by webpos backup; ${reason}`, { cause });
  }
}

function parse(folder: string, text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new OperatorError(`${folder}: ${MANIFEST_FILE} is not valid JSON: truncated or changed`);
  }
  const { format, files, database, version } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Manifest>;
  if (typeof format === 'number' && format > FORMAT)
    throw new OperatorError(
      `${folder}: made by WebPOS ${String(version)} in a format that this version does not know: use that version or a later one`,
    );
  const isKnown = database === 'sqlite' || database === 'postgres';
  if (format !== FORMAT || !isKnown || typeof files !== 'object' || files === null || !(KEY_FILE in files || MARKS_FILE in files))
    throw new OperatorError(`${folder}: ${MANIFEST_FILE} is not a backup manifest`);
  if (Object.keys(files).some((name) => ![DATABASE_FILE, KEY_FILE, MARKS_FILE].includes(name)))
    throw new OperatorError(`${folder}: ${MANIFEST_FILE} lists files that a backup does not have`);
  return value as Manifest;
}
