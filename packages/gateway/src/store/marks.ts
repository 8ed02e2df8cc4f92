/**
 * How far each wallet's addresses may have been handed out, remembered outside the database: a restored database forgets what was
 * handed out after it was copied, the marks do not (docs/adr/0030). A mark moves before an index below it is used, never after.
 */
import { OperatorError } from '../kernel/operator-error.ts';
import type { WalletId } from '../wallet/wallet-id.ts';

/** What is remembered of one wallet. */
export interface WalletMark {
  /** Every index below was handed out, or given up, when this was written. */
  readonly from: number;
  /** From `from` up to here, exclusive, an index may have been handed out since. Equal to `from` after a clean stop. */
  readonly mark: number;
  /** Who wrote this last: a random name that each process gives itself. */
  readonly by: string;
}

export type Marks = ReadonlyMap<WalletId, WalletMark>;

/** The file that holds the marks. */
export interface MarksFile {
  readonly path: string;
  /**
   * What the file holds; undefined when none exists.
   *
   * @throws MarksUnreadableError when it holds something else, or cannot be read.
   */
  read(): Promise<Marks | undefined>;
  /**
   * Changes the marks as they are now, whichever process wrote them last, and settles when the change is on the disk. Makes the
   * file where it is missing. A change that changes nothing writes nothing.
   *
   * @param change May throw, to change nothing.
   * @throws MarksUnreadableError; MarksNotWrittenError when the file is as it was before, or may be.
   */
  update<T>(change: (draft: Map<WalletId, WalletMark>) => T): Promise<T>;
  /**
   * Looks, without writing anything, whether the file may be replaced.
   *
   * @throws MarksNotWrittenError when the folder is missing or read-only.
   */
  checkWritable(): Promise<void>;
}

/** The marks cannot be known. Nothing may be sold then, and nothing may replace the file silently. */
export class MarksUnreadableError extends OperatorError {
  override readonly name = 'MarksUnreadableError';
}

/** The marks cannot be moved now: a full disk, a read-only folder, another process that holds the lock. */
export class MarksNotWrittenError extends OperatorError {
  override readonly name = 'MarksNotWrittenError';
}

/**
 * Marks that promise all that both promise: each wallet's highest.
 *
 * @example mergeMarks(ofBackup, ofMachine) // to restore a backup on a machine that has sold since
 */
export function mergeMarks(a: Marks, b: Marks): Marks {
  const merged = new Map(a);
  for (const [wallet, mark] of b) merged.set(wallet, higherMark(merged.get(wallet), mark));
  return merged;
}

/** The mark that promises what both promise. */
export function higherMark(a: WalletMark | undefined, b: WalletMark): WalletMark {
  if (a === undefined) return b;
  const higher = b.mark > a.mark ? b : a;
  return { ...higher, from: Math.max(a.from, b.from) };
}
