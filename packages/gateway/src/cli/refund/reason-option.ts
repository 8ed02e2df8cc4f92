import type { OptionHelp } from '@webpos/listen/help';
import { UsageError } from '../support/usage-error.ts';

const MAX_CHARACTERS = 300;

export const REASON_OPTION: OptionHelp = {
  value: 'TEXT',
  text: 'reason, for the record',
  allowed: `up to ${MAX_CHARACTERS} characters in one line`,
  default: 'none',
};

export function readReason(text = ''): string {
  const reason = text.trim();
  if ([...reason].length <= MAX_CHARACTERS && !/\p{Cc}/u.test(reason)) return reason;
  throw new UsageError(`--reason: expected at most ${MAX_CHARACTERS} characters in one line, got something else`);
}
