/** An option of lists: with it, `--json` also says where the next page begins. Without it, it prints only a list, as it always has. */
import type { Options } from './options.ts';
import { UsageError } from './usage-error.ts';

export const CURSORS_OPTION = { text: 'with --json, print an object that also says where the next page begins' } as const;

/** @throws UsageError without `--json`. */
export function readCursors(options: Options<'cursors'>): boolean {
  const isWanted = options.flag('cursors');
  if (isWanted && !options.json) throw new UsageError('--cursors: expected --json beside it');
  return isWanted;
}
