/**
 * Runs the steps of walks along lists: each takes a few milliseconds, and only one runs per turn of the event loop, for all requests
 * together. So no number of pages deep inside of lists holds up other requests.
 */
import type { PosId } from '../../../kernel/ids.ts';
import { nextTurn } from '../../../kernel/thread/turns.ts';
import type { SqlContext } from '../sql-context.ts';

/** Called before a list passes rows that are not on the page. It may throw, to refuse that. */
export type SpendRows = (rows: number) => void;

export interface StepSizes {
  /** How many rows of an index one step passes. */
  readonly indexRows: number;
  /** How many orders one step reads to apply a filter to them. */
  readonly filtered: number;
  /** The same for orders in the order of their amounts, each of which is read from another part of the disk. */
  readonly filteredByAmount: number;
  /** Up to how many orders are sorted in one step. */
  readonly sorted: number;
}

/** Each takes a few milliseconds. */
const STEP_SIZES: StepSizes = { indexRows: 10_000, filtered: 2_000, filteredByAmount: 500, sorted: 5_000 };

export interface Walking {
  readonly context: Pick<SqlContext, 'db'>;
  readonly sizes: StepSizes;
  /** Waits for the earlier walks of the POS. Call it before marks are read. */
  readonly begin: () => Promise<void>;
  readonly end: () => void;
  /** Runs a step that passes at most so many rows. */
  readonly pass: <T>(rows: number, step: () => Promise<T>) => Promise<T>;
}

/** Call `end` when it is over. */
export function walking(
  context: Pick<SqlContext, 'db' | 'walks'>,
  posId: PosId,
  spend: SpendRows = () => {},
  sizes: StepSizes = STEP_SIZES,
): Walking {
  let begun: Promise<() => void> | undefined;
  const begin = async (): Promise<void> => {
    begun ??= context.walks.begin(posId);
    await begun;
  };
  const end = (): void => void begun?.then((endWalk) => endWalk());
  const pass: Walking['pass'] = async (rows, step) => {
    // The first page of a list does not wait for walks.
    if (rows === 0) return step();
    await begin();
    return context.walks.runStep(async () => {
      spend(rows);
      const result = await step();
      await nextTurn();
      return result;
    });
  };
  return { context, pass, sizes, begin, end };
}
