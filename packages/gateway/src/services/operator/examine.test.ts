import { expect, test } from 'vitest';
import { examine, type Examined } from './examine.ts';
import type { Finding } from './finding.ts';

test('a node that hangs is a problem of its own, and does not affect later examinations', async () => {
  const source = {
    check: (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    mempool: async (signal: AbortSignal) => {
      signal.throwIfAborted();
      return new Set(['a transaction']);
    },
  };
  const findings: Finding[] = [];
  // The other examinations fail here, because their parts are missing.
  const examined = { source, signal: AbortSignal.timeout(20_000) } as unknown as Examined;
  for await (const finding of examine(examined, 100)) findings.push(finding);
  expect(findings).toContainEqual({ what: 'chain', level: 'problem', says: 'no answer within 0.1 s' });
  expect(findings).toContainEqual({ what: 'mempool', level: 'ok', says: '1 transactions' });
});

test.each([
  [300_000_000, 'ok', '300 MB left for the database'],
  [100_000_000, 'warning', '100 MB left for the database: without free space, no order is created and no payment is recorded'],
  [1_000_000, 'problem', '1 MB left for the database: without free space, no order is created and no payment is recorded'],
])('free space of %i bytes is a finding of level %s', async (freeBytes, level, says) => {
  const examined = { databaseFreeBytes: async () => freeBytes, signal: AbortSignal.timeout(20_000) } as unknown as Examined;
  const findings: Finding[] = [];
  for await (const finding of examine(examined)) findings.push(finding);
  expect(findings).toContainEqual({ what: 'free space', level, says });
});
