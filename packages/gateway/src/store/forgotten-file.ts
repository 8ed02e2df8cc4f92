/**
 * Records which orders were forgotten, beside the marks file and outside the database: a backup from before still has what was erased,
 * and restoring it must erase it again. The file has only ids and times. A line is written before its order is erased.
 */
import { open, readFile } from 'node:fs/promises';
import { errorCode } from '../kernel/error-message.ts';
import { isUuidV4, type OrderId } from '../kernel/ids.ts';

export interface ForgottenEntry {
  readonly id: OrderId;
  /** The names of the parameters of its callback URL that were erased. */
  readonly parameters: readonly string[];
}

export interface ForgottenFile {
  readonly path: string;
  read(): Promise<ForgottenEntry[]>;
  /** Adds an order, and resolves when it is on the disk. */
  add(entry: ForgottenEntry, at: string): Promise<void>;
}

export function forgottenFile(marksFile: string): ForgottenFile {
  const path = `${marksFile}.forgotten`;
  return {
    path,
    read: async () => {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return '';
        throw error;
      });
      return text.split('\n').flatMap(entryOf);
    },
    add: async ({ id, parameters }, at) => {
      const file = await open(path, 'a', 0o600);
      try {
        // Begins with a line break, in case the last line was cut off.
        await file.writeFile(`\n${[id, at, ...parameters.map(encodeURIComponent)].join(' ')}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

/** Skips a line that was cut off: its order was not erased yet. */
function entryOf(line: string): ForgottenEntry[] {
  const [id = '', at, ...parameters] = line.split(' ');
  if (!isUuidV4(id) || at === undefined) return [];
  return [{ id: id as OrderId, parameters: parameters.flatMap(decoded) }];
}

function decoded(parameter: string): string[] {
  try {
    return [decodeURIComponent(parameter)];
  } catch {
    // Cut off within a character.
    return [];
  }
}
