import { readFileSync } from 'node:fs';

const SCHEDSTAT = '/proc/thread-self/schedstat';
const hasSchedstat = canRead(SCHEDSTAT);

/**
 * Returns the processor time of this thread, in milliseconds, which Linux has in `schedstat`. Where that is missing, it is the processor
 * time of the process, which includes other threads, such as those of the garbage collector.
 */
export function threadCpuMs(): number {
  if (hasSchedstat) return Number(readFileSync(SCHEDSTAT, 'latin1').split(' ', 1)[0]) / 1e6;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function canRead(file: string): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}
