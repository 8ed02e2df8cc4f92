import { parseName } from '../../merchants/name.ts';
import type { Options } from './options.ts';
import { UsageError } from './usage-error.ts';

/** Reads `--name`. @throws UsageError when it is missing, or when pages could not display it. */
export function readName(options: Options<'name'>): string {
  try {
    return parseName(options.required('name'));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--name: ${error.message}`);
    throw error;
  }
}
