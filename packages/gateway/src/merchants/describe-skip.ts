import type { SkippedRange, SkipReason } from './account.ts';

const REASONS: Readonly<Record<SkipReason, string>> = {
  paid: 'one of them was paid before an order had it',
  unclean_stop: 'they were set aside when the gateway was killed',
  older_database: 'the database was older than the marks file: they were handed out since',
  mark: 'another gateway or database uses the same wallet',
  scan: 'the node knew payments to them when the account was created',
  operator: 'the operator asked for it',
};

/** A range of skipped indexes and why, in words; the last one included. */
export function describeSkip({ from, to, reason }: Pick<SkippedRange, 'from' | 'to' | 'reason'>): string {
  const which = to - from === 1 ? `address ${from} was skipped` : `addresses ${from} to ${to - 1} were skipped`;
  return `${which}: ${REASONS[reason] ?? reason}`;
}
