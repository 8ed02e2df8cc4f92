/** The options by which a POS is told how the pages of its orders look. */
import type { PosLook } from '../orders/pos.ts';
import { parseSupport } from '../orders/support.ts';
import type { Options } from './options.ts';
import { UsageError } from './usage-error.ts';

export const LOOK_OPTIONS = ['support'] as const;

/** What their help says. */
export const LOOK_MORE = `--support WHOM    whom a buyer asks: an e-mail address, a telephone number or an https URL`;

/** @returns only what was given; `none` takes it away. @throws UsageError naming the option. */
export function readLook(options: Options): Partial<PosLook> {
  const support = options.optional('support');
  return support === undefined ? {} : { support: support === 'none' ? null : readSupport(support) };
}

/** As `--json` shows it. */
export function lookJson(look: PosLook): Readonly<Record<string, unknown>> {
  return { support: look.support };
}

function readSupport(text: string): string {
  try {
    return parseSupport(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--support: ${error.message}`);
    throw error;
  }
}
