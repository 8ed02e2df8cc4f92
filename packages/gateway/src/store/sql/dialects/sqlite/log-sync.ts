/**
 * Syncs SQLite's write-ahead log to the disk outside the JavaScript thread (docs/adr/0078). With `synchronous = normal`, a commit only
 * appends to the log, and is lost in a power failure until the log has been synced. SQLite itself still syncs the log before a checkpoint
 * and when it begins again.
 *
 * The log is the same file for as long as a connection is open. SQLite locks other files only, so closing this one releases no lock.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { StoreDownError } from '../../../store-down.ts';

export interface LogSyncOptions {
  /**
   * Called with a message when the disk has refused a sync. What was written before it may be lost, although it can still be read, and
   * the next sync may succeed without having written it: only a new process, which reads the log from the disk, knows what is stored.
   */
  readonly refused: (text: string) => void;
  /** Default: that of `node:fs`. */
  readonly openFile?: OpenFile | undefined;
}

export type OpenFile = (path: string, flags: string) => Promise<Pick<FileHandle, 'datasync' | 'close'>>;

export class LogSync {
  readonly #path: string;
  readonly #file: Pick<FileHandle, 'datasync' | 'close'>;
  readonly #refused: (text: string) => void;

  private constructor(path: string, file: Pick<FileHandle, 'datasync' | 'close'>, refused: (text: string) => void) {
    this.#path = path;
    this.#file = file;
    this.#refused = refused;
  }

  /**
   * @param path The database's path. Its log must exist.
   * @throws Error if the log cannot be opened.
   */
  static async open(path: string, { refused, openFile = open }: LogSyncOptions): Promise<LogSync> {
    const log = `${path}-wal`;
    // Windows syncs only a file that may be written.
    return new LogSync(log, await openFile(log, 'r+'), refused);
  }

  /**
   * Resolves when all that was written to the log before the call is on the disk.
   *
   * @throws StoreDownError if the disk refuses it.
   */
  async sync(): Promise<void> {
    try {
      await this.#file.datasync();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const text = `the disk did not store what was written to ${this.#path}: ${why}`;
      this.#refused(text);
      throw new StoreDownError(text, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
