import { parseName } from '../../merchants/name.ts';
import type { Options } from './options.ts';
import { UsageError } from './usage-error.ts';

/** @throws UsageError when there is no name, or pages cannot show it. */
export function readName(options: Options): string {
  try {
    return parseName(options.required('name'));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--name: ${error.message}`);
    throw error;
  }
}
