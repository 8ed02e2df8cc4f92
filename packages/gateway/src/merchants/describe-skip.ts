import type { SkippedRange, SkipReason } from './account.ts';

const REASONS: Readonly<Record<SkipReason, string>> = {
  paid: 'one of them was paid before an order got it',
  unclean_stop: 'they were reserved when the gateway was killed',
  older_database: 'the database was older than the marks file: they were handed out after it was copied',
  failover: 'the database failed over to a replica, which may have lost orders that had them',
  mark: 'another gateway or database uses the same wallet',
  scan: 'the node knew payments to them when the account was created',
  operator: 'the operator skipped them',
};

/** Describes a skipped range and the reason, for logs and commands. The last index is included. */
export function describeSkip({ from, to, reason }: Pick<SkippedRange, 'from' | 'to' | 'reason'>): string {
  const which = to - from === 1 ? `address ${from} was skipped` : `addresses ${from} to ${to - 1} were skipped`;
  return `${which}: ${REASONS[reason] ?? reason}`;
}
