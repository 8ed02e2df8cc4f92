/** A process that takes a lock, notifies its parent, and holds the lock until it is killed. */
import { withFileLock } from '../../../src/store/sql/file-lock.ts';

await withFileLock(process.argv[2] ?? '', 10_000, async () => {
  process.send?.('held');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
