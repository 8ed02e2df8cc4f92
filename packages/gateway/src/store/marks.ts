/**
 * High-water marks: the index of each wallet below which any address may have been handed out. They are stored outside the database,
 * because a restored database does not know the addresses that were handed out after the backup (docs/adr/0030). A mark is always
 * raised before an index below it is used.
 */
import { OperatorError } from '../kernel/operator-error.ts';
import type { WalletId } from '../wallet/wallet-id.ts';

/** The mark of one wallet. */
export interface WalletMark {
  /** When this was written, every index below had been handed out or skipped. */
  readonly from: number;
  /** Since then, any index from `from` up to, but not including, `mark` may have been handed out. Equal to `from` after a clean stop. */
  readonly mark: number;
  /** The random name of the process that wrote this. */
  readonly by: string;
}

export type Marks = ReadonlyMap<WalletId, WalletMark>;

/** The file that holds the marks. */
export interface MarksFile {
  readonly path: string;
  /**
   * Returns the marks in the file, or undefined if it does not exist.
   *
   * @throws MarksUnreadableError if it cannot be read or does not hold marks.
   */
  read(): Promise<Marks | undefined>;
  /**
   * Reads the current marks, changes them, and resolves when the change is on the disk. Creates a missing file, and writes nothing if
   * nothing changed. Concurrent updates, also by other processes, run one after the other.
   *
   * @param change Changes the draft. If it throws, nothing is changed.
   * @throws MarksUnreadableError if the file cannot be read.
   * @throws MarksNotWrittenError if the file could not be replaced, or may not have been.
   */
  update<T>(change: (draft: Map<WalletId, WalletMark>) => T): Promise<T>;
  /**
   * Checks, without writing, whether the file could be replaced.
   *
   * @throws MarksNotWrittenError if the folder is missing or read-only.
   */
  checkWritable(): Promise<void>;
}

/** The marks cannot be read. No address may be handed out, and the file must not be replaced silently. */
export class MarksUnreadableError extends OperatorError {
  override readonly name = 'MarksUnreadableError';
}

/** The marks cannot be written: the disk is full, the folder is read-only, or another process holds the lock. */
export class MarksNotWrittenError extends OperatorError {
  override readonly name = 'MarksNotWrittenError';
}

/**
 * Merges two sets of marks by taking the higher mark of each wallet.
 *
 * @example mergeMarks(ofBackup, ofMachine) // to restore a backup on a machine that has handed out addresses since
 */
export function mergeMarks(a: Marks, b: Marks): Marks {
  const merged = new Map(a);
  for (const [wallet, mark] of b) merged.set(wallet, higherMark(merged.get(wallet), mark));
  return merged;
}

/** Returns a mark that covers both. */
export function higherMark(a: WalletMark | undefined, b: WalletMark): WalletMark {
  if (a === undefined) return b;
  const higher = b.mark > a.mark ? b : a;
  return { ...higher, from: Math.max(a.from, b.from) };
}
