import { UsageError } from './usage-error.ts';

/** Parses the value of an option. @throws UsageError that names the option, for the RangeError of a parser. */
export function namingOption<T>(option: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--${option}: ${error.message}`);
    throw error;
  }
}
