/**
 * The marker of a machine on which rows were sealed, a file beside the marks file and outside the database. While it exists, a row
 * without a seal is never sealed by itself: an attacker who can write to the database cannot bring back the time before there were seals.
 */
import { access, constants, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { epochMs, isoDate, type EpochMs } from '../kernel/clock.ts';
import { errorCode } from '../kernel/error-message.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { syncFolder } from './sync-folder.ts';

export interface SealMarker {
  readonly path: string;
  /** Returns since when rows have been sealed on this machine; undefined if they never were. @throws OperatorError if it is unreadable. */
  read(): Promise<EpochMs | undefined>;
  /** Creates the file, and resolves when it is on the disk. An existing one is left unchanged. */
  create(since: EpochMs): Promise<void>;
  /** @throws the system's error if the file cannot be created where it belongs. */
  checkWritable(): Promise<void>;
}

export function sealMarker(marksFile: string): SealMarker {
  const path = `${marksFile}.sealed`;
  return {
    path,
    read: async () => {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const since = Date.parse(text.trim());
      if (Number.isNaN(since)) throw new OperatorError(`${path}: expected a time in ISO 8601, got something else`);
      return epochMs(since);
    },
    checkWritable: () => access(dirname(path), constants.W_OK | constants.X_OK),
    create: async (since) => {
      const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
        if (errorCode(error) === 'EEXIST') return undefined;
        throw error;
      });
      if (file === undefined) return;
      try {
        await file.writeFile(`${isoDate(since)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await syncFolder(dirname(path));
    },
  };
}
